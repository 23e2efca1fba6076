//! What evaluation keeps of the caller, as a copy to take along.

use crate::{State, api::NAME};
use actix_web::{get, web::Data};
use shared_database::archive::{self, Part};
use shared_types::{Links, Problem, archive::Archive, codes};
use shared_web::{Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The other services.
const OTHERS: [&str; 3] = ["registration", "scheduling", "mentorship"];

/// What is about a person, whose id is `$1`.
const PARTS: [Part; 7] = [
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
    Part {
        name: "people",
        table: "known_people",
        own: "id = $1",
        without: &[],
    },
];

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_evaluation_archive);
}

/// Take a copy of what evaluation keeps of oneself
///
/// For the person alone (GDPR, articles 15 and 20). Answers to anonymous surveys belong to nobody and are not in it. Each service has its own; the links lead to the others.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = Archive)))]
#[get("/archive")]
async fn get_evaluation_archive(state: Data<State>, context: Context) -> Outcome {
    let person = context.caller.person;
    let person = person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
    let parts = archive::read(&state.database, &PARTS, person).await?;
    Ok(Reply::ok(&Archive {
        service: NAME.to_owned(),
        person_id: person,
        made_at: context.now,
        parts,
        links: OTHERS
            .iter()
            .fold(Links::to_self(context.href("archive")), |links, other| {
                links.with(other, "GET", context.elsewhere(other, "archive"))
            }),
    })?)
}
