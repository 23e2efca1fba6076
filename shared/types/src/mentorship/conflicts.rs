//! Bodies of declared conflicts: two people who should not become a pair.

use crate::{ConflictId, Links, PersonId, RoundId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A conflict to declare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConflict {
    /// One of the two; whoever is no coordinator names oneself.
    pub person_id: PersonId,
    /// The other.
    pub other_person_id: PersonId,
    /// The reason, for the coordinators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "We are related.", min_length = 1, max_length = 1000)]
    pub reason: Option<String>,
}

/// A declared conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Conflict {
    /// Id.
    pub id: ConflictId,
    /// The round.
    pub round_id: RoundId,
    /// One of the two.
    pub person_id: PersonId,
    /// The other.
    pub other_person_id: PersonId,
    /// The reason; for whoever declared it and the coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "We are related.", max_length = 1000)]
    pub reason: Option<String>,
    /// When it was declared.
    #[schema(example = "2022-06-01T08:00:00Z")]
    pub declared_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ConflictPage, Conflict, "A page of declared conflicts.");
