//! Bodies of releases: what people see of a round's plan, and what changed.

use super::{
    plans::{Finding, ProgrammeDays},
    sessions::{AgendaItem, Audience, Period, SessionForm, SessionKind, WallTime},
    venues::{AccessibilityStatement, PostalAddress, VenueKind},
};
use crate::{
    GroupId, Links, LocalizedText, OrganisationId, PersonId, ReleaseId, RoomId, RoundId, SessionId,
    VenueId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How sure a released session is; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "confirmed")]
pub enum SessionStatus {
    /// To be held free: a reserve date, or a venue that is not booked firmly.
    Tentative,
    /// It is held.
    Confirmed,
    /// It is not held.
    Cancelled,
}

/// A day of a released session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleasedDay {
    /// Its number within the session, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub number: i32,
    /// The day, by the clocks of the session's zone.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// When it starts, by the same clocks.
    pub starts_at: WallTime,
    /// When it ends.
    pub ends_at: WallTime,
    /// The instant at which it starts.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub starts: DateTime<Utc>,
    /// The instant at which it ends.
    #[schema(example = "2022-09-01T15:00:00Z")]
    pub ends: DateTime<Utc>,
}

/// A place of a released session, as it was when the plan was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleasedPlace {
    /// The venue.
    pub venue_id: VenueId,
    /// What it is.
    pub kind: VenueKind,
    /// Its name.
    #[schema(example = "Stiftsgården Vårdnäs", max_length = 200)]
    pub name: String,
    /// Where it is.
    pub address: PostalAddress,
    /// What it says of its accessibility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessibility: Option<AccessibilityStatement>,
    /// The room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// The room's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Stora salen", max_length = 100, nullable = false)]
    pub room_name: Option<String>,
    /// People it takes for this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 30, minimum = 1, maximum = 10_000, nullable = false)]
    pub capacity: Option<i32>,
    /// Who looks after those who come to this site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<PersonId>,
}

/// A session as it was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleasedSession {
    /// Id.
    pub id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// How sure it is.
    pub status: SessionStatus,
    /// Goes up by one with every release that changes the session; 0 at first.
    #[schema(example = 0, minimum = 0, maximum = 1_000_000)]
    pub sequence: i32,
    /// When a release last changed it.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub changed_at: DateTime<Utc>,
    /// When it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-12-12T08:00:00Z")]
    pub cancelled_at: Option<DateTime<Utc>>,
    /// What it is.
    pub kind: SessionKind,
    /// How people take part.
    pub form: SessionForm,
    /// What it is called.
    pub name: LocalizedText,
    /// What people should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Its days in their order.
    #[schema(max_items = 31)]
    pub days: Vec<ReleasedDay>,
    /// From when to when, of a practice period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// IANA zone of its clocks.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// Where it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<ReleasedPlace>,
    /// Where to join remotely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://meet.example/ledarskap",
        format = "uri",
        max_length = 1000,
        nullable = false
    )]
    pub online_address: Option<String>,
    /// Sites from which some join.
    #[schema(max_items = 50)]
    pub sites: Vec<ReleasedPlace>,
    /// People it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 24, minimum = 1, maximum = 10_000, nullable = false)]
    pub capacity: Option<i32>,
    /// For whom it is.
    #[schema(max_items = 6)]
    pub audience: Vec<Audience>,
    /// The group, with audience `group`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// The name of the choice to which an elective session belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "spring-seminar", max_length = 40, nullable = false)]
    pub choice: Option<String>,
    /// Who leads it.
    #[schema(max_items = 50)]
    pub facilitator_ids: Vec<PersonId>,
    /// What happens when.
    #[schema(max_items = 200)]
    pub agenda: Vec<AgendaItem>,
    /// Last day on which a reserve date is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-01-31")]
    pub held_until: Option<NaiveDate>,
    /// Whether its days are programme days of the round.
    #[schema(example = true)]
    pub counts: bool,
    /// The session that it stands in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_id: Option<SessionId>,
    /// The session that stands in for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by_id: Option<SessionId>,
}

/// What happened to a session between two versions of a plan; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "changed")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Something of it is other than before.
    Changed,
    /// It will not be held.
    Cancelled,
}

/// What is other about a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionChange {
    /// The session.
    pub session_id: SessionId,
    /// What happened.
    pub change: ChangeKind,
    /// The members of the session that differ.
    #[schema(max_items = 40, example = json!(["days", "venue"]))]
    pub fields: Vec<String>,
    /// As it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<ReleasedSession>,
    /// As it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<ReleasedSession>,
}

/// Somebody whom a release concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AffectedPerson {
    /// The person.
    pub person_id: PersonId,
    /// As what.
    #[schema(min_items = 1, max_items = 6)]
    pub audience: Vec<Audience>,
    /// By which sessions.
    #[schema(max_items = 200)]
    pub session_ids: Vec<SessionId>,
}

/// What a release would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReleasePreview {
    /// The round.
    pub round_id: RoundId,
    /// Number that the release would have.
    #[schema(example = 2, minimum = 1, maximum = 1_000_000)]
    pub number: i32,
    /// What is other than in the last release; empty where nothing is.
    #[schema(max_items = 400)]
    pub changes: Vec<SessionChange>,
    /// Who would be told.
    #[schema(max_items = 10_000)]
    pub affected: Vec<AffectedPerson>,
    /// What speaks against it.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
    /// Programme days.
    pub programme_days: ProgrammeDays,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A release to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRelease {
    /// Why it is released although something speaks against it; required then, and kept in the
    /// history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Both groups fit into the room.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// One released version of a round's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Id.
    pub id: ReleaseId,
    /// The round.
    pub round_id: RoundId,
    /// Number, from 1 without gaps.
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub number: i32,
    /// When it was released.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub released_at: DateTime<Utc>,
    /// People who were told.
    #[schema(example = 24, minimum = 0, maximum = 1_000_000)]
    pub affected_count: i32,
    /// What spoke against it, and was released with a reason all the same.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
    /// The sessions, cancelled ones included, in the order of their days.
    #[schema(max_items = 400)]
    pub sessions: Vec<ReleasedSession>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ReleasePage, Release, "A page of releases.");

/// What is other in one version of a plan than in another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanDifference {
    /// The round.
    pub round_id: RoundId,
    /// Number of the earlier release; 0 is the time before the first.
    #[schema(example = 1, minimum = 0, maximum = 1_000_000)]
    pub from: i32,
    /// Number of the later release; absent for the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, minimum = 0, maximum = 1_000_000)]
    pub to: Option<i32>,
    /// What is other.
    #[schema(max_items = 400)]
    pub changes: Vec<SessionChange>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What a reader may see of a round's released plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// The round.
    pub round_id: RoundId,
    /// Number of the release.
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub number: i32,
    /// When it was released.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub released_at: DateTime<Utc>,
    /// Programme days.
    pub programme_days: ProgrammeDays,
    /// The sessions that are for the reader, in the order of their days.
    #[schema(max_items = 400)]
    pub sessions: Vec<ReleasedSession>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
