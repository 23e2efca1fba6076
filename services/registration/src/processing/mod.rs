//! The register of processing (GDPR, article 30): what all services do with personal data.
//!
//! It stands in `register.json` beside this file, in three languages. Whoever adds something that
//! is kept of people adds it there. What holds for all of it stands in `whole.json`.

use crate::{State, organisations::entity, programmes};
use actix_web::{get, web::Data};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use serde::Deserialize;
use shared_database::DatabaseError;
use shared_types::{
    Links, LocalizedText, Problem,
    registration::privacy::{Controller, ProcessingActivity, ProcessingRegister},
};
use shared_web::{Context, Outcome, Reply};
use std::sync::LazyLock;
use utoipa_actix_web::service_config::ServiceConfig;

static REGISTER: LazyLock<Result<Vec<ProcessingActivity>, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(include_str!("register.json")));

static WHOLE: LazyLock<Result<Whole, serde_json::Error>> =
    LazyLock::new(|| serde_json::from_str(include_str!("whole.json")));

/// What holds for every activity (article 30.1 e and g).
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whole {
    transfers: LocalizedText,
    security_measures: Vec<LocalizedText>,
}

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_processing_activities);
}

/// List processing activities
///
/// The register of processing: which organisers answer for it, what is done with personal data, by
/// which service, why it is lawful, who sees them, how long they are kept and how they are
/// protected. Open to every known caller.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The register.", body = ProcessingRegister)))]
#[get("/processing-activities")]
async fn list_processing_activities(state: Data<State>, context: Context) -> Outcome {
    let items = REGISTER.as_ref().map_err(Problem::internal)?;
    let whole = WHOLE.as_ref().map_err(Problem::internal)?.clone();
    let controllers = controllers(state.database.read()).await?;
    Ok(Reply::ok(&ProcessingRegister {
        controllers,
        transfers: whole.transfers,
        security_measures: whole.security_measures,
        items: items.clone(),
        links: Links::to_self(context.href("processing-activities")).with(
            "retention",
            "GET",
            context.href("retention-rules"),
        ),
    })?)
}

/// Whoever has programmes decides about what is kept for them.
async fn controllers(connection: &impl ConnectionTrait) -> Result<Vec<Controller>, DatabaseError> {
    let organisers = programmes::entity::Entity::find()
        .select_only()
        .column(programmes::entity::Column::OrganiserId)
        .into_query();
    let rows = entity::Entity::find()
        .filter(entity::Column::Id.in_subquery(organisers))
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?;
    let controller = |row: entity::Model| Controller {
        organisation_id: row.id.into(),
        name: row.name,
    };
    Ok(rows.into_iter().map(controller).collect())
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
        let whole = WHOLE.as_ref().unwrap();
        assert!(whole.security_measures.len() >= 5);
        for text in whole.security_measures.iter().chain([&whole.transfers]) {
            let text = serde_json::to_value(text).unwrap();
            for language in ["en", "sv", "da"] {
                assert!(text[language].is_string(), "{text}");
            }
        }
    }
}
