//! Bodies of invitations: mentors and directors are asked to a ceremony.

use super::releases::ReleasedDay;
use crate::{InvitationId, Links, LocalizedText, OfficeId, PersonId, RoundId, SessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// As what somebody is invited.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "director")]
pub enum InvitedAs {
    /// Mentor of a participant.
    Mentor,
    /// Decides for a participant's municipality.
    Director,
}

/// What somebody answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "yes")]
pub enum InvitationVerdict {
    /// Comes.
    Yes,
    /// Does not come.
    No,
    /// Does not know yet.
    Maybe,
}

/// State of an invitation; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub enum InvitationState {
    /// It can be answered until the session begins.
    Open,
    /// The session is cancelled, or no longer for this person.
    Withdrawn,
}

/// An answer to an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInvitationAnswer {
    /// The answer.
    pub verdict: InvitationVerdict,
    /// A word to the organiser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "I'll be there for the afternoon.",
        min_length = 1,
        max_length = 500,
        nullable = false
    )]
    pub comment: Option<String>,
}

/// An invitation to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Id.
    pub id: InvitationId,
    /// The session.
    pub session_id: SessionId,
    /// The round.
    pub round_id: RoundId,
    /// Who is invited.
    pub person_id: PersonId,
    /// Name; absent where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Anders Dahl", max_length = 200)]
    pub name: Option<String>,
    /// As what.
    pub invited_as: InvitedAs,
    /// The office that a director decides by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_id: Option<OfficeId>,
    /// State.
    pub state: InvitationState,
    /// What the session is called.
    pub session_name: LocalizedText,
    /// Its days.
    #[schema(max_items = 31)]
    pub days: Vec<ReleasedDay>,
    /// IANA zone of its clocks.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// The answer; absent until there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<InvitationVerdict>,
    /// A word to the organiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "I'll be there for the afternoon.", max_length = 500)]
    pub comment: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-03-01T08:00:00Z")]
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was sent.
    #[schema(example = "2023-02-01T08:00:00Z")]
    pub invited_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(InvitationPage, Invitation, "A page of invitations.");

/// How many have answered what, of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationCount {
    /// As what they are invited.
    pub invited_as: InvitedAs,
    /// How many come.
    #[schema(example = 9, minimum = 0, maximum = 100_000)]
    pub yes: i32,
    /// How many don't.
    #[schema(example = 2, minimum = 0, maximum = 100_000)]
    pub no: i32,
    /// How many don't know yet.
    #[schema(example = 1, minimum = 0, maximum = 100_000)]
    pub maybe: i32,
    /// How many have not answered.
    #[schema(example = 3, minimum = 0, maximum = 100_000)]
    pub unanswered: i32,
}

/// How many have answered what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationCounts {
    /// The session.
    pub session_id: SessionId,
    /// One entry for each kind of guest.
    #[schema(max_items = 2)]
    pub counts: Vec<InvitationCount>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
