//! The API: one list of operations, which is the route table and the document at once.

use crate::{
    State, alarms, archive, challenges, conflicts, experiments, imports, key_figures, meetings,
    mentees, mentors, pairs, runs, work,
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
pub const NAME: &str = "mentorship";

const DESCRIPTION: Description = Description {
    name: NAME,
    title: "Akademi mentorship API",
    about: (
        "Who supports whom: mentors, participants, their pairs and what they agree on.",
        "Vem som stöder vem: mentorer, deltagare, deras par och vad de kommer överens om.",
    ),
    tags: &[
        ("mentors", "The pools of mentors."),
        ("imports", "Files of mentors."),
        ("mentees", "The participants who get a mentor."),
        ("conflicts", "Two people who should not become a pair."),
        ("matching", "Terms, previews and runs: who fits whom."),
        ("pairs", "Pairs, from the proposal to the end."),
        ("meetings", "When pairs meet."),
        ("work", "What a pair writes, read by the two alone."),
        (
            "challenges",
            "What participants work on, and their experiments.",
        ),
        ("key-figures", "Open data about municipalities."),
        ("alarms", "What a coordinator should look at."),
        ("privacy", "What is kept of the caller."),
        ("meta", "The API itself."),
    ],
    key_required: &["publishMatchingRun", "answerPairProposal"],
    large_bodies: &[
        ("replaceMunicipalityPlaces", 256 * 1024),
        ("replaceChallenge", 512 * 1024),
        ("createMentorshipImport", shared_imports::MOST_BYTES),
    ],
    // What is computed over a whole round.
    costs: &[
        ("previewMatching", 20),
        ("createMatchingRun", 20),
        ("publishMatchingRun", 20),
        ("createMentorshipImport", 20),
    ],
    // What is worked out, or written, for a whole round at once.
    timeouts: &[
        ("previewMatching", 60),
        ("createMatchingRun", 60),
        ("publishMatchingRun", 60),
    ],
};

/// Every documented operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/mentorship/v1")
            .service(get_api_info)
            .configure(archive::operations)
            .configure(mentors::routes::operations)
            .configure(imports::routes::operations)
            .configure(mentees::routes::operations)
            .configure(conflicts::routes::operations)
            .configure(runs::terms::operations)
            .configure(runs::constraints::operations)
            .configure(runs::routes::operations)
            .configure(pairs::routes::operations)
            .configure(meetings::routes::operations)
            .configure(work::agreement::operations)
            .configure(work::goals::operations)
            .configure(work::notes::operations)
            .configure(work::messages::operations)
            .configure(work::export::operations)
            .configure(challenges::routes::operations)
            .configure(challenges::board::operations)
            .configure(experiments::routes::operations)
            .configure(key_figures::routes::operations)
            .configure(alarms::routes::operations),
    );
}

/// What is not for programs: pages for people, and the door for other services' facts.
pub fn doors(config: &mut web::ServiceConfig, state: &Data<State>) {
    config
        .app_data(state.clone())
        .configure(inbox::routes(state.inbox.clone()))
        .configure(pairs::pages::pages);
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
        let broken = Contract::new("/mentorship/v1", document).broken_schemas();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
