//! Bodies of attendance: who was there, half day by half day, and what makes up for the rest.

use crate::{
    ApplicationId, AttendanceMarkId, Links, LocalizedText, MakeUpTaskId, OrganisationId, PersonId,
    RoundId, SessionId, VenueId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Half of a day. Every day has two, however long it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "first")]
pub enum DayHalf {
    /// From the beginning.
    First,
    /// To the end.
    Second,
}

/// Whether somebody was there for half a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "present")]
pub enum AttendanceStatus {
    /// Nobody has said.
    Unknown,
    /// There.
    Present,
    /// There for a part of it; counts as half of the half day.
    Partial,
    /// Not there, with a reason that counts: it can be made up.
    Excused,
    /// Not there.
    Absent,
}

/// One mark to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMark {
    /// The participant.
    pub person_id: PersonId,
    /// Number of the session's day, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// Which half of the day; absent for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub half: Option<DayHalf>,
    /// Whether the participant was there.
    pub status: AttendanceStatus,
    /// Where the participant was, in a session with several sites; absent for the site that the
    /// participant has chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub site_id: Option<VenueId>,
}

/// Marks of a whole group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAttendance {
    /// The marks; all are made, or none.
    #[schema(min_items = 1, max_items = 1000)]
    pub marks: Vec<NewMark>,
    /// Why marks are corrected, kept in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "She had signed the wrong list.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// Whether somebody was there for half a day of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceMark {
    /// Id.
    pub id: AttendanceMarkId,
    /// The participant.
    pub person_id: PersonId,
    /// Number of the session's day, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// Which half of the day.
    pub half: DayHalf,
    /// Whether the participant was there.
    pub status: AttendanceStatus,
    /// Where the participant was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_id: Option<VenueId>,
    /// When it was last marked.
    #[schema(example = "2022-09-01T08:10:00Z")]
    pub marked_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A day on which a session can be marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceDay {
    /// Number of the session's day, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// The day.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// When marking opens: a quarter of an hour before the day begins.
    #[schema(example = "2022-09-01T07:45:00Z")]
    pub opens_at: DateTime<Utc>,
}

/// The attendance of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionAttendance {
    /// The session.
    pub session_id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// Its days.
    #[schema(max_items = 31)]
    pub days: Vec<AttendanceDay>,
    /// Every mark, by person, day and half; who is not marked is unknown.
    #[schema(max_items = 100_000)]
    pub marks: Vec<AttendanceMark>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// How it stands with somebody's programme days; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "on_track")]
pub enum AttendanceOutlook {
    /// Enough, even when one more day is missed.
    OnTrack,
    /// One more day missed, or what is missed not made up, and it is too little.
    AtRisk,
    /// Too little, whatever comes.
    OutOfReach,
}

/// Programme days of a participant, in days; a quarter is the least.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayCount {
    /// Days that count: those of presence and those made up, not more than the programme has.
    #[schema(example = 10.5, minimum = 0, maximum = 1000, format = Double)]
    pub counted: f64,
    /// Days of the programme: as many as the round promises, else as many as are planned.
    #[schema(example = 12, minimum = 0, maximum = 1000, format = Double)]
    pub total: f64,
    /// Days of presence.
    #[schema(example = 10, minimum = 0, maximum = 1000, format = Double)]
    pub present: f64,
    /// Days made up for, as far as there was something to make up.
    #[schema(example = 0.5, minimum = 0, maximum = 1000, format = Double)]
    pub made_up: f64,
    /// Days of absence with a reason that counts.
    #[schema(example = 0.5, minimum = 0, maximum = 1000, format = Double)]
    pub excused: f64,
    /// Days of absence without.
    #[schema(example = 1, minimum = 0, maximum = 1000, format = Double)]
    pub absent: f64,
    /// Days that have begun and that nobody has marked.
    #[schema(example = 0, minimum = 0, maximum = 1000, format = Double)]
    pub unknown: f64,
    /// Days to come.
    #[schema(example = 0, minimum = 0, maximum = 1000, format = Double)]
    pub ahead: f64,
    /// Days that the round promises and that no session gives; a task can.
    #[schema(example = 1, minimum = 0, maximum = 1000, format = Double)]
    pub not_offered: f64,
}

/// Half a programme day of a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HalfDay {
    /// The session.
    pub session_id: SessionId,
    /// Number of the session's day, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// The day.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// Which half of the day.
    pub half: DayHalf,
    /// Whether the participant was there.
    pub status: AttendanceStatus,
}

/// The attendance of one participant in a round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantAttendance {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// Name; absent where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: Option<String>,
    /// The days, counted.
    pub days: DayCount,
    /// How it stands.
    pub outlook: AttendanceOutlook,
    /// Every half day; left out in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 2000)]
    pub half_days: Option<Vec<HalfDay>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    ParticipantAttendancePage,
    ParticipantAttendance,
    "A page of participants with their attendance."
);

/// What an event tells of a participant's attendance: all of it, so that the newest version is
/// enough. Counts are in quarters of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceFact {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// Who runs the round.
    pub organiser_id: OrganisationId,
    /// Quarters of a day that count.
    pub counted_quarters: i32,
    /// Quarters of a day that the programme has.
    pub total_quarters: i32,
    /// Quarters of a day that have begun and that nobody has marked.
    pub unknown_quarters: i32,
    /// Quarters of a day to come.
    pub ahead_quarters: i32,
    /// Every half day.
    pub half_days: Vec<HalfDay>,
    /// Which state of it this is.
    pub version: i32,
}

/// A task to offer that makes up for half days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMakeUpTask {
    /// What it is called.
    pub title: LocalizedText,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<LocalizedText>,
    /// Half days that it makes up for.
    #[schema(example = 2, minimum = 1, maximum = 40)]
    pub half_days: i32,
    /// By when it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-03-01", nullable = false)]
    pub due_on: Option<NaiveDate>,
}

/// A task that makes up for half days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MakeUpTask {
    /// Id.
    pub id: MakeUpTaskId,
    /// The round.
    pub round_id: RoundId,
    /// What it is called.
    pub title: LocalizedText,
    /// What is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Half days that it makes up for.
    #[schema(example = 2, minimum = 1, maximum = 40)]
    pub half_days: i32,
    /// By when it is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-03-01")]
    pub due_on: Option<NaiveDate>,
    /// Who has done it: all for coordinators, oneself for a participant.
    #[schema(max_items = 1000)]
    pub done_by_ids: Vec<PersonId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(MakeUpTaskPage, MakeUpTask, "A page of tasks that make up.");

/// Who has done a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCompletion {
    /// The participants.
    #[schema(min_items = 1, max_items = 1000)]
    pub person_ids: Vec<PersonId>,
    /// False where it was noted by mistake.
    #[serde(default = "yes")]
    #[schema(example = true, default = true)]
    pub done: bool,
}

const fn yes() -> bool {
    true
}
