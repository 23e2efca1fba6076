//! Events of other services that systems outside hear of: kept beside the own ones, so that one
//! feed has all.

use super::catalogue;
use crate::applications;
use serde_json::json;
use shared_database::{Change, tables::outbox};
use shared_types::{OrganisationId, Problem, event::Event, registration::feeds::FeedEventData};

/// Keeps an event that the catalogue has. It is not told to other services again, and only ids
/// and states of it are kept. What is about a participation is its employer's to hear.
pub async fn keep(change: &mut Change, event: &Event) -> Result<(), Problem> {
    let known = catalogue::find(&event.r#type).filter(|known| known.source == event.source);
    if known.is_none() {
        return Ok(());
    }
    let mut data: FeedEventData =
        serde_json::from_value(event.data.clone()).map_err(Problem::internal)?;
    data.organisation_id = None;
    if let Some(id) = data.application_id {
        let found = applications::store::find_any(change.tx(), id).await?;
        data.organisation_id = found.map(|row| row.organisation_id.into());
    }
    let row = outbox::Model {
        id: event.id.uuid(),
        subject: event.subject.clone(),
        kind: event.r#type.clone(),
        at: event.time,
        trace: event.traceparent.clone(),
        fanned_out: true,
        position: None,
        organiser_id: data.organiser_id.map(OrganisationId::uuid),
        organisation_id: data.organisation_id.map(OrganisationId::uuid),
        data: json!(data),
    };
    change.insert_last::<outbox::Entity>(row);
    Ok(())
}
