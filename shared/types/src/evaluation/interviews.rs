//! Bodies of interviews: guide, consent, notes, and the code book by which they are read.

use crate::{ApplicationId, InterviewId, Links, LocalizedText, PersonId, RoundId, ThemeId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// With whom an interview is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "individual")]
pub enum InterviewKind {
    /// With one participant.
    Individual,
    /// With several at once.
    Group,
}

/// State of an interview; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum InterviewState {
    /// It is to come.
    Planned,
    /// It was held.
    Held,
}

/// Whether somebody agrees to be interviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "given")]
pub enum Consent {
    /// Asked, and not answered.
    Asked,
    /// Given.
    Given,
    /// Refused, or taken back.
    Refused,
}

/// An interview to plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterview {
    /// With whom: one participant, or several.
    pub kind: InterviewKind,
    /// The participations.
    #[schema(min_items = 1, max_items = 30)]
    pub application_ids: Vec<ApplicationId>,
    /// What is to be asked, in its order.
    #[schema(min_items = 1, max_items = 50)]
    pub guide_questions: Vec<LocalizedText>,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-15", nullable = false)]
    pub planned_on: Option<NaiveDate>,
}

/// Somebody who is interviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interviewee {
    /// The participation.
    pub application_id: ApplicationId,
    /// The participant.
    pub person_id: PersonId,
    /// Whether the participant agrees.
    pub consent: Consent,
}

/// An interview: that it is, never what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interview {
    /// Id.
    pub id: InterviewId,
    /// The round.
    pub round_id: RoundId,
    /// With whom.
    pub kind: InterviewKind,
    /// Who is interviewed; for a participant oneself.
    #[schema(max_items = 30)]
    pub interviewees: Vec<Interviewee>,
    /// What is to be asked.
    #[schema(max_items = 50)]
    pub guide_questions: Vec<LocalizedText>,
    /// State.
    pub state: InterviewState,
    /// The day, planned or held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-15")]
    pub on: Option<NaiveDate>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(InterviewPage, Interview, "A page of interviews.");

/// A participant's answer to being asked for an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewConsent {
    /// False refuses, or takes back what was given before: what was written of one's own interview
    /// is then erased, and of a group's what was noted as said by oneself.
    #[schema(example = true)]
    pub given: bool,
}

/// That an interview was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterviewHolding {
    /// The day.
    #[schema(example = "2023-06-15")]
    pub held_on: NaiveDate,
}

/// Notes to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterviewNotes {
    /// What was said.
    #[schema(
        example = "Wants more time between the residentials.",
        min_length = 1,
        max_length = 50_000
    )]
    pub text: String,
}

/// Notes of an interview, for evaluators alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterviewNotes {
    /// The interview.
    pub interview_id: InterviewId,
    /// What was said.
    #[schema(
        example = "Wants more time between the residentials.",
        max_length = 50_000
    )]
    pub text: String,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A theme to add to a round's code book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTheme {
    /// What it is called.
    pub name: LocalizedText,
    /// What counts as it, and what does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<LocalizedText>,
}

/// How often a theme came up among people of one gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThemeByGender {
    /// Women who spoke of it.
    #[schema(example = 6, minimum = 0, maximum = 10_000)]
    pub women: i32,
    /// Men who spoke of it.
    #[schema(example = 5, minimum = 0, maximum = 10_000)]
    pub men: i32,
}

/// A theme, and how often it came up. Counts that could be somebody's are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Theme {
    /// Id.
    pub id: ThemeId,
    /// The round.
    pub round_id: RoundId,
    /// What it is called.
    pub name: LocalizedText,
    /// What counts as it, and what does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Interviews in which it came up; left out where there are too few.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 7, minimum = 5, maximum = 10_000)]
    pub interviews_count: Option<i32>,
    /// People who spoke of it; left out where there are too few of them, or of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 11, minimum = 5, maximum = 10_000)]
    pub people_count: Option<i32>,
    /// The same by gender; left out where a number, or what is left of the others, is too small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_gender: Option<ThemeByGender>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ThemePage, Theme, "A page of a round's code book.");

/// A place in an interview that belongs to a theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InterviewCoding {
    /// The theme.
    pub theme_id: ThemeId,
    /// Who spoke of it.
    pub application_id: ApplicationId,
    /// Words that may be quoted, without names: one that holds the name of a participant is
    /// refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "I lead otherwise on Mondays now.",
        min_length = 1,
        max_length = 2000,
        nullable = false
    )]
    pub quote: Option<String>,
}

/// All places of an interview that belong to themes, for evaluators alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterviewCodings {
    /// The interview.
    pub interview_id: InterviewId,
    /// The places, in the order in which they were noted.
    #[schema(max_items = 1000)]
    pub codings: Vec<InterviewCoding>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Codings to write: they replace those of before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterviewCodings {
    /// The places.
    #[schema(max_items = 1000)]
    pub codings: Vec<InterviewCoding>,
}
