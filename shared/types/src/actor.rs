//! Who does something, when, and in which trace: what every change is recorded with.

use crate::PersonId;
use chrono::{DateTime, Utc};

/// The author of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `person:…`, `key:…`, `link:…` or `system`.
    pub subject: String,
    /// On whose behalf.
    pub on_behalf_of: Option<PersonId>,
    /// The domain's time of the change.
    pub at: DateTime<Utc>,
    /// `traceparent` of the request.
    pub trace: Option<String>,
}

impl Actor {
    /// What the system does by itself, at the domain's time.
    pub fn system(at: DateTime<Utc>) -> Self {
        Self {
            subject: "system".to_owned(),
            on_behalf_of: None,
            at,
            trace: None,
        }
    }
}
