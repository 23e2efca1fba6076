//! Bodies of surveys: what is asked of whom, when, and under which promise.

use crate::{
    InstrumentId, Links, LocalizedText, OrganisationId, RefusedTransition, RoundId, SessionId,
    SurveyId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is promised to who answers; it stays as it is from the first invitation on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "anonymous")]
pub enum SurveyMode {
    /// Nobody can tell who answered what; reports show groups of at least five.
    Anonymous,
    /// Single sheets are read by evaluators, without a name.
    Confidential,
    /// Evaluators see who answered what.
    Named,
}

/// State of a survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum SurveyState {
    /// It waits for its occasion.
    Planned,
    /// It is answered.
    Open,
    /// It is over, and its report is made.
    Closed,
    /// It was called off; what was answered is gone.
    Cancelled,
}

/// Who is asked; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "participants")]
pub enum SurveyAudience {
    /// Everybody with a seat in the round.
    Participants,
    /// The participants' mentors.
    Mentors,
    /// Those who decide for the participants' municipalities.
    Directors,
    /// The participants' own managers.
    Managers,
    /// People around the participants whom they, or a coordinator, name.
    Colleagues,
}

/// Which of several surveys that are compared person by person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "before")]
pub enum SurveyPart {
    /// Before the programme.
    Before,
    /// At its end.
    After,
    /// Some time later.
    FollowUp,
}

/// What makes a survey open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "session_held")]
pub enum OccasionKind {
    /// The day `opensOn`, or somebody's word.
    Manual,
    /// A session was released for the first time.
    SessionReleased,
    /// A session is over.
    SessionHeld,
    /// The round is over.
    RoundFinished,
    /// The round has been over for some months.
    MonthsAfterRound,
}

/// When a survey opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Occasion {
    /// What makes it open.
    pub kind: OccasionKind,
    /// The session, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub session_id: Option<SessionId>,
    /// How many months after the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 6, minimum = 1, maximum = 60, nullable = false)]
    pub months: Option<i32>,
}

/// A survey to plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSurvey {
    /// What is asked.
    pub instrument_id: InstrumentId,
    /// In which version; absent for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, nullable = false)]
    pub instrument_version: Option<i32>,
    /// Name.
    pub name: LocalizedText,
    /// Who is asked.
    pub audience: SurveyAudience,
    /// What is promised.
    pub mode: SurveyMode,
    /// When it opens.
    pub occasion: Occasion,
    /// For how many days it is open, the first and the last included.
    #[schema(example = 14, minimum = 1, maximum = 120)]
    pub open_days: i32,
    /// First day, where the occasion is `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-01", nullable = false)]
    pub opens_on: Option<NaiveDate>,
    /// Which of several surveys that are compared person by person. `before` begins a family;
    /// the others join that of `pairedWithId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub part: Option<SurveyPart>,
    /// A survey of the family that it joins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paired_with_id: Option<SurveyId>,
}

/// What is to be changed of a planned survey; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SurveyChange {
    /// Another version of the instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, minimum = 1, nullable = false)]
    pub instrument_version: Option<i32>,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<LocalizedText>,
    /// What is promised, until somebody was invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mode: Option<SurveyMode>,
    /// When it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub occasion: Option<Occasion>,
    /// For how many days it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 14, minimum = 1, maximum = 120, nullable = false)]
    pub open_days: Option<i32>,
    /// First day, where the occasion is `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-01", nullable = false)]
    pub opens_on: Option<NaiveDate>,
}

/// The same survey for another round, or once more for this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSurveyCopy {
    /// The round that is asked.
    pub round_id: RoundId,
    /// When it opens; absent for the same occasion. A session is always named anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub occasion: Option<Occasion>,
    /// First day, where the occasion is `manual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-09-01", nullable = false)]
    pub opens_on: Option<NaiveDate>,
    /// A survey of the family that it joins, where it is no `before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub paired_with_id: Option<SurveyId>,
}

/// Why something is called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSurveyCancellation {
    /// The reason, for the organiser's own people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "The session was moved.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// A survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    /// Id.
    pub id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// Whose it is.
    pub organiser_id: OrganisationId,
    /// What is asked.
    pub instrument_id: InstrumentId,
    /// In which version.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// Name.
    pub name: LocalizedText,
    /// Who is asked.
    pub audience: SurveyAudience,
    /// What is promised.
    pub mode: SurveyMode,
    /// Whether the promise can't be changed any more, since somebody was invited under it.
    #[schema(example = true)]
    pub mode_frozen: bool,
    /// When it opens.
    pub occasion: Occasion,
    /// State.
    pub state: SurveyState,
    /// For how many days it is open.
    #[schema(example = 14, minimum = 1, maximum = 120)]
    pub open_days: i32,
    /// First day, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-01")]
    pub opens_on: Option<NaiveDate>,
    /// Last day, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-14")]
    pub closes_on: Option<NaiveDate>,
    /// Which of several surveys that are compared person by person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<SurveyPart>,
    /// The surveys that are compared share it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        value_type = String,
        format = Uuid,
        example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60"
    )]
    pub family_id: Option<Uuid>,
    /// Whether answers can still be paired: the key by which it is done is there.
    #[schema(example = false)]
    pub pairing_open: bool,
    /// How many were asked.
    #[schema(example = 24)]
    pub asked_count: i32,
    /// How many of them have answered; never who.
    #[schema(example = 20)]
    pub answered_count: i32,
    /// When it was changed last; answers don't count.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// What can't be done now, and why.
    #[schema(max_items = 20)]
    pub transitions: Vec<RefusedTransition>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(SurveyPage, Survey, "A page of surveys.");
