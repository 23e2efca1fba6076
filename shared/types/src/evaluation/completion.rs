//! Bodies of completion: the rule of a round, how each participant stands, what was decided.

use crate::{
    ApplicationId, CertificateId, CompletionRuleId, Links, LocalizedText, OrganisationId, PersonId,
    RoundId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A share as a fraction of whole numbers, so that it is reached or not, and never nearly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Share {
    /// Parts that are needed.
    #[schema(example = 11, minimum = 1, maximum = 1000)]
    pub numerator: i32,
    /// Parts of which the whole is made.
    #[schema(example = 12, minimum = 1, maximum = 1000)]
    pub denominator: i32,
}

/// Something that a participant is to have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CompletionTask {
    /// Its name within the round.
    #[schema(
        example = "final_paper",
        pattern = "^[a-z][a-z0-9_]{0,39}$",
        min_length = 1,
        max_length = 40
    )]
    pub key: String,
    /// What is to be done.
    pub text: LocalizedText,
}

/// A rule to set: what a participant has to fulfil. What is left out is not asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCompletionRule {
    /// Share of the programme's half days. Half days that nobody has marked stand against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attendance_share: Option<Share>,
    /// What is to be done besides.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tasks: Vec<CompletionTask>,
    /// Share of the round's closed surveys that are answered, whichever they are and whatever was
    /// answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub survey_share: Option<Share>,
}

/// One version of a round's rule; the newest holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletionRule {
    /// Id.
    pub id: CompletionRuleId,
    /// The round.
    pub round_id: RoundId,
    /// Number of the version, from 1.
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub number: i32,
    /// Share of the programme's half days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attendance_share: Option<Share>,
    /// What is to be done besides.
    #[schema(max_items = 20)]
    pub tasks: Vec<CompletionTask>,
    /// Share of the round's surveys that are answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub survey_share: Option<Share>,
    /// When it was set.
    #[schema(example = "2022-08-22T08:00:00Z")]
    pub made_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    CompletionRulePage,
    CompletionRule,
    "A page of the versions of a round's rule."
);

/// How a participant stands against the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub enum CompletionStanding {
    /// The round has no rule yet.
    NoRule,
    /// Something is missing.
    Open,
    /// Nothing is missing.
    Fulfilled,
}

/// What is missing; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "attendance")]
pub enum CompletionGapKind {
    /// Too few half days.
    Attendance,
    /// Half days that are over and that nobody has marked.
    UnknownAttendance,
    /// A task.
    Task,
    /// Too few answered surveys.
    Surveys,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletionGap {
    /// What it is.
    pub kind: CompletionGapKind,
    /// The same in words, in the reader's language.
    #[schema(
        example = "Present for 10.5 of 12 days; at least 11 are needed.",
        max_length = 1000
    )]
    pub detail: String,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "final_paper", max_length = 40)]
    pub task_key: Option<String>,
}

/// A participant's half days, counted in quarters of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceTally {
    /// Quarters that count: of presence, and made up for.
    #[schema(example = 42, minimum = 0, maximum = 100_000)]
    pub counted_quarters: i32,
    /// Quarters that the programme has.
    #[schema(example = 48, minimum = 0, maximum = 100_000)]
    pub total_quarters: i32,
    /// Half days that are over and that nobody has marked.
    #[schema(example = 0, minimum = 0, maximum = 100_000)]
    pub unknown_half_days: i32,
}

/// How many closed surveys a participant has answered; never which, and never what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SurveyTally {
    /// Answered.
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub answered: i32,
    /// Asked.
    #[schema(example = 4, minimum = 0, maximum = 1000)]
    pub asked: i32,
}

/// What a coordinator decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "completed")]
pub enum CompletionOutcome {
    /// The round is completed.
    Completed,
    /// It is not.
    NotCompleted,
}

/// The decision about a participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletionDecision {
    /// What was decided.
    pub outcome: CompletionOutcome,
    /// When.
    #[schema(example = "2023-06-01T08:00:00Z")]
    pub decided_at: DateTime<Utc>,
    /// The version of the rule that held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub rule_number: Option<i32>,
    /// Why, where it was decided about this participant alone; for coordinators and the
    /// participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Ill during the last residential.", max_length = 1000)]
    pub reason: Option<String>,
}

/// How a participant stands now, and what was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// The participation.
    pub id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// Name; absent where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: Option<String>,
    /// How it stands against the newest rule.
    pub standing: CompletionStanding,
    /// Exactly what is missing; empty once nothing is.
    #[schema(max_items = 30)]
    pub gaps: Vec<CompletionGap>,
    /// Half days.
    pub attendance: AttendanceTally,
    /// Tasks that are done.
    #[schema(example = json!(["final_paper"]), max_items = 20)]
    pub done_task_keys: Vec<String>,
    /// Surveys that are closed; for the participant alone. Others see in `gaps` whether the rule is
    /// met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub surveys: Option<SurveyTally>,
    /// The version of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1_000_000)]
    pub rule_number: Option<i32>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<CompletionDecision>,
    /// The certificate that is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_id: Option<CertificateId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    CompletionPage,
    Completion,
    "A page of participants and how they stand."
);

/// Who has done a task of the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewTaskNotes {
    /// The task.
    #[schema(
        example = "final_paper",
        pattern = "^[a-z][a-z0-9_]{0,39}$",
        min_length = 1,
        max_length = 40
    )]
    pub task_key: String,
    /// The participations.
    #[schema(min_items = 1, max_items = 1000)]
    pub application_ids: Vec<ApplicationId>,
    /// False where it was noted by mistake.
    #[serde(default = "yes")]
    #[schema(example = true, default = true)]
    pub done: bool,
}

const fn yes() -> bool {
    true
}

/// Who has done a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TaskNotes {
    /// The round.
    pub round_id: RoundId,
    /// The task.
    #[schema(example = "final_paper", max_length = 40)]
    pub task_key: String,
    /// The participations.
    #[schema(max_items = 10_000)]
    pub application_ids: Vec<ApplicationId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A decision about one participant, whatever the rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCompletionDecision {
    /// What is decided.
    pub outcome: CompletionOutcome,
    /// Why.
    #[schema(
        example = "Ill during the last residential.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// What became of a round's participants when all were decided that fulfil the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompletionDecisions {
    /// The round.
    pub round_id: RoundId,
    /// Participations that are completed by this.
    #[schema(max_items = 10_000)]
    pub completed_ids: Vec<ApplicationId>,
    /// Participations of which something is missing; nothing is decided about them.
    #[schema(max_items = 10_000)]
    pub open_ids: Vec<ApplicationId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Name of the event that tells of a decision ([`CompletionFact`]).
pub const COMPLETION_DECIDED: &str = "completion.decided";

/// What was decided about a participation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompletionFact {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// Who runs the round.
    pub organiser_id: OrganisationId,
    /// What was decided.
    pub outcome: CompletionOutcome,
    /// When, by the clocks of the round.
    pub decided_on: NaiveDate,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}
