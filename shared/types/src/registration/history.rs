//! Bodies of the history: what happened to a thing, by whom, and why.

use crate::{ChangeId, Links, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One entry of the append-only history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// Id; later entries have greater ids.
    pub id: ChangeId,
    /// When.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub at: DateTime<Utc>,
    /// What happened, such as `application.submitted`.
    #[schema(example = "application.submitted", max_length = 100)]
    pub edge: String,
    /// Who did it: `person:…`, `key:…`, `link:…` or `system`.
    #[schema(
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        max_length = 100
    )]
    pub actor: String,
    /// On whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    /// The reason, unless it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "The form was down on the last evening.", max_length = 4000)]
    pub reason: Option<String>,
}

/// A page of the history, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The entries.
    #[schema(max_items = 1000)]
    pub entries: Vec<HistoryEntry>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
