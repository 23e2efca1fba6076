//! Events: facts that travel from one service to the others (CloudEvents 1.0, structured).

use crate::{EventId, Problem, codes};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A fact, as it is written to the outbox and delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique; the receiver applies an id once.
    pub id: EventId,
    /// The service that owns the fact, such as `/registration`.
    pub source: String,
    /// What happened, such as `application.submitted`.
    pub r#type: String,
    /// The thing it happened to: events of one subject are delivered in order.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Trace of the request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The fact itself.
    pub data: Value,
}

impl Event {
    /// The fact itself. One that can't be read stays with its sender until the receiver is new
    /// enough.
    pub fn fact<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        T::deserialize(&self.data)
            .map_err(|error| Problem::of(&codes::INVALID_BODY).caused_by(error))
    }
}
