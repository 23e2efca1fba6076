//! Effects: what changed from before to after, for those who answered both times.

use super::reports::{ReportBreakdown, ReportCell, ReportShowing};
use crate::{LocalizedText, SurveyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How large a change is, measured by how much people differ in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectSize {
    /// The mean change in tenths of a step of the scale.
    #[schema(example = 8, minimum = -1000, maximum = 1000)]
    pub mean_change_tenths: i32,
    /// Cohen's d for pairs (mean change by its standard deviation), in tenths.
    #[schema(example = 9, minimum = -1000, maximum = 1000)]
    pub effect_tenths: i32,
    /// Where the interval that holds the true one in 95 of 100 cases begins, in tenths.
    #[schema(example = 4, minimum = -1000, maximum = 1000)]
    pub effect_from_tenths: i32,
    /// Where it ends, in tenths.
    #[schema(example = 14, minimum = -1000, maximum = 1000)]
    pub effect_to_tenths: i32,
}

/// What changed in the answers to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectQuestion {
    /// The question's key.
    #[schema(example = "self_knowledge", max_length = 40)]
    pub key: String,
    /// What was asked.
    pub text: LocalizedText,
    /// What is shown of it.
    pub showing: ReportShowing,
    /// People by how their second answer stands to their first: `lower`, `same`, `higher`; some
    /// together where there are few.
    #[schema(max_items = 3)]
    pub cells: Vec<ReportCell>,
    /// How large the change is; absent where it may not be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub size: Option<EffectSize>,
    /// The same divided by what people are, as far as that may be shown.
    #[schema(max_items = 4)]
    pub breakdowns: Vec<ReportBreakdown>,
}

/// What changed from one survey to another, for those who answered both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectReport {
    /// The survey before.
    pub before_survey_id: SurveyId,
    /// The survey after.
    pub after_survey_id: SurveyId,
    /// How many answered both with the same phrase; absent where fewer than five did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 19, minimum = 5, maximum = 2_147_483_647, nullable = false)]
    pub pairs_count: Option<i32>,
    /// Question by question.
    #[schema(max_items = 200)]
    pub questions: Vec<EffectQuestion>,
}
