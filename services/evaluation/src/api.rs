//! The API: one list of operations, which is the route table and the document at once.

use crate::{
    State, answers, archive, certificates, completion, credits, feedbacks, goals, instruments,
    interviews, reports, surveys,
};
use actix_web::{
    get,
    web::{self, Data},
};
use serde_json::Value;
use shared_events::inbox;
use shared_types::meta::ApiInfo;
use shared_web::{
    Context, Outcome,
    document::{self, Description},
    info, server,
};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

/// The API's name, and the first segment of its addresses.
pub const NAME: &str = "evaluation";

const DESCRIPTION: Description = Description {
    name: NAME,
    title: "Akademi evaluation API",
    about: (
        "What a programme led to: instruments, surveys, interviews, completion and reports.",
        "Vad en utbildning ledde till: enkätmallar, enkäter, intervjuer, slutförande och rapporter.",
    ),
    tags: &[
        ("instruments", "Sets of questions, in versions."),
        ("surveys", "What is asked of whom, and when."),
        ("answers", "Invitations and answers."),
        ("reports", "What may be shown of what was answered."),
        (
            "feedbacks",
            "360: how a participant leads, as those around see it.",
        ),
        (
            "completion",
            "What a round asks for, how its participants stand, and what was decided.",
        ),
        ("credits", "What an education provider registered."),
        (
            "certificates",
            "What participants can show, and anybody can check.",
        ),
        ("interviews", "With participants: consent, notes, themes."),
        ("goals", "What a programme is to lead to."),
        ("privacy", "What is kept of the caller."),
        ("meta", "The API itself."),
    ],
    key_required: &[
        "decideCompletions",
        "registerCredits",
        "issueCertificates",
        "issueCertificate",
        "replaceCertificate",
    ],
    large_bodies: &[
        ("createInstrument", 512 * 1024),
        ("createInstrumentVersion", 512 * 1024),
        ("replaceInterviewNotes", 256 * 1024),
        ("replaceInterviewCodings", 512 * 1024),
    ],
    // What is made by signing or writing, and what is worked out over a whole round.
    costs: &[
        ("decideCompletions", 20),
        ("issueCertificates", 20),
        ("getCertificateDocument", 5),
        ("getCertificateCredential", 5),
    ],
    // What is worked out, or written, for a whole round at once.
    timeouts: &[("decideCompletions", 60), ("issueCertificates", 60)],
};

/// Every documented operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/evaluation/v1")
            .service(get_api_info)
            .configure(archive::operations)
            .configure(completion::rules::operations)
            .configure(completion::routes::operations)
            .configure(credits::providers::operations)
            .configure(credits::routes::operations)
            .configure(certificates::routes::operations)
            .configure(certificates::files::operations)
            .configure(interviews::routes::operations)
            .configure(interviews::notes::operations)
            .configure(interviews::themes::operations)
            .configure(goals::routes::operations)
            .configure(instruments::routes::operations)
            .configure(surveys::routes::operations)
            .configure(answers::routes::operations)
            .configure(feedbacks::routes::operations)
            .configure(feedbacks::raters::operations)
            .configure(feedbacks::rating::operations)
            .configure(feedbacks::reports::operations)
            .configure(feedbacks::releases::operations)
            .configure(reports::routes::operations),
    );
}

/// What is not for programs: pages for people, and the door for other services' facts.
pub fn doors(config: &mut web::ServiceConfig, state: &Data<State>) {
    config
        .app_data(state.clone())
        .configure(inbox::routes(state.inbox.clone()))
        .configure(certificates::pages::pages)
        .configure(certificates::published::pages)
        .configure(answers::pages::pages)
        .configure(feedbacks::pages::pages)
        .configure(reports::pages::pages);
}

/// The finished API document.
pub fn document() -> Value {
    document::finish(&server::declared(operations), &DESCRIPTION)
}

/// Name, version and life-cycle status of this API.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The API.", body = ApiInfo)))]
#[get("/api-info")]
async fn get_api_info(context: Context) -> Outcome {
    info::answer(NAME, &context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_web::contract::Contract;

    #[test]
    fn every_schema_of_the_document_compiles_and_api_info_is_there() {
        let document = document();
        let info = document.pointer("/paths/~1api-info/get/operationId");
        assert_eq!(info.and_then(Value::as_str), Some("getApiInfo"));
        let broken = Contract::new("/evaluation/v1", document).broken_schemas();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
