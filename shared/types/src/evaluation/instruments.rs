//! Questions: what an instrument asks, and what an answer may be.

use crate::{InstrumentId, Links, LocalizedText, OrganisationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

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
    pub answers: Vec<String>,
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
    /// Likert, scale: what the lowest number means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lowest_text: Option<LocalizedText>,
    /// Likert, scale: what the highest number means.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Written by hand: an untagged member can't say its own bounds.
impl PartialSchema for AnswerValue {
    fn schema() -> RefOr<Schema> {
        let key = json!({ "type": "string", "maxLength": 40, "pattern": "^[a-z][a-z0-9_]{0,39}$" });
        let schema = json!({
            "description": "What was answered to one question.",
            "oneOf": [
                { "type": "integer", "format": "int32", "minimum": -10, "maximum": 100,
                  "description": "Likert and scale." },
                { "type": "string", "maxLength": 4000,
                  "description": "Single: the option's key. Text: the text." },
                { "type": "array", "items": key, "maxItems": 20,
                  "description": "Multiple: keys of options." },
                { "type": "object", "propertyNames": key,
                  "additionalProperties": {
                      "type": "array", "maxItems": 500,
                      "items": { "type": "string", "format": "uuid", "minLength": 36, "maxLength": 36 } },
                  "description": "Network tie: for each kind of tie, the participations that it was said of." },
            ],
            "example": 5,
        });
        RefOr::T(serde_json::from_value(schema).unwrap_or_default())
    }
}

impl ToSchema for AnswerValue {}

/// All answers of one sheet, by the question's key; what was not answered is not there.
pub type AnswerSheet = BTreeMap<String, AnswerValue>;

/// An instrument to make: one of the library's, whole or with own words, or an own one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInstrument {
    /// Whose it is.
    pub organiser_id: OrganisationId,
    /// The library's instrument that it is made of; what is left out here is taken from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "session_pulse",
        pattern = "^[a-z][a-z0-9_]{0,39}$",
        nullable = false
    )]
    pub library_key: Option<String>,
    /// Name; needed where nothing is taken from the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<LocalizedText>,
    /// What stands above the questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub introduction: Option<LocalizedText>,
    /// The questions, in their order; needed where nothing is taken from the library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 60, nullable = false)]
    pub questions: Option<Vec<Question>>,
}

/// What an instrument asks from now on. Surveys that are planned or open keep their version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInstrumentVersion {
    /// Name.
    pub name: LocalizedText,
    /// What stands above the questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub introduction: Option<LocalizedText>,
    /// The questions, in their order.
    #[schema(min_items = 1, max_items = 60)]
    pub questions: Vec<Question>,
}

/// An instrument in all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instrument {
    /// Id.
    pub id: InstrumentId,
    /// Whose it is.
    pub organiser_id: OrganisationId,
    /// The library's instrument that it was made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "session_pulse", max_length = 40)]
    pub library_key: Option<String>,
    /// Name of the newest version.
    pub name: LocalizedText,
    /// Number of the newest version.
    #[schema(example = 1, minimum = 1)]
    pub version_number: i32,
    /// Whether it is put away: no new surveys are made of it.
    #[schema(example = false)]
    pub archived: bool,
    /// When it was changed last.
    #[schema(example = "2022-06-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next; `version` is the newest.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(InstrumentPage, Instrument, "A page of instruments.");

/// One version of an instrument; it is never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstrumentVersion {
    /// The instrument.
    pub instrument_id: InstrumentId,
    /// Number, from 1.
    #[schema(example = 1, minimum = 1)]
    pub number: i32,
    /// Name.
    pub name: LocalizedText,
    /// What stands above the questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduction: Option<LocalizedText>,
    /// The questions, in their order.
    #[schema(max_items = 60)]
    pub questions: Vec<Question>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// An instrument that comes with Akademi.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LibraryInstrument {
    /// Its name in the library.
    #[schema(example = "session_pulse", max_length = 40)]
    pub key: String,
    /// Name.
    pub name: LocalizedText,
    /// What stands above the questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduction: Option<LocalizedText>,
    /// The questions, in their order.
    #[schema(max_items = 60)]
    pub questions: Vec<Question>,
}

/// The instruments that come with Akademi.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InstrumentLibrary {
    /// The instruments.
    #[schema(max_items = 100)]
    pub instruments: Vec<LibraryInstrument>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
