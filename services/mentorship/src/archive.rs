//! What mentorship keeps of the caller, as a copy to take along.

use crate::{State, api::NAME, challenges, experiments, mentees, pairs, work::export};
use actix_web::{get, web::Data};
use serde::Serialize;
use serde_json::{Map, Value, json};
use shared_database::archive::{self, Part};
use shared_projections::archive as known;
use shared_types::{
    PersonId, Problem,
    archive::{Archive, ArchivePart},
};
use shared_web::{Context, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// What is about a person, whose id is `$1`.
pub const PARTS: [Part; 10] = [
    Part {
        name: "mentors",
        table: "mentors",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "mentees",
        table: "mentees",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "conflicts",
        table: "conflicts",
        own: "one_id = $1 OR other_id = $1",
        without: &["one_id", "other_id"],
    },
    Part {
        name: "pairs",
        table: "pairs",
        own: "mentor_person_id = $1 OR mentee_person_id = $1",
        without: &[],
    },
    Part {
        name: "pulses",
        table: "pulses",
        own: "person_id = $1",
        without: &[],
    },
    known::PEOPLE,
    known::PARTICIPATIONS,
    known::OFFICES,
    known::HISTORY,
    known::REASONS,
];

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_mentorship_archive);
}

/// Take a copy of what mentorship keeps of oneself
///
/// For the person alone (GDPR, articles 15 and 20), with what the person
/// and the other of a pair wrote. Each service has its own; the links lead to the others.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = Archive)))]
#[get("/archive")]
async fn get_mentorship_archive(state: Data<State>, context: Context) -> Outcome {
    let person = shared_web::archive::owner(&context)?;
    let mut parts = archive::read(&state.database, &PARTS, person).await?;
    parts.extend(written(&state, &context, person).await?);
    shared_web::archive::answer(&context, NAME, person, parts)
}

/// What is sealed, opened for who wrote it: challenges, experiments, and what pairs have written.
async fn written(
    state: &State,
    context: &Context,
    person: PersonId,
) -> Result<Vec<ArchivePart>, Problem> {
    let connection = state.database.read();
    let [mut challenges, mut experiments, mut pairs] = [Vec::new(), Vec::new(), Vec::new()];
    for mentee in mentees::store::of_anybody(connection, person).await? {
        if let Some((_, body)) = challenges::store::find(state, connection, mentee.id).await? {
            challenges.push(item(&body));
        }
        for body in experiments::store::all_of(state, connection, mentee.id).await? {
            experiments.push(item(&body));
        }
    }
    for pair in pairs::store::of_person(connection, person.uuid()).await? {
        // What was erased with a pair's end is nobody's any more.
        if let Ok(copy) = export::copy(state, context, pair.id.into()).await {
            pairs.push(item(&copy));
        }
    }
    let part = |name: &str, items| ArchivePart {
        name: name.to_owned(),
        items,
        cut: false,
    };
    Ok(vec![
        part("challenges", challenges),
        part("experiments", experiments),
        part("pairsWriting", pairs),
    ])
}

fn item(thing: &impl Serialize) -> Map<String, Value> {
    match json!(thing) {
        Value::Object(item) => item,
        _ => Map::new(),
    }
}
