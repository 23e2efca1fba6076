//! Bodies of pairs: from the proposal to the end.

use crate::{
    ApplicationId, Links, MatchingRunId, MentorId, OrganisationId, PairId, PersonId,
    RefusedTransition, RoundId,
    mentorship::{matching::ScorePart, mentors::MatchingReason},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a pair; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "active")]
pub enum PairState {
    /// Both are asked.
    Proposed,
    /// Both have accepted; it begins with the round, or when a coordinator says so.
    Accepted,
    /// They work together.
    Active,
    /// They rest for a while.
    Paused,
    /// It is over.
    Ended,
}

/// Why a pair ended; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "completed")]
pub enum PairEnding {
    /// They did what they wanted to do.
    Completed,
    /// They did not get along; the two are not matched again.
    Disagreement,
    /// The mentor declined the proposal.
    DeclinedByMentor,
    /// The mentee declined the proposal.
    DeclinedByMentee,
    /// The proposal was not answered in time.
    Expired,
    /// The mentor no longer holds the office.
    MentorLeftOffice,
    /// Both now belong to the same municipality.
    SameMunicipality,
    /// The mentee no longer takes part.
    ParticipantLeft,
    /// One of the two was forgotten, and with them all that the pair wrote.
    PersonErased,
    /// Anything else.
    Other,
}

/// One side's answer to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accepted")]
pub enum PairAnswer {
    /// None yet.
    Pending,
    /// Yes.
    Accepted,
    /// No.
    Declined,
}

/// Yes or no to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accept")]
pub enum PairVerdict {
    /// Yes.
    Accept,
    /// No.
    Decline,
}

/// An answer to a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairAnswer {
    /// Yes or no.
    pub verdict: PairVerdict,
    /// The reason, for the coordinators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "I have too much to do this autumn.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: Option<String>,
}

/// How a pair is to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairEnding {
    /// Why.
    pub ending: PairEndingChoice,
    /// The reason in words, for the coordinators alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "They could not find a common time.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: Option<String>,
}

/// Why somebody ends a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "completed")]
pub enum PairEndingChoice {
    /// They did what they wanted to do.
    Completed,
    /// They did not get along; the two are not matched again.
    Disagreement,
    /// The mentor no longer holds the office.
    MentorLeftOffice,
    /// Both now belong to the same municipality.
    SameMunicipality,
    /// Anything else.
    Other,
}

impl From<PairEndingChoice> for PairEnding {
    fn from(choice: PairEndingChoice) -> Self {
        match choice {
            PairEndingChoice::Completed => Self::Completed,
            PairEndingChoice::Disagreement => Self::Disagreement,
            PairEndingChoice::MentorLeftOffice => Self::MentorLeftOffice,
            PairEndingChoice::SameMunicipality => Self::SameMunicipality,
            PairEndingChoice::Other => Self::Other,
        }
    }
}

/// One of the two, as the other sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairMember {
    /// The person.
    pub person_id: PersonId,
    /// The person's name, once it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Karin Karlsson", max_length = 200)]
    pub name: Option<String>,
    /// The person's municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Aneby kommun", max_length = 200)]
    pub municipality: Option<String>,
    /// What the person answered to the proposal.
    pub answer: PairAnswer,
}

/// A mentor and a mentee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// Id.
    pub id: PairId,
    /// The round.
    pub round_id: RoundId,
    /// The mentor's place in the pool.
    pub mentor_id: MentorId,
    /// The mentee's participation.
    pub application_id: ApplicationId,
    /// The mentor.
    pub mentor: PairMember,
    /// The mentee.
    pub mentee: PairMember,
    /// State.
    pub state: PairState,
    /// Why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending: Option<PairEnding>,
    /// Last day on which the proposal can be answered.
    #[schema(example = "2022-06-23")]
    pub answer_by: NaiveDate,
    /// Why it is thought that they fit, in the reader's language.
    #[schema(max_items = 20)]
    pub fit: Vec<ScorePart>,
    /// Hard rules that no longer hold: it is for the coordinators to decide.
    #[schema(max_items = 8)]
    pub flags: Vec<MatchingReason>,
    /// The run that proposed it.
    pub run_id: MatchingRunId,
    /// When it was proposed.
    #[schema(example = "2022-06-11T08:00:00Z")]
    pub proposed_at: DateTime<Utc>,
    /// When they began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-22T06:00:00Z")]
    pub active_since: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-05-31T08:00:00Z")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Meetings that were held.
    #[schema(example = 2, minimum = 0, maximum = 10_000)]
    pub meetings_held: i32,
    /// What both say of the fit; for coordinators, and one's own.
    #[schema(max_items = 2)]
    pub pulses: Vec<Pulse>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(PairPage, Pair, "A page of pairs.");

/// How well two people fit, as one of them finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "good")]
pub enum Fit {
    /// They fit.
    Good,
    /// It is too early to say.
    Unsure,
    /// They don't fit.
    Poor,
}

/// What somebody says of the fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPulse {
    /// How well the two fit; the coordinators see it, the other does not.
    pub fit: Fit,
}

/// What one of the two says of the fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pulse {
    /// Who says it.
    pub person_id: PersonId,
    /// How well the two fit.
    pub fit: Fit,
    /// When it was said.
    #[schema(example = "2022-10-03T08:00:00Z")]
    pub given_at: DateTime<Utc>,
}
