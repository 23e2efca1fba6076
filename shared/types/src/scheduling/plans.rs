//! Bodies of a round's plan: the draft that coordinators work on, and what speaks against it.

use super::sessions::{Session, SessionForm, SessionKind, WallTime};
use crate::{Links, LocalizedText, OrganisationId, PersonId, RoomId, RoundId, SessionId, VenueId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What about a plan a coordinator should know; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "room_clash")]
pub enum FindingCode {
    /// A venue has made no statement on its accessibility.
    AccessibilityMissing,
    /// A room is needed twice at a time.
    RoomClash,
    /// Somebody leads two sessions at a time, or leads one and has to be at another one.
    FacilitatorClash,
    /// A participant, or the member of a group, has another round's session at the time.
    ParticipantClash,
    /// A mentor is invited, and has another round's session at the time.
    MentorClash,
    /// Two sessions for the same people overlap.
    SessionOverlap,
    /// A session takes fewer people than it is for: the round's participants, or a group's.
    CapacityBelowRoster,
    /// More participants have chosen a site than it takes.
    SiteBelowChosen,
    /// A venue or room is no longer used.
    VenueInactive,
    /// The days of a session are to be announced.
    DaysMissing,
    /// Fewer programme days than the round promises.
    ProgrammeDaysShort,
}

/// What a finding does to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "needs_reason")]
pub enum Severity {
    /// The plan can't be released.
    Blocks,
    /// The plan is released only with a reason.
    NeedsReason,
    /// Good to know.
    Note,
}

/// Something about a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// What it does to a release.
    pub severity: Severity,
    /// The session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// The other session, where two clash; absent where it is not the caller's to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_session_id: Option<SessionId>,
    /// The venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue_id: Option<VenueId>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// The people who would have to be in two places; at most 100 are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub person_ids: Vec<PersonId>,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-01")]
    pub date: Option<NaiveDate>,
    /// How many there are: people, places or days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 11, minimum = 0, maximum = 1_000_000)]
    pub count: Option<i32>,
    /// How many there should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 12, minimum = 0, maximum = 1_000_000)]
    pub wanted: Option<i32>,
}

/// Programme days: the dates on which there are sessions that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeDays {
    /// How many the plan has: distinct dates of all sessions but reserve dates that wait,
    /// practice periods and what is cancelled.
    #[schema(example = 11, minimum = 0, maximum = 1000)]
    pub planned: i32,
    /// How many the round promises, where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12, minimum = 0, maximum = 1000)]
    pub promised: Option<i32>,
}

/// What a plan says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlan {
    /// Programme days that the round promises; absent where it promises none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 12, minimum = 0, maximum = 1000, nullable = false)]
    pub promised_days: Option<i32>,
    /// IANA zone of its sessions' clocks; absent for the round's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Europe/Stockholm",
        min_length = 1,
        max_length = 64,
        nullable = false
    )]
    pub time_zone: Option<String>,
}

/// The draft of a round's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The round.
    pub round_id: RoundId,
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// IANA zone of its sessions' clocks.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// Number of the newest release; 0 before the first.
    #[schema(example = 1, minimum = 0, maximum = 1_000_000)]
    pub released_number: i32,
    /// Whether the draft says something else than the newest release.
    #[schema(example = true)]
    pub is_changed: bool,
    /// Programme days of the draft.
    pub programme_days: ProgrammeDays,
    /// What speaks against a release, and what else is good to know.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
    /// The sessions, in the order of their days; without days they stand last.
    #[schema(max_items = 200)]
    pub sessions: Vec<Session>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// One kind of occasion in a pattern, and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatternPart {
    /// What the sessions are.
    pub kind: SessionKind,
    /// How people take part.
    pub form: SessionForm,
    /// What they are called; where there are several, a number follows.
    pub name: LocalizedText,
    /// First day of each session; none while they are to be announced, which makes one session
    /// without days.
    #[serde(default)]
    #[schema(max_items = 100, example = json!(["2022-09-01", "2022-10-13"]))]
    pub starts_on: Vec<NaiveDate>,
    /// Days of each session, one after the other.
    #[serde(default = "one")]
    #[schema(example = 2, minimum = 1, maximum = 31)]
    pub length_days: i32,
    /// When the first day starts.
    pub starts_at: WallTime,
    /// When the last day ends.
    pub ends_at: WallTime,
    /// When a day ends that another one follows; absent for `endsAt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evening_ends_at: Option<WallTime>,
    /// When a day starts that follows on another one; absent for `startsAt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub morning_starts_at: Option<WallTime>,
    /// Where they are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue_id: Option<VenueId>,
    /// The venue's room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// For whom they are; absent for participants, and for a ceremony for all who are invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 5, nullable = false)]
    pub audience: Option<Vec<super::sessions::Audience>>,
    /// Who leads them.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub facilitator_ids: Vec<PersonId>,
    /// Of reserve dates: the last day on which they are held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-01-31", nullable = false)]
    pub held_until: Option<NaiveDate>,
}

const fn one() -> i32 {
    1
}

/// A whole plan in one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanPattern {
    /// The occasions, one part a kind.
    #[schema(min_items = 1, max_items = 30)]
    pub parts: Vec<PatternPart>,
    /// Programme days that the round promises; absent for as many as the pattern has, sessions
    /// without days counted with their length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 12, minimum = 0, maximum = 1000, nullable = false)]
    pub promised_days: Option<i32>,
}

/// A plan to make after the model of another round's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPlanClone {
    /// The round whose draft is the model; one of the same organiser.
    pub model_round_id: RoundId,
    /// Day of the new plan's first session; the others keep their distance, each on the weekday
    /// that it has in the model.
    #[schema(example = "2023-08-23")]
    pub starts_on: NaiveDate,
}
