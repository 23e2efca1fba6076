//! Questions: what an instrument asks, and what an answer may be.

use crate::LocalizedText;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "likert")]
pub enum QuestionKind {
    /// How far one agrees, from 1 (not at all) to `points` (wholly).
    Likert,
    /// A whole number from `lowest` to `highest`, its ends named.
    Scale,
    /// One of the options.
    Single,
    /// Any number of the options.
    Multiple,
    /// Free text.
    Text,
    /// Other participants of the round, each with the ties that one has with them.
    NetworkTie,
}

/// One of the answers that a question offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionOption {
    /// Its name within the question; the same in all versions that mean the same.
    #[schema(example = "weekly", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    /// What the reader sees.
    pub text: LocalizedText,
}

/// A question is asked only of who answered another one, before it, in one of these ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuestionCondition {
    /// Key of an earlier question.
    #[schema(example = "had_meetings", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub question_key: String,
    /// Keys of options, or numbers as text, one of which was answered.
    #[schema(example = json!(["yes"]), min_items = 1, max_items = 20)]
    pub any_of: Vec<String>,
}

/// A question of an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Question {
    /// Its name within the instrument; the same in all versions that mean the same, so that
    /// rounds can be compared.
    #[schema(example = "content_relevant", pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// What is asked.
    pub text: LocalizedText,
    /// Whether it has to be answered, where it is asked.
    #[serde(default)]
    #[schema(example = true)]
    pub required: bool,
    /// Likert: how many steps there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 5, minimum = 3, maximum = 10, nullable = false)]
    pub points: Option<i32>,
    /// Scale: the lowest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 0, minimum = -10, maximum = 100, nullable = false)]
    pub lowest: Option<i32>,
    /// Scale: the highest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 10, minimum = -10, maximum = 100, nullable = false)]
    pub highest: Option<i32>,
    /// Scale: what the lowest number means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lowest_text: Option<LocalizedText>,
    /// Scale: what the highest number means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub highest_text: Option<LocalizedText>,
    /// Single, multiple: the answers offered. Network tie: the kinds of tie.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub options: Vec<QuestionOption>,
    /// Text: the most characters of an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2000, minimum = 1, maximum = 4000, nullable = false)]
    pub longest_characters: Option<i32>,
    /// Of whom it is asked; absent for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shown_if: Option<QuestionCondition>,
}

/// What was answered to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum AnswerValue {
    /// Likert and scale.
    Number(i32),
    /// Single: the option's key. Text: the text.
    Text(String),
    /// Multiple: keys of options.
    Chosen(Vec<String>),
    /// Network tie: for each kind of tie, the participations that it was said of.
    Ties(BTreeMap<String, Vec<crate::ApplicationId>>),
}

/// All answers of one sheet, by the question's key; what was not answered is not there.
pub type AnswerSheet = BTreeMap<String, AnswerValue>;
