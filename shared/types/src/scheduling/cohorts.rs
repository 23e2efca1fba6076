//! Bodies of rounds for everyone: who goes in which round of a programme.

use super::sessions::Period;
use crate::{
    CohortAssignmentId, CohortPlanId, DepartmentId, Links, OrganisationId, PersonId, ProgrammeId,
    RefusedTransition, RoundId, registration::people::PersonKind,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A round that people can be put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortRoundInput {
    /// The round, one of the programme's.
    pub round_id: RoundId,
    /// How many it takes; without it as many as it has seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 25, minimum = 0, maximum = 1000, nullable = false)]
    pub capacity: Option<i32>,
    /// When it meets; without it from its first day to its last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub meets: Vec<Period>,
}

/// Who is to take part: those who are named, and those whom the filter finds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortPeople {
    /// These people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1500)]
    pub person_ids: Vec<PersonId>,
    /// Everybody who works at these organisations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub organisation_ids: Vec<OrganisationId>,
    /// Of those only these kinds; without it employed managers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 3)]
    pub person_kinds: Vec<PersonKind>,
}

/// Days on which somebody cannot take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortAbsence {
    /// The person.
    pub person_id: PersonId,
    /// First day.
    #[schema(example = "2026-10-26")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2026-10-30")]
    pub ends_on: NaiveDate,
}

/// Somebody who has to be in one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortLock {
    /// The person.
    pub person_id: PersonId,
    /// The round.
    pub round_id: RoundId,
}

/// A plan to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCohortPlan {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The rounds.
    #[schema(min_items = 1, max_items = 60)]
    pub rounds: Vec<CohortRoundInput>,
    /// Who is to take part; 1,500 at most.
    pub people: CohortPeople,
    /// When people are away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5000)]
    pub absences: Vec<CohortAbsence>,
    /// Who has to be where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1500)]
    pub locks: Vec<CohortLock>,
}

/// What a plan is to be made of from now on, whole; who had a round keeps it where possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CohortReplan {
    /// The rounds.
    #[schema(min_items = 1, max_items = 60)]
    pub rounds: Vec<CohortRoundInput>,
    /// Who is to take part; 1,500 at most.
    pub people: CohortPeople,
    /// When people are away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5000)]
    pub absences: Vec<CohortAbsence>,
    /// Who has to be where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1500)]
    pub locks: Vec<CohortLock>,
    /// The reason, kept in the history.
    #[schema(
        example = "Two managers have changed departments.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// State of a plan; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum CohortPlanState {
    /// Waits for review.
    Proposed,
    /// Its people are nominated for their rounds.
    Published,
}

/// What a plan costs; the first number counts before the second, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortCost {
    /// People without a round.
    #[schema(example = 0, minimum = 0)]
    pub unplaced_count: i32,
    /// People who had a round before and now have another, or none.
    #[schema(example = 2, minimum = 0)]
    pub moved_count: i32,
    /// Pairs of people from one department in one round.
    #[schema(example = 85, minimum = 0)]
    pub colleague_pairs_count: i32,
    /// Pairs of people in one round: fewest where the rounds are of even size.
    #[schema(example = 12000, minimum = 0)]
    pub pairs_count: i32,
}

/// A round of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortRound {
    /// The round.
    pub round_id: RoundId,
    /// How many it takes.
    #[schema(example = 25, minimum = 0, maximum = 1000)]
    pub capacity: i32,
    /// When it meets.
    #[schema(max_items = 50)]
    pub meets: Vec<Period>,
    /// How many people are in it.
    #[schema(example = 24, minimum = 0, maximum = 1000)]
    pub people_count: i32,
    /// From how many departments.
    #[schema(example = 17, minimum = 0, maximum = 1000)]
    pub departments_count: i32,
    /// How many come from the department with most.
    #[schema(example = 2, minimum = 0, maximum = 1000)]
    pub largest_department_count: i32,
}

/// A plan of who goes in which round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortPlan {
    /// Id.
    pub id: CohortPlanId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Who runs it.
    pub organiser_id: OrganisationId,
    /// State.
    pub state: CohortPlanState,
    /// When it was made.
    #[schema(example = "2026-04-12T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was published last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-05-12T08:00:00Z")]
    pub published_at: Option<DateTime<Utc>>,
    /// How many people it is about.
    #[schema(example = 1000, minimum = 0, maximum = 1500)]
    pub people_count: i32,
    /// How many of them registration has refused.
    #[schema(example = 0, minimum = 0, maximum = 1500)]
    pub refused_count: i32,
    /// The rounds.
    #[schema(max_items = 60)]
    pub rounds: Vec<CohortRound>,
    /// What it costs.
    pub cost: CohortCost,
    /// What any plan costs at least, as far as is proven.
    pub bound: CohortCost,
    /// Whether it is proven that no plan is better.
    #[schema(example = true)]
    pub optimal: bool,
    /// Version of the rules by which it was computed; absent for plans older than this member.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "rounds-1", max_length = 50)]
    pub rule_version: Option<String>,
    /// SHA-256 of all inputs, in hex: the same inputs give the same plan. Absences are among them
    /// and are not kept otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        max_length = 64
    )]
    pub inputs_hash: Option<String>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(CohortPlanPage, CohortPlan, "A page of plans.");

/// Why somebody goes in a round, or in none: in numbers, never by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortReason {
    /// Code: `locked`, `kept`, `round_gone`, `away_from_before`, `apart_from_before`, `made_room`,
    /// `free_rounds`, `apart`, `mixed`, `always_away`, `no_room`; the list may grow.
    #[schema(example = "mixed", max_length = 100)]
    pub code: String,
    /// The reason in the reader's language.
    #[schema(
        example = "2 of the 25 in the round are of the same department.",
        max_length = 500
    )]
    pub detail: String,
}

/// Where somebody goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CohortAssignment {
    /// Id.
    pub id: CohortAssignmentId,
    /// The person.
    pub person_id: PersonId,
    /// Full name, where it is known here.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub person_name: String,
    /// Part of the employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// The round, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_id: Option<RoundId>,
    /// Why, the most decisive first.
    #[schema(max_items = 10)]
    pub reasons: Vec<CohortReason>,
    /// Whether it was published.
    #[schema(example = false)]
    pub published: bool,
    /// The problem's code, where registration has refused the nomination.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "application_already_exists", max_length = 100)]
    pub refusal_code: Option<String>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    CohortAssignmentPage,
    CohortAssignment,
    "A page of assignments."
);

/// The event that publishes a plan.
pub const COHORT_PUBLISHED: &str = "cohort.published";

/// Whom a plan puts where ([`COHORT_PUBLISHED`]): only those who were not published before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortPublished {
    /// The plan.
    pub cohort_plan_id: CohortPlanId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Who runs it.
    pub organiser_id: OrganisationId,
    /// The rounds that get somebody.
    pub rounds: Vec<CohortRoundPeople>,
}

/// Who goes in one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortRoundPeople {
    /// The round.
    pub round_id: RoundId,
    /// The people.
    pub person_ids: Vec<PersonId>,
}

/// The event by which registration says whom it has not nominated.
pub const COHORT_REFUSED: &str = "cohort.refused";

/// Whom registration has not nominated for a round, and why ([`COHORT_REFUSED`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortRefused {
    /// The plan.
    pub cohort_plan_id: CohortPlanId,
    /// Who runs the programme.
    pub organiser_id: OrganisationId,
    /// The round.
    pub round_id: RoundId,
    /// The people.
    pub people: Vec<CohortRefusal>,
}

/// Why one person was not nominated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CohortRefusal {
    /// The person.
    pub person_id: PersonId,
    /// The problem's code.
    pub code: String,
}
