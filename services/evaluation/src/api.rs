//! The API: one list of operations, which is the route table and the document at once.

use crate::{State, reports};
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
        ("reports", "What may be shown of what was answered."),
        ("meta", "The API itself."),
    ],
    key_required: &[],
    large_bodies: &[],
    costs: &[],
};

/// Every documented operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/evaluation/v1")
            .service(get_api_info)
            .configure(reports::routes::operations),
    );
}

/// What is not for programs: pages for people, and the door for other services' facts.
pub fn doors(config: &mut web::ServiceConfig, state: &Data<State>) {
    config
        .app_data(state.clone())
        .configure(inbox::routes(state.inbox.clone()))
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
