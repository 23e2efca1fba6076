//! Bodies of alarms: what a coordinator should look at.

use crate::{AlarmId, Links, MentorId, PairId, RoundId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an alarm is about; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "pair_silent")]
pub enum AlarmKind {
    /// An active pair has not met by the middle of its round.
    PairSilent,
    /// A proposal was not answered in half of its time.
    ProposalUnanswered,
    /// A mentor has more mentees than the capacity.
    MentorOverCapacity,
    /// A hard rule no longer holds for a pair.
    PairFlagged,
}

/// Something that a coordinator should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// Id.
    pub id: AlarmId,
    /// The round.
    pub round_id: RoundId,
    /// What it is about.
    pub kind: AlarmKind,
    /// The same in words, in the reader's language.
    #[schema(
        example = "The pair has not met, and half of the round is over.",
        max_length = 500
    )]
    pub words: String,
    /// The pair that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair_id: Option<PairId>,
    /// The mentor whom it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mentor_id: Option<MentorId>,
    /// Since when.
    #[schema(example = "2022-12-01T08:00:00Z")]
    pub raised_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(AlarmPage, Alarm, "A page of alarms.");
