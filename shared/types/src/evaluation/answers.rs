//! Bodies of invitations and answers. Nothing here leads from an answer to who gave it, unless
//! the survey said so before it was answered.

use super::{
    instruments::{AnswerSheet, Question},
    surveys::{SurveyMode, SurveyState},
};
use crate::{ApplicationId, Links, LocalizedText, PersonId, RoundId, SurveyId, SurveyInvitationId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// People to be asked besides those whom the survey's audience names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSurveyInvitations {
    /// The people, each of whom is known here.
    #[schema(min_items = 1, max_items = 100)]
    pub person_ids: Vec<PersonId>,
}

/// What became of people who were named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SurveyInvitations {
    /// How many are asked who were not asked before.
    #[schema(example = 3)]
    pub invited_count: i32,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// One person's part in a survey: that somebody is asked. Whether an answer came is shown to
/// this person alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SurveyInvitation {
    /// Id.
    pub id: SurveyInvitationId,
    /// The survey.
    pub survey_id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// Name of the survey.
    pub survey_name: LocalizedText,
    /// State of the survey.
    pub survey_state: SurveyState,
    /// Who is asked; absent once the person was forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The person's participation, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// What is promised.
    pub mode: SurveyMode,
    /// Last day for answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-14")]
    pub closes_on: Option<NaiveDate>,
    /// Whether the invitation was taken back.
    #[schema(example = false)]
    pub revoked: bool,
    /// Whether the person has answered; shown to the person alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub answered: Option<bool>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    SurveyInvitationPage,
    SurveyInvitation,
    "A page of invitations."
);

/// What somebody is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Questionnaire {
    /// The survey.
    pub survey_id: SurveyId,
    /// Name of the survey.
    pub name: LocalizedText,
    /// What stands above the questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduction: Option<LocalizedText>,
    /// What is promised.
    pub mode: SurveyMode,
    /// Version of the instrument that is asked; an answer names it.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// The questions, in their order.
    #[schema(max_items = 60)]
    pub questions: Vec<Question>,
    /// Whether a phrase of one's own pairs this answer with another survey's.
    #[schema(example = false)]
    pub takes_phrase: bool,
    /// Those of whom a network question is asked: the round's other participants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub peers: Vec<Peer>,
    /// Last day for answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-09-14")]
    pub closes_on: Option<NaiveDate>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Another participant of the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Peer {
    /// The participation.
    pub application_id: ApplicationId,
    /// The participant's name.
    #[schema(example = "Bo Berg", max_length = 200)]
    pub name: String,
}

/// A whole sheet of answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAnswers {
    /// The version of the instrument that was answered.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// The answers, by the question's key.
    #[schema(
        value_type = std::collections::BTreeMap<String, super::instruments::AnswerValue>,
        example = json!({ "worthwhile": 5, "keep": "More time in groups." })
    )]
    pub answers: AnswerSheet,
    /// A phrase that oneself invented, the same before and after. It is made a code and not
    /// kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "green boat under the bridge",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub phrase: Option<String>,
}

/// One sheet of a survey that is not anonymous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// Id; it says nothing of when the sheet was answered.
    #[schema(
        value_type = String,
        format = Uuid,
        example = "3f8a1c52-5f0e-4a6b-9d57-0c9d2a4be1f3"
    )]
    pub id: Uuid,
    /// Who answered, in a survey that names people; absent once the person was forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The answers, by the question's key.
    #[schema(
        value_type = std::collections::BTreeMap<String, super::instruments::AnswerValue>,
        example = json!({ "worthwhile": 5 })
    )]
    pub answers: AnswerSheet,
}

crate::page!(SheetPage, Sheet, "A page of sheets, in no order.");
