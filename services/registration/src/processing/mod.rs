//! The register of processing (GDPR, article 30): what all services do with personal data.
//!
//! It stands in `register.json` beside this file, in three languages. Whoever adds something that
//! is kept of people adds it there.

use actix_web::get;
use shared_types::{
    Links, Problem,
    registration::privacy::{ProcessingActivity, ProcessingRegister},
};
use shared_web::{Context, Outcome, Reply};
use std::sync::LazyLock;
use utoipa_actix_web::service_config::ServiceConfig;

static REGISTER: LazyLock<Result<Vec<ProcessingActivity>, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(include_str!("register.json")));

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_processing_activities);
}

/// List processing activities
///
/// The register of processing: what is done with personal data, by which service, why it is
/// lawful, who sees them and how long they are kept. Open to every known caller.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The register.", body = ProcessingRegister)))]
#[get("/processing-activities")]
async fn list_processing_activities(context: Context) -> Outcome {
    let items = REGISTER.as_ref().map_err(Problem::internal)?;
    Ok(Reply::ok(&ProcessingRegister {
        items: items.clone(),
        links: Links::to_self(context.href("processing-activities")).with(
            "retention",
            "GET",
            context.href("retention-rules"),
        ),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{erasures::steps::SERVICES, retention::model::KINDS};
    use std::collections::BTreeSet;

    #[test]
    fn every_service_and_every_rule_stands_in_it_in_every_language() {
        let items = REGISTER.as_ref().unwrap();
        let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), items.len());
        for service in SERVICES {
            assert!(
                items.iter().any(|item| item.service == service),
                "{service}"
            );
        }
        for kind in KINDS {
            let ended = items
                .iter()
                .filter(|item| item.retention_kind == Some(kind));
            assert_eq!(ended.count(), 1, "{kind:?}");
        }
        for item in items {
            for text in [
                &item.purpose,
                &item.people,
                &item.data,
                &item.recipients,
                &item.kept,
            ] {
                let text = serde_json::to_value(text).unwrap();
                for language in ["en", "sv", "da"] {
                    assert!(text[language].is_string(), "{} {language}", item.id);
                }
            }
        }
    }
}
