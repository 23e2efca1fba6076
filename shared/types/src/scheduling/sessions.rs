//! Bodies of sessions: what people attend, with days, places, agenda and audience.

use crate::{
    GroupId, Links, LocalizedText, PersonId, RefusedTransition, RoomId, RoundId, SessionId, VenueId,
};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// What a session is; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "residential")]
pub enum SessionKind {
    /// The first meeting.
    Kickoff,
    /// Several days with nights between them.
    Residential,
    /// A meeting of a day or less.
    Seminar,
    /// A digital lecture.
    Webinar,
    /// A meeting of one group.
    GroupMeeting,
    /// Time between sessions for trying things out at one's own desk; nobody meets.
    PracticePeriod,
    /// One of several sessions between which a participant chooses.
    Elective,
    /// A date that all hold free, for a session that has to be replaced.
    Reserve,
    /// The end, with guests.
    Ceremony,
}

/// How people take part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "on_site")]
pub enum SessionForm {
    /// All are in one place.
    OnSite,
    /// All join remotely.
    Digital,
    /// Some are at the venue, some at learning centres or at their own desk.
    Hybrid,
}

/// For whom a session is; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "participants")]
pub enum Audience {
    /// Everybody with a seat in the round.
    Participants,
    /// The participants' mentors.
    Mentors,
    /// Those who decide for the participants' municipalities.
    Directors,
    /// The participants' own managers.
    Managers,
    /// Those who lead sessions of the round.
    Facilitators,
    /// The group that the session names.
    Group,
}

/// What an item of the agenda is; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "lecture")]
pub enum AgendaForm {
    /// Somebody speaks.
    Lecture,
    /// All speak.
    Seminar,
    /// In groups.
    GroupWork,
    /// A discussion.
    Discussion,
    /// Each thinks, and writes.
    Reflection,
    /// Anything else: meals, a walk.
    Other,
}

/// A wall-clock time without seconds, such as `10:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(
    value_type = String,
    example = "10:00",
    pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$",
    min_length = 5,
    max_length = 5
)]
pub struct WallTime(pub NaiveTime);

impl Serialize for WallTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.format("%H:%M"))
    }
}

impl<'de> Deserialize<'de> for WallTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// A day of a session, by the clocks of the session's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionDay {
    /// The day.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// When it starts. A time that clocks skip is refused; of one that comes twice the first is
    /// meant.
    pub starts_at: WallTime,
    /// When it ends, later on the same day.
    pub ends_at: WallTime,
}

/// The days of a practice period, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    /// First day.
    #[schema(example = "2022-09-03")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-10-12")]
    pub ends_on: NaiveDate,
}

/// A site from which some join a hybrid session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Site {
    /// The venue, mostly a learning centre.
    pub venue_id: VenueId,
    /// Its room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// People it takes for this session.
    #[schema(example = 8, minimum = 1, maximum = 10_000)]
    pub capacity: i32,
    /// Who looks after those who come there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_id: Option<PersonId>,
}

/// One thing on the agenda of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgendaItem {
    /// Which day of the session, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// When it starts.
    pub starts_at: WallTime,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<WallTime>,
    /// What it is.
    pub form: AgendaForm,
    /// What it is called.
    pub title: LocalizedText,
    /// The programme's theme to which it belongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<LocalizedText>,
    /// The room, where it is not the session's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// Who speaks; absent while it is to be announced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Professor of political science",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub speaker: Option<String>,
}

/// A session to add to a plan, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSession {
    /// What it is.
    pub kind: SessionKind,
    /// How people take part.
    pub form: SessionForm,
    /// What it is called.
    pub name: LocalizedText,
    /// What people should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Its days in their order; none as long as they are to be announced.
    #[serde(default)]
    #[schema(max_items = 31)]
    pub days: Vec<SessionDay>,
    /// With kind `practice_period`, and only there: from when to when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// IANA zone of its clocks; absent for the plan's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Europe/Stockholm",
        min_length = 1,
        max_length = 64,
        nullable = false
    )]
    pub time_zone: Option<String>,
    /// Where it is held; absent where it is digital or not yet known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue_id: Option<VenueId>,
    /// The venue's room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_id: Option<RoomId>,
    /// Where to join remotely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://meet.example/ledarskap",
        format = "uri",
        pattern = "^https://",
        max_length = 1000,
        nullable = false
    )]
    pub online_address: Option<String>,
    /// With form `hybrid`: the sites from which some join.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub sites: Vec<Site>,
    /// People it takes, where that is fewer than the room takes; of an elective session, its
    /// places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 24, minimum = 1, maximum = 10_000, nullable = false)]
    pub capacity: Option<i32>,
    /// For whom it is.
    #[serde(default = "participants")]
    #[schema(min_items = 1, max_items = 6)]
    pub audience: Vec<Audience>,
    /// With audience `group`, and only there: the group, one of the round's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<GroupId>,
    /// With kind `elective`, and only there: the name of the choice. A participant chooses one of
    /// the sessions that bear the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "spring-seminar",
        pattern = "^[a-z0-9-]{1,40}$",
        min_length = 1,
        max_length = 40,
        nullable = false
    )]
    pub choice: Option<String>,
    /// Who leads it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub facilitator_ids: Vec<PersonId>,
    /// What happens when.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub agenda: Vec<AgendaItem>,
    /// With kind `reserve`, and only there: the last day on which the date is held, the whole day
    /// included. After it the date lapses by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-01-31", nullable = false)]
    pub held_until: Option<NaiveDate>,
}

fn participants() -> Vec<Audience> {
    vec![Audience::Participants]
}

/// State of a session in the draft; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum SessionState {
    /// It is to be held; a reserve date waits.
    Planned,
    /// It will not be held.
    Cancelled,
    /// A reserve date that stands in for another session.
    Activated,
    /// A reserve date that was not needed.
    Lapsed,
}

/// A session of a round's draft plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Id.
    pub id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// State in the draft.
    pub state: SessionState,
    /// What was last written of it.
    pub content: NewSession,
    /// The session that it stands in for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces_id: Option<SessionId>,
    /// The session that stands in for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by_id: Option<SessionId>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

/// Which session a reserve date stands in for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewActivation {
    /// The session that is replaced; it is cancelled by this, unless it was before.
    pub replaces_id: SessionId,
    /// The reason, kept in the history.
    #[schema(
        example = "The venue was snowed in.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}
