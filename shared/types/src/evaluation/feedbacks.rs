//! Bodies of 360-degree feedback: who rates a participant, and what the participant reads of it.

use super::{
    instruments::{AnswerSheet, Question, QuestionKind},
    reports::ReportMean,
};
use crate::{
    ApplicationId, FeedbackId, InstrumentId, Language, Links, LocalizedText, PersonId, RaterId,
    RefusedTransition, RoundId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From where somebody sees the participant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "peers")]
pub enum RaterGroup {
    /// The participant, by the same questions.
    #[serde(rename = "self")]
    Oneself,
    /// The own leader, who answers by name.
    Leader,
    /// The mentor, who answers by name.
    Mentor,
    /// Fellow leaders and colleagues, who are anonymous.
    Peers,
    /// Those whom the participant leads, who are anonymous.
    Staff,
}

/// State of a 360.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub enum FeedbackState {
    /// Raters are nominated, asked, and answer.
    Open,
    /// It is over, and its report is made.
    Closed,
    /// It was called off, or its participant was forgotten; what was answered is gone.
    Cancelled,
}

/// State of a rater. Whether somebody has answered is no part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "asked")]
pub enum RaterState {
    /// Named by the participant, and not confirmed yet.
    Nominated,
    /// Confirmed, and asked by a personal link.
    Asked,
    /// Does not want to answer; another one can be named instead.
    Declined,
    /// Taken back before being asked, or forgotten.
    Withdrawn,
}

/// To whom a participant may show the own report.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "mentor")]
pub enum FeedbackReader {
    /// The coordinators of the organiser.
    Coordinator,
    /// Whoever is the participant's mentor on the day of the release.
    Mentor,
    /// Whoever is the participant's own leader on the day of the release.
    Leader,
}

/// A 360 to open, for some participants of a round or for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFeedbacks {
    /// What is asked: an instrument with steps and texts alone, asked of everybody alike.
    pub instrument_id: InstrumentId,
    /// In which version; absent for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, nullable = false)]
    pub instrument_version: Option<i32>,
    /// The participations; absent for all of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    pub application_ids: Option<Vec<ApplicationId>>,
    /// The language in which raters are written to who are not known here.
    pub language: Language,
    /// Last day on which raters are named, but for those who replace somebody.
    #[schema(example = "2022-09-14")]
    pub nominate_until: NaiveDate,
    /// Last day on which raters answer.
    #[schema(example = "2022-10-05")]
    pub answer_until: NaiveDate,
    /// Fewest answers of a group of which anything is shown.
    #[serde(default = "least")]
    #[schema(example = 3, minimum = 3, maximum = 10)]
    pub least_answers: i32,
}

const fn least() -> i32 {
    3
}

/// What became of opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbacksOpened {
    /// How many were opened; a participant who has an open one gets no second.
    #[schema(example = 24, minimum = 0, maximum = 500)]
    pub opened_count: i32,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// How far a group is: never who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackProgress {
    /// The group.
    pub group: RaterGroup,
    /// How many are named and not asked yet.
    #[schema(example = 0, minimum = 0, maximum = 100)]
    pub nominated_count: i32,
    /// How many are asked.
    #[schema(example = 4, minimum = 0, maximum = 100)]
    pub asked_count: i32,
    /// How many of them have answered.
    #[schema(example = 3, minimum = 0, maximum = 100)]
    pub answered_count: i32,
}

/// A participant's 360.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// Id.
    pub id: FeedbackId,
    /// The round.
    pub round_id: RoundId,
    /// The participation; absent once the participant was forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// The participant; absent once forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// What is asked.
    pub instrument_id: InstrumentId,
    /// In which version.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// The language in which raters are written to who are not known here.
    pub language: Language,
    /// Last day on which raters are named, but for those who replace somebody.
    #[schema(example = "2022-09-14")]
    pub nominate_until: NaiveDate,
    /// Last day on which raters answer.
    #[schema(example = "2022-10-05")]
    pub answer_until: NaiveDate,
    /// Fewest answers of a group of which anything is shown.
    #[schema(example = 3, minimum = 3, maximum = 10)]
    pub least_answers: i32,
    /// State.
    pub state: FeedbackState,
    /// How far each group is.
    #[schema(max_items = 5)]
    pub progress: Vec<FeedbackProgress>,
    /// Who else may read the report, for the participant alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 3)]
    pub released_to: Option<Vec<FeedbackReader>>,
    /// When it was last changed.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// What can't be done now, and why.
    pub transitions: Vec<RefusedTransition>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(FeedbackPage, Feedback, "A page of 360s.");

/// Somebody to rate the participant: a person who is known here, or a name and an address. For
/// the groups `leader` and `mentor` nobody need be named: the own leader and the mentor are taken
/// where they are known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRater {
    /// From where the rater sees the participant.
    pub group: RaterGroup,
    /// A person who is known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub person_id: Option<PersonId>,
    /// The name of somebody who is not known here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Bo Berg",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub name: Option<String>,
    /// The address of somebody who is not known here. It is kept sealed, is never shown again,
    /// and is gone when the 360 is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "bo.berg@linkoping.example",
        min_length = 3,
        max_length = 254,
        nullable = false
    )]
    pub email: Option<String>,
}

/// Somebody who rates the participant: that one is asked, never whether one has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rater {
    /// Id.
    pub id: RaterId,
    /// The 360.
    pub feedback_id: FeedbackId,
    /// From where the rater sees the participant.
    pub group: RaterGroup,
    /// The person, where one is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The name; absent once it was forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Bo Berg", max_length = 200)]
    pub name: Option<String>,
    /// State.
    pub state: RaterState,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(RaterPage, Rater, "A page of raters.");

/// What a rater is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackQuestionnaire {
    /// The 360.
    pub feedback_id: FeedbackId,
    /// Whom it is about.
    #[schema(example = "Anna Andersson", max_length = 200)]
    pub participant_name: String,
    /// From where the caller sees the participant, where the caller is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<RaterGroup>,
    /// What stands above the questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introduction: Option<LocalizedText>,
    /// Version of the instrument that is asked; an answer names it.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// The questions, in their order.
    #[schema(max_items = 60)]
    pub questions: Vec<Question>,
    /// Last day for answers.
    #[schema(example = "2022-10-05")]
    pub answer_until: NaiveDate,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A whole sheet of ratings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRating {
    /// The version of the instrument that was answered.
    #[schema(example = 1, minimum = 1)]
    pub instrument_version: i32,
    /// The answers, by the question's key.
    #[schema(
        value_type = std::collections::BTreeMap<String, super::instruments::AnswerValue>,
        example = json!({ "direction": 4, "more": "Ask more." })
    )]
    pub answers: AnswerSheet,
}

/// That the caller has rated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rating {
    /// The 360.
    pub feedback_id: FeedbackId,
    /// From where.
    pub group: RaterGroup,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// To whom a report is shown, or no longer shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFeedbackRelease {
    /// Who.
    pub reader: FeedbackReader,
}

/// A group in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackGroup {
    /// The group.
    pub group: RaterGroup,
    /// Whose answers they are, where they were given by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Lena Lind", max_length = 200)]
    pub name: Option<String>,
    /// How many answered; absent where they are too few, and then nothing of them is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4, minimum = 1, maximum = 100)]
    pub answered_count: Option<i32>,
}

/// What a group answered to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackValue {
    /// The group.
    pub group: RaterGroup,
    /// How many answered the question.
    #[schema(example = 4, minimum = 1, maximum = 100)]
    pub count: i32,
    /// Their mean. Near the ends of the scale it is a span, since the mean itself would tell what
    /// each of them answered.
    pub mean: ReportMean,
}

/// Between which bounds a difference lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackGap {
    /// The least that it can be, in hundredths.
    #[schema(example = -85, minimum = -11000, maximum = 11000)]
    pub lowest_hundredths: i32,
    /// The most that it can be, in hundredths.
    #[schema(example = 15, minimum = -11000, maximum = 11000)]
    pub highest_hundredths: i32,
}

/// What a group wrote, in no order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackTexts {
    /// The group.
    pub group: RaterGroup,
    /// The texts.
    #[schema(max_items = 100)]
    pub texts: Vec<String>,
}

/// A question in a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackQuestion {
    /// Its name within the instrument.
    #[schema(example = "direction", max_length = 40)]
    pub key: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// What was asked.
    pub text: LocalizedText,
    /// The lowest number, where numbers were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = -10, maximum = 100)]
    pub lowest: Option<i32>,
    /// The highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 5, minimum = -10, maximum = 100)]
    pub highest: Option<i32>,
    /// What the groups answered; a group that is too small is left out.
    #[schema(max_items = 5)]
    pub values: Vec<FeedbackValue>,
    /// The mean of all others who are shown, made of what is shown of them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<ReportMean>,
    /// By how much the participant's own answer is above that of the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<FeedbackGap>,
    /// What was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub texts: Vec<FeedbackTexts>,
}

/// A participant's report of a 360. It was made when the 360 closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackReport {
    /// The 360.
    pub feedback_id: FeedbackId,
    /// The participant's name.
    #[schema(example = "Anna Andersson", max_length = 200)]
    pub participant_name: String,
    /// The day on which it closed.
    #[schema(example = "2022-10-06")]
    pub closed_on: NaiveDate,
    /// Fewest answers of a group of which anything is shown.
    #[schema(example = 3, minimum = 3, maximum = 10)]
    pub least_answers: i32,
    /// Who was asked.
    #[schema(max_items = 5)]
    pub groups: Vec<FeedbackGroup>,
    /// Question by question.
    #[schema(max_items = 60)]
    pub questions: Vec<FeedbackQuestion>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
