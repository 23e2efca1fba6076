//! What evaluation keeps of the caller, as a copy to take along.

use crate::{State, api::NAME};
use actix_web::{get, web::Data};
use shared_database::archive::{self, Part};
use shared_types::archive::Archive;
use shared_web::{Context, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

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
    let person = shared_web::archive::owner(&context)?;
    let parts = archive::read(&state.database, &PARTS, person).await?;
    shared_web::archive::answer(&context, NAME, person, parts)
}
