//! Bodies of what people see of sessions: a facilitator's roster, one's own schedule, and that of
//! one's staff.

use super::{
    attendance::DayCount,
    releases::{ReleasedDay, ReleasedPlace, SessionStatus},
    sessions::{Audience, SessionForm, SessionKind},
};
use crate::{ApplicationId, GroupId, Links, LocalizedText, PersonId, RoundId, SessionId, VenueId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody who attends a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterEntry {
    /// The participant.
    pub person_id: PersonId,
    /// The participation.
    pub application_id: ApplicationId,
    /// Name; absent where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: Option<String>,
    /// Name of the municipality; absent where there is none or it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Tranås kommun", max_length = 200)]
    pub municipality: Option<String>,
    /// The site from which the participant joins; absent where none is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_id: Option<VenueId>,
}

/// Who attends a session. What they need is not among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Roster {
    /// The session.
    pub session_id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// The participants, by name.
    #[schema(max_items = 10_000)]
    pub entries: Vec<RosterEntry>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A session as somebody sees it who goes there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// The session.
    pub session_id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// What it is called.
    pub name: LocalizedText,
    /// What it is.
    pub kind: SessionKind,
    /// How people take part.
    pub form: SessionForm,
    /// How sure it is.
    pub status: SessionStatus,
    /// As what one is there; several where one is more than one thing.
    #[schema(min_items = 1, max_items = 6)]
    pub as_audience: Vec<Audience>,
    /// Its days.
    #[schema(max_items = 31)]
    pub days: Vec<ReleasedDay>,
    /// IANA zone of its clocks.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// Where it is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<ReleasedPlace>,
    /// Where to join remotely.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://meet.example/ledarskap",
        format = "uri",
        max_length = 1000
    )]
    pub online_address: Option<String>,
    /// The group in which one is there: the one made for the session, else the round's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 1, maximum = 1000)]
    pub group_number: Option<i32>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A round in which one takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnRound {
    /// The round.
    pub round_id: RoundId,
    /// The participation.
    pub application_id: ApplicationId,
    /// What the round is called; absent where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalizedText>,
    /// The session that goes on or comes next; absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_session: Option<OwnSession>,
    /// How many days one was there.
    pub days: DayCount,
}

/// Where and when one is next, and how many days one was there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSchedule {
    /// Oneself.
    pub person_id: PersonId,
    /// The rounds in which one takes part.
    #[schema(max_items = 100)]
    pub rounds: Vec<OwnRound>,
    /// All sessions to come, whatever one is there, in the order of their days.
    #[schema(max_items = 1000)]
    pub upcoming: Vec<OwnSession>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Sessions to come of somebody whose manager one is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StaffSchedule {
    /// The member of staff.
    pub person_id: PersonId,
    /// Name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// The sessions, in the order of their days.
    #[schema(max_items = 1000)]
    pub upcoming: Vec<OwnSession>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    StaffSchedulePage,
    StaffSchedule,
    "A page of one's staff with their sessions."
);
