//! Bodies of a pair's meetings: when they meet is for the coordinators to see, what about is not.

use crate::{Links, MeetingId, PairId, PersonId, RefusedTransition};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a meeting; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum PairMeetingState {
    /// It is to come.
    Planned,
    /// They met.
    Held,
    /// It was called off.
    Cancelled,
}

/// A meeting to plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairMeeting {
    /// When it begins; in the future.
    #[schema(example = "2022-10-13T12:00:00Z")]
    pub starts_at: DateTime<Utc>,
    /// How long it is to be.
    #[schema(example = 60, minimum = 5, maximum = 1440)]
    pub length_minutes: i32,
    /// What it is about; for the two alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "The first hundred days.", max_length = 1000)]
    pub topic: Option<String>,
    /// Where they meet; for the two alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "At the library.", max_length = 500)]
    pub place: Option<String>,
}

/// That a meeting was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMeetingHeld {
    /// How long it was.
    #[schema(example = 75, minimum = 5, maximum = 1440)]
    pub length_minutes: i32,
}

/// A meeting of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairMeeting {
    /// Id.
    pub id: MeetingId,
    /// The pair.
    pub pair_id: PairId,
    /// State.
    pub state: PairMeetingState,
    /// When it begins or began.
    #[schema(example = "2022-10-13T12:00:00Z")]
    pub starts_at: DateTime<Utc>,
    /// How long it is to be, or was.
    #[schema(example = 60, minimum = 5, maximum = 1440)]
    pub length_minutes: i32,
    /// What it is about; for the two alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "The first hundred days.", max_length = 1000)]
    pub topic: Option<String>,
    /// Where they meet; for the two alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "At the library.", max_length = 500)]
    pub place: Option<String>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

/// What somebody's pairs have planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnMeetings {
    /// Whose.
    pub person_id: PersonId,
    /// Meetings to come, the nearest first.
    #[schema(max_items = 100)]
    pub upcoming: Vec<PairMeeting>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PairMeetingPage, PairMeeting, "A page of a pair's meetings.");
