//! Bodies of programme goals: what a programme is to lead to, and whether it does.

use crate::{
    Links, LocalizedText, ProgrammeGoalId, ProgrammeId, RoundId, SurveyId, ThemeId,
    evaluation::completion::Share,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A measure of a network survey; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "across_municipalities")]
pub enum NetworkMeasureName {
    /// Share of the ties that could be.
    Density,
    /// Share of ties that go both ways.
    Reciprocity,
    /// Share of ties across municipalities.
    AcrossMunicipalities,
    /// Share of ties across departments.
    AcrossDepartments,
}

/// What an indicator is drawn from, and what it is to reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum GoalIndicator {
    /// Share of a round's participants who completed it.
    #[serde(rename_all = "camelCase")]
    CompletionShare {
        /// The round.
        round_id: RoundId,
        /// The share to reach.
        at_least: Share,
    },
    /// Mean of the answers to a question of a closed survey.
    #[serde(rename_all = "camelCase")]
    QuestionMean {
        /// The survey.
        survey_id: SurveyId,
        /// The question.
        #[schema(
            example = "content_relevant",
            pattern = "^[a-z][a-z0-9_]{0,39}$",
            max_length = 40
        )]
        question_key: String,
        /// The mean to reach, in hundredths.
        #[schema(example = 400, minimum = -1000, maximum = 10_000)]
        at_least_hundredths: i32,
    },
    /// A measure of a closed network survey.
    #[serde(rename_all = "camelCase")]
    NetworkMeasure {
        /// The survey.
        survey_id: SurveyId,
        /// The kind of tie.
        #[schema(example = "knows", pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
        tie_key: String,
        /// The measure.
        measure: NetworkMeasureName,
        /// The share to reach, in hundredths.
        #[schema(example = 40, minimum = 0, maximum = 100)]
        at_least_hundredths: i32,
    },
    /// Mean change of the answers to a question from the survey before to this one.
    #[serde(rename_all = "camelCase")]
    QuestionChange {
        /// The survey that came after.
        survey_id: SurveyId,
        /// The question.
        #[schema(
            example = "self_knowledge",
            pattern = "^[a-z][a-z0-9_]{0,39}$",
            max_length = 40
        )]
        question_key: String,
        /// The change to reach, in hundredths of a step.
        #[schema(example = 50, minimum = -10_000, maximum = 10_000)]
        at_least_hundredths: i32,
    },
    /// Change of a network's density since the round's first survey of it.
    #[serde(rename_all = "camelCase")]
    NetworkChange {
        /// The later survey.
        survey_id: SurveyId,
        /// The kind of tie.
        #[schema(example = "knows", pattern = "^[a-z][a-z0-9_]{0,39}$", max_length = 40)]
        tie_key: String,
        /// The change to reach, in hundredths.
        #[schema(example = 20, minimum = -100, maximum = 100)]
        at_least_hundredths: i32,
    },
    /// How many spoke of a theme in interviews.
    #[serde(rename_all = "camelCase")]
    ThemeCount {
        /// The theme.
        theme_id: ThemeId,
        /// The number of people to reach.
        #[schema(example = 12, minimum = 1, maximum = 10_000)]
        at_least_count: i32,
    },
}

/// A goal to set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewProgrammeGoal {
    /// What is to be reached.
    pub text: LocalizedText,
    /// By what it is seen.
    #[schema(max_items = 20)]
    pub indicators: Vec<GoalIndicator>,
}

/// How an indicator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "reached")]
pub enum IndicatorState {
    /// What it is drawn from is not there yet, or may not be shown.
    NotAvailable,
    /// It is not reached.
    NotReached,
    /// It is reached.
    Reached,
}

/// An indicator as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorReading {
    /// What it is drawn from.
    pub indicator: GoalIndicator,
    /// How it stands.
    pub state: IndicatorState,
    /// Its value now, in hundredths, rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 91, minimum = -10_000, maximum = 1_000_000)]
    pub value_hundredths: Option<i32>,
}

/// Status of a goal; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "on_track")]
pub enum GoalStatus {
    /// Nobody has assessed it.
    NotAssessed,
    /// It will be reached, as it looks.
    OnTrack,
    /// It may not be reached.
    AtRisk,
    /// It is reached.
    Reached,
    /// It is not reached.
    NotReached,
}

/// An assessment of a goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGoalAssessment {
    /// The status.
    pub status: GoalStatus,
    /// Why.
    #[schema(
        example = "22 of 24 completed; the network grew across municipalities.",
        min_length = 1,
        max_length = 2000
    )]
    pub reason: String,
}

/// A goal of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeGoal {
    /// Id.
    pub id: ProgrammeGoalId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// What is to be reached.
    pub text: LocalizedText,
    /// Its indicators, as they stand now.
    #[schema(max_items = 20)]
    pub indicators: Vec<IndicatorReading>,
    /// Status.
    pub status: GoalStatus,
    /// Why it has this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "22 of 24 completed; the network grew across municipalities.",
        max_length = 2000
    )]
    pub reason: Option<String>,
    /// When it was assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-06-20T08:00:00Z")]
    pub assessed_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    ProgrammeGoalPage,
    ProgrammeGoal,
    "A page of a programme's goals."
);
