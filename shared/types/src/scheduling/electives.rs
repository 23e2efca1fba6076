//! Bodies of elective sessions and what participants choose.

use crate::{Links, LocalizedText, RoundId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One of the sessions between which a participant chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Elective {
    /// The session.
    pub session_id: SessionId,
    /// What it is called.
    pub name: LocalizedText,
    /// The choice to which it belongs.
    #[schema(example = "spring-seminar", max_length = 40)]
    pub choice: String,
    /// Its places, where they are limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12, minimum = 1, maximum = 10_000)]
    pub places: Option<i32>,
    /// Participants who have chosen it.
    #[schema(example = 7, minimum = 0, maximum = 10_000)]
    pub chosen_count: i32,
    /// Whether the caller has chosen it.
    #[schema(example = true)]
    pub is_chosen: bool,
}

/// The elective sessions of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ElectiveList {
    /// The round.
    pub round_id: RoundId,
    /// The sessions, in the order of their days.
    #[schema(max_items = 200)]
    pub electives: Vec<Elective>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
