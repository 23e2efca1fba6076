//! Reports: what may be shown of a survey's answers, counted and frozen when it closed.

use super::{
    effects::EffectReport,
    instruments::{QuestionKind, QuestionOption},
    networks::NetworkReport,
};
use crate::{
    ApplicationId, InstrumentId, Links, LocalizedText, OrganisationId, RoundId, SurveyId,
    registration::applications::SeatState,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What people are divided by in a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "gender")]
pub enum ReportDimension {
    /// Gender.
    Gender,
    /// Kind of person, such as managers and politicians.
    PersonKind,
    /// Municipality.
    Municipality,
    /// Department.
    Department,
}

/// What is shown of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "shown")]
pub enum ReportShowing {
    /// Its answers.
    Shown,
    /// Nothing: fewer than five answered, or were asked.
    TooFew,
    /// That it was answered: nearly all answered alike, and telling how would tell it of each.
    TooAlike,
    /// Nothing: beside what is shown elsewhere it would tell something of fewer than five.
    Hidden,
}

/// People who gave one of some answers. There are at least five; smaller numbers stand together
/// with neighbouring answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCell {
    /// The answers: keys of options, or numbers.
    #[schema(example = json!(["1", "2", "3"]), max_items = 120)]
    pub answers: Vec<String>,
    /// Whether those who gave no answer are among them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schema(example = false)]
    pub with_unanswered: bool,
    /// How many people.
    #[schema(example = 7, minimum = 0, maximum = 2_147_483_647)]
    pub count: i32,
}

/// Between which bounds a mean lies, as far as the shown answers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportMean {
    /// The least that it can be, in hundredths.
    #[schema(example = 371, minimum = -1000, maximum = 10000)]
    pub lowest_hundredths: i32,
    /// The most that it can be, in hundredths.
    #[schema(example = 413, minimum = -1000, maximum = 10000)]
    pub highest_hundredths: i32,
}

/// How many chose an option, of a question where several can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportChoice {
    /// Key of the option.
    #[schema(example = "weekly", max_length = 40)]
    pub key: String,
    /// How many chose it; at least five, and at least five did not.
    #[schema(example = 11, minimum = 0, maximum = 2_147_483_647)]
    pub count: i32,
}

/// What some of those who answered answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportGroup {
    /// Whether it is all those whose own groups are too small.
    #[schema(example = false)]
    pub is_others: bool,
    /// What they are: a gender, a kind of person, the id of a municipality or department; absent
    /// for the others and for who is nothing of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "woman", max_length = 40, nullable = false)]
    pub key: Option<String>,
    /// Name of the municipality or department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Linköping", max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// How many people.
    #[schema(example = 12, minimum = 0, maximum = 2_147_483_647)]
    pub count: i32,
    /// Their answers.
    #[schema(max_items = 120)]
    pub cells: Vec<ReportCell>,
    /// What they chose, where several could be chosen.
    #[schema(max_items = 20)]
    pub choices: Vec<ReportChoice>,
    /// Their mean, where answers are numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mean: Option<ReportMean>,
}

/// The answers to a question, divided by what people are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportBreakdown {
    /// By what.
    pub dimension: ReportDimension,
    /// Everybody, in groups.
    #[schema(max_items = 1000)]
    pub groups: Vec<ReportGroup>,
}

/// What may be shown of the answers to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportQuestion {
    /// The question's key.
    #[schema(example = "content_relevant", max_length = 40)]
    pub key: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// What was asked.
    pub text: LocalizedText,
    /// The answers that were offered.
    #[schema(max_items = 20)]
    pub options: Vec<QuestionOption>,
    /// What is shown of it.
    pub showing: ReportShowing,
    /// How many were asked; absent where it is not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 22, minimum = 0, maximum = 2_147_483_647, nullable = false)]
    pub asked_count: Option<i32>,
    /// The answers.
    #[schema(max_items = 120)]
    pub cells: Vec<ReportCell>,
    /// What was chosen, where several could be chosen.
    #[schema(max_items = 20)]
    pub choices: Vec<ReportChoice>,
    /// The mean, where answers are numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mean: Option<ReportMean>,
    /// What was written, in an order that says nothing; at least five texts, or none.
    #[schema(max_items = 100_000)]
    pub texts: Vec<String>,
    /// The same divided by what people are, as far as that may be shown.
    #[schema(max_items = 4)]
    pub breakdowns: Vec<ReportBreakdown>,
}

/// The frozen report of a closed survey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SurveyReport {
    /// The survey.
    pub survey_id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// What was asked with.
    pub instrument_id: InstrumentId,
    /// In which version.
    #[schema(example = 1, minimum = 1, maximum = 2_147_483_647)]
    pub instrument_version: i32,
    /// Name of the survey.
    pub name: LocalizedText,
    /// The day on which it closed.
    #[schema(example = "2023-06-14")]
    pub closed_on: NaiveDate,
    /// How many answered; absent where fewer than five did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 22, minimum = 5, maximum = 2_147_483_647, nullable = false)]
    pub answered_count: Option<i32>,
    /// Question by question.
    #[schema(max_items = 200)]
    pub questions: Vec<ReportQuestion>,
    /// `self` and the round's report.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A closed survey's report in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSummary {
    /// The survey, and the report.
    pub id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// What was asked with.
    pub instrument_id: InstrumentId,
    /// In which version.
    #[schema(example = 1, minimum = 1, maximum = 2_147_483_647)]
    pub instrument_version: i32,
    /// Name of the survey.
    pub name: LocalizedText,
    /// The day on which it closed.
    #[schema(example = "2023-06-14")]
    pub closed_on: NaiveDate,
    /// How many answered; absent where fewer than five did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 22, minimum = 5, maximum = 2_147_483_647, nullable = false)]
    pub answered_count: Option<i32>,
    /// `self`, the report, and the comparison with other rounds.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    ReportSummaryPage,
    ReportSummary,
    "A page of closed surveys' reports."
);

/// What a round led to, for the organiser's board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoundReport {
    /// The round.
    pub round_id: RoundId,
    /// Name of the round.
    pub name: LocalizedText,
    /// How many take or took part.
    #[schema(example = 24, minimum = 0, maximum = 2_147_483_647)]
    pub participants_count: i32,
    /// How many have completed.
    #[schema(example = 22, minimum = 0, maximum = 2_147_483_647)]
    pub completed_count: i32,
    /// From how many municipalities they come.
    #[schema(example = 13, minimum = 0, maximum = 2_147_483_647)]
    pub municipalities_count: i32,
    /// Its closed surveys, the latest first.
    #[schema(max_items = 200)]
    pub surveys: Vec<SurveyReport>,
    /// What changed from before to after.
    #[schema(max_items = 100)]
    pub effects: Vec<EffectReport>,
    /// How the participants' network changed.
    #[schema(max_items = 100)]
    pub networks: Vec<NetworkReport>,
    /// `self`, and where an address for the board is made.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A round in a municipality's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityRound {
    /// The round.
    pub round_id: RoundId,
    /// Name of the round.
    pub name: LocalizedText,
    /// How many of the municipality take or took part.
    #[schema(example = 2, minimum = 0, maximum = 2_147_483_647)]
    pub own_participants_count: i32,
    /// How many of them have completed.
    #[schema(example = 2, minimum = 0, maximum = 2_147_483_647)]
    pub own_completed_count: i32,
    /// How much of the programme days so far they were present at, together, rounded down; absent
    /// where fewer than three take or took part, since it would be somebody's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 91, minimum = 0, maximum = 100, nullable = false)]
    pub own_attendance_percent: Option<i32>,
    /// How many take or took part in all.
    #[schema(example = 24, minimum = 0, maximum = 2_147_483_647)]
    pub participants_count: i32,
    /// Its closed surveys, all municipalities together.
    #[schema(max_items = 200)]
    pub surveys: Vec<SurveyReport>,
}

/// What a municipality's participants answered over several rounds, together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityAnswers {
    /// What was asked with.
    pub instrument_id: InstrumentId,
    /// In which version.
    #[schema(example = 1, minimum = 1, maximum = 2_147_483_647)]
    pub instrument_version: i32,
    /// In how many surveys.
    #[schema(example = 4, minimum = 1, maximum = 2_147_483_647)]
    pub surveys_count: i32,
    /// The question, with what may be shown of it.
    pub question: ReportQuestion,
}

/// What the programmes led to, for the director of a municipality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityReport {
    /// The municipality.
    pub municipality_id: OrganisationId,
    /// Its name.
    #[schema(example = "Linköping", max_length = 200)]
    pub name: String,
    /// The rounds in which it takes or took part, the latest first.
    #[schema(max_items = 100)]
    pub rounds: Vec<MunicipalityRound>,
    /// What its own people answered, as soon as enough have over the rounds.
    #[schema(max_items = 1000)]
    pub own_answers: Vec<MunicipalityAnswers>,
    /// `self`, and where an address without an account is made.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What a round led to, for one who took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantReport {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// Name of the round.
    pub name: LocalizedText,
    /// First day of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-22", nullable = false)]
    pub starts_on: Option<NaiveDate>,
    /// Last day of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-05-31", nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// What became of the seat.
    pub seat: SeatState,
    /// What all answered, the latest first.
    #[schema(max_items = 200)]
    pub surveys: Vec<SurveyReport>,
    /// What changed for all from before to after.
    #[schema(max_items = 100)]
    pub effects: Vec<EffectReport>,
    /// `self`, and where an address without an account is made.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// An address under which a report can be read and printed without an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportLink {
    /// The address of the page; with `.csv` behind it, of the same as a table. It is told here
    /// alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://akademi.example/evaluation/pages/report/AZLwwXo7fBGPKhssPU5fYA",
        format = "uri",
        max_length = 2048,
        nullable = false
    )]
    pub address: Option<String>,
    /// The last day on which it opens something.
    #[schema(example = "2023-07-14")]
    pub open_until: NaiveDate,
    /// The report itself.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A survey beside others that asked the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedSurvey {
    /// The survey.
    pub survey_id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// The day on which it closed.
    #[schema(example = "2023-06-14")]
    pub closed_on: NaiveDate,
    /// How many answered the question, or gave no answer to it.
    #[schema(example = 22, minimum = 0, maximum = 2_147_483_647)]
    pub asked_count: i32,
    /// The mean.
    pub mean: ReportMean,
}

/// How many answered at least so high, over those surveys that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedShare {
    /// The answer.
    #[schema(example = "4", max_length = 40)]
    pub answer: String,
    /// How many surveys show it.
    #[schema(example = 12, minimum = 0, maximum = 2_147_483_647)]
    pub surveys_count: i32,
    /// How many answered this or higher.
    #[schema(example = 212, minimum = 0, maximum = 2_147_483_647)]
    pub count: i32,
    /// How many answered in those surveys.
    #[schema(example = 264, minimum = 0, maximum = 2_147_483_647)]
    pub of_count: i32,
}

/// A question over all rounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedQuestion {
    /// The question's key.
    #[schema(example = "content_relevant", max_length = 40)]
    pub key: String,
    /// What was asked.
    pub text: LocalizedText,
    /// How many answered in the surveys that show a mean.
    #[schema(example = 264, minimum = 0, maximum = 2_147_483_647)]
    pub asked_count: i32,
    /// The mean over these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mean: Option<ReportMean>,
    /// How many answered how high.
    #[schema(max_items = 120)]
    pub shares: Vec<ComparedShare>,
    /// Survey by survey, the latest first.
    #[schema(max_items = 1000)]
    pub surveys: Vec<ComparedSurvey>,
}

/// One version of an instrument over all the rounds that were asked with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// The instrument.
    pub instrument_id: InstrumentId,
    /// The version.
    #[schema(example = 1, minimum = 1, maximum = 2_147_483_647)]
    pub instrument_version: i32,
    /// Closed surveys with it; the latest 1,000 are compared.
    #[schema(example = 12, minimum = 0, maximum = 2_147_483_647)]
    pub surveys_count: i32,
    /// The questions with numbers for answers.
    #[schema(max_items = 200)]
    pub questions: Vec<ComparedQuestion>,
    /// `self`.
    #[serde(rename = "_links")]
    pub links: Links,
}
