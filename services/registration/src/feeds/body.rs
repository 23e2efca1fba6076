//! An event as systems outside read it: one body for the feed and for endpoints.

use super::catalogue;
use crate::api;
use shared_database::tables::outbox;
use shared_types::{Problem, registration::feeds::FeedEvent};

/// Media type of an event (CloudEvents JSON format, 3).
pub const MEDIA_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// The event of a row.
pub fn event(row: outbox::Model) -> Result<FeedEvent, Problem> {
    let known = catalogue::find(&row.kind);
    let source = known.map_or_else(
        || format!("/{}", api::NAME),
        |known| known.source.to_owned(),
    );
    Ok(FeedEvent {
        specversion: "1.0".to_owned(),
        id: row.id.into(),
        source,
        r#type: row.kind,
        subject: row.subject,
        time: row.at,
        timestamp: row.at,
        // As wide as the greatest place, so that texts are in the order of numbers.
        sequence: format!("{:020}", row.position.unwrap_or(0)),
        // Of the fact only what this type has: names and the like stay here.
        data: serde_json::from_value(row.data).map_err(Problem::internal)?,
    })
}
