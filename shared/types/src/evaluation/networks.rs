//! Networks: who of a round has ties with whom, as measures of the whole.

use crate::{LocalizedText, SurveyId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a network stands to an earlier one, over those who answered both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkChange {
    /// The earlier survey.
    pub since_survey_id: SurveyId,
    /// How much denser it is, in thousandths of all possible ties.
    #[schema(example = 214, minimum = -1000, maximum = 1000)]
    pub density_change_permille: i32,
    /// How often chance alone makes a difference as large, in thousandths: each one's two sets of
    /// ties are exchanged or not, 9,999 times.
    #[schema(example = 3, minimum = 1, maximum = 1000)]
    pub chance_permille: i32,
}

/// A network of one kind of tie, as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkTies {
    /// Key of the kind of tie.
    #[schema(example = "asked_for_advice", max_length = 40)]
    pub key: String,
    /// What the kind of tie is called.
    pub text: LocalizedText,
    /// Ties, in thousandths of all possible ones.
    #[schema(example = 412, minimum = 0, maximum = 1000)]
    pub density_permille: i32,
    /// Ties that go both ways, in thousandths of all ties.
    #[schema(example = 635, minimum = 0, maximum = 1000)]
    pub reciprocity_permille: i32,
    /// How many have no tie at all; absent where it is fewer than five but not none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 0, minimum = 0, maximum = 2_147_483_647, nullable = false)]
    pub isolates_count: Option<i32>,
    /// Ties to another municipality, in thousandths of all ties; absent where fewer than five
    /// stay or leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 870, minimum = 0, maximum = 1000, nullable = false)]
    pub between_municipalities_permille: Option<i32>,
    /// The same for departments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 930, minimum = 0, maximum = 1000, nullable = false)]
    pub between_departments_permille: Option<i32>,
    /// How it changed since earlier surveys with the same question.
    #[schema(max_items = 10)]
    pub changes: Vec<NetworkChange>,
}

/// The network of a round as a survey found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkReport {
    /// The survey.
    pub survey_id: SurveyId,
    /// The day on which it closed.
    #[schema(example = "2023-06-14")]
    pub closed_on: NaiveDate,
    /// Key of the question.
    #[schema(example = "network", max_length = 40)]
    pub question_key: String,
    /// What was asked.
    pub text: LocalizedText,
    /// How many answered; absent where there are fewer than ten, of whom no network is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 22, minimum = 10, maximum = 2_147_483_647, nullable = false)]
    pub answered_count: Option<i32>,
    /// Kind by kind.
    #[schema(max_items = 20)]
    pub ties: Vec<NetworkTies>,
}
