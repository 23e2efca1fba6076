//! What evaluation keeps of the caller, as a copy to take along.

use crate::{
    State,
    api::NAME,
    feedbacks::{self, reports},
    interviews,
};
use actix_web::{get, web::Data};
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
pub const PARTS: [Part; 17] = [
    Part {
        name: "feedbacks",
        table: "feedbacks",
        own: "person_id = $1",
        without: &["key_id", "wrapped_key"],
    },
    Part {
        name: "surveyInvitations",
        table: "survey_invitations",
        own: "person_id = $1",
        without: &["link_id"],
    },
    Part {
        name: "completions",
        table: "completions",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "credits",
        table: "credits",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "certificates",
        table: "certificates",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "interviews",
        table: "interviewees",
        own: "person_id = $1",
        without: &[],
    },
    known::PEOPLE,
    Part {
        name: "ratings",
        table: "raters",
        own: "person_id = $1",
        without: &["contact", "address_code"],
    },
    Part {
        name: "feedbackReaders",
        table: "feedback_releases",
        own: "person_id = $1 OR feedback_id IN (SELECT id FROM feedbacks WHERE person_id = $1)",
        without: &["link_id"],
    },
    Part {
        name: "tasks",
        table: "completion_tasks",
        own: "application_id IN (SELECT id FROM known_participations WHERE person_id = $1)",
        without: &[],
    },
    Part {
        name: "attendance",
        table: "told_attendance",
        own: "id IN (SELECT id FROM known_participations WHERE person_id = $1)",
        without: &[],
    },
    Part {
        name: "pairs",
        table: "told_pairs",
        own: "mentor_person_id = $1 OR mentee_person_id = $1",
        without: &[],
    },
    Part {
        name: "formerPairs",
        table: "survey_pairs",
        own: "mentor_person_id = $1 OR application_id IN (SELECT id FROM known_participations WHERE person_id = $1)",
        without: &[],
    },
    known::PARTICIPATIONS,
    known::OFFICES,
    known::HISTORY,
    known::REASONS,
];

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_evaluation_archive);
}

/// Take a copy of what evaluation keeps of oneself
///
/// For the person alone (GDPR, articles 15 and 20). The reports of one's own 360s and what one is quoted with are in it; answers to surveys belong to nobody and are not. Each service has its own; the links lead to the others.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = Archive)))]
#[get("/archive")]
async fn get_evaluation_archive(state: Data<State>, context: Context) -> Outcome {
    let person = shared_web::archive::owner(&context)?;
    let mut parts = archive::read(&state.database, &PARTS, person).await?;
    parts.push(opened(
        "feedbackReports",
        reports_of(&state, &context, person).await?,
    ));
    parts.push(opened("interviewQuotes", quotes_of(&state, person).await?));
    shared_web::archive::answer(&context, NAME, person, parts)
}

/// What stands sealed in the database, opened for whom it is about.
fn opened(name: &str, items: Vec<Map<String, Value>>) -> ArchivePart {
    ArchivePart {
        name: name.to_owned(),
        items,
        cut: false,
    }
}

/// The reports of one's own 360s that are over.
async fn reports_of(
    state: &State,
    context: &Context,
    person: PersonId,
) -> Result<Vec<Map<String, Value>>, Problem> {
    let connection = state.database.read();
    let mut items = Vec::new();
    for feedback in feedbacks::store::of_person(connection, person).await? {
        let keys = &state.answer_keys;
        let is_over = feedbacks::frozen::find(connection, keys, feedback.id).await?;
        if is_over.is_some() {
            let report = reports::report(connection, keys, context, &feedback).await?;
            items.extend(members(json!(report)));
        }
    }
    Ok(items)
}

/// What one said in interviews, as far as it is quoted; what one took back is not there.
async fn quotes_of(state: &State, person: PersonId) -> Result<Vec<Map<String, Value>>, Problem> {
    let connection = state.database.read();
    let mut items = Vec::new();
    for own in interviews::store::of_person(connection, person).await? {
        let interview = interviews::store::find_any(connection, own.interview_id).await?;
        let Some(interview) = interview else { continue };
        let key = interviews::store::key(&state.answer_keys, &interview)?;
        for coding in interviews::store::codings(connection, &[interview.id]).await? {
            if coding.application_id != own.application_id {
                continue;
            }
            let place = interviews::steps::place(interview.id, coding.number);
            let quote = coding.quote.as_deref().zip(key.as_ref());
            let quote = quote.map(|(body, key)| interviews::store::open(key, &place, body));
            items.extend(members(json!({
                "interviewId": interview.id,
                "themeId": coding.theme_id,
                "quote": quote.transpose()?,
            })));
        }
    }
    Ok(items)
}

fn members(thing: Value) -> Option<Map<String, Value>> {
    match thing {
        Value::Object(members) => Some(members),
        _ => None,
    }
}
