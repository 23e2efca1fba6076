//! Bodies of holds: seats kept for an organisation before names are known.

use crate::{HoldId, Links, OrganisationId, RefusedTransition, RoundId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Seats to hold for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHold {
    /// For whom: a municipality or another organisation; its people, and those of what belongs
    /// to it, can be nominated against the hold.
    pub organisation_id: OrganisationId,
    /// How many seats.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub seats: i32,
    /// Last day on which they are held, in the round's zone, the whole day included.
    #[schema(example = "2022-05-20")]
    pub lapses_on: NaiveDate,
    /// The reason, kept in the history.
    #[schema(
        example = "Agreed with the municipality when the programme was financed.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// State of a hold; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "held")]
pub enum HoldState {
    /// Its seats are kept.
    Held,
    /// All of its seats have become offers.
    Consumed,
    /// A coordinator gave back what was left of it.
    Released,
    /// Its last day is over.
    Lapsed,
}

/// Seats that are kept for an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// Id.
    pub id: HoldId,
    /// The round.
    pub round_id: RoundId,
    /// For whom.
    pub organisation_id: OrganisationId,
    /// State.
    pub state: HoldState,
    /// How many seats it was made for.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub seats: i32,
    /// How many of them have become offers.
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub seats_used: i32,
    /// Last day, the whole day included.
    #[schema(example = "2022-05-20")]
    pub lapses_on: NaiveDate,
    /// When it was made.
    #[schema(example = "2022-04-01T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(HoldPage, Hold, "A page of holds.");
