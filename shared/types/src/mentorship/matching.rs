//! Bodies of the matching: its terms, previews, runs, demanded and forbidden pairs, journeys.

use crate::{
    ApplicationId, Links, MatchingConstraintId, MatchingRunId, MentorId, OrganisationId,
    RefusedTransition, RoundId, mentorship::mentors::MatchingReason,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much a criterion counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "medium")]
pub enum Weight {
    /// Pairs that do not meet it are not made.
    Mandatory,
    /// Counts much.
    High,
    /// Counts.
    Medium,
    /// Counts little.
    Low,
    /// Does not count.
    Off,
}

/// How much a wish counts. It can't be mandatory: whoever named one mentor alone would win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "high")]
pub enum WishWeight {
    /// Counts much.
    High,
    /// Counts.
    Medium,
    /// Counts little.
    Low,
    /// Does not count.
    Off,
}

/// What decides between pairs that are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Weights {
    /// The mentees' wishes.
    pub mentee_wish: WishWeight,
    /// The mentors' wishes.
    pub mentor_wish: WishWeight,
    /// What the mentee looks for and the mentor offers.
    pub competences: Weight,
    /// A language that both speak.
    pub languages: Weight,
    /// Whether they can meet without a long journey.
    pub travel: Weight,
    /// A form of meeting that suits both.
    pub form: Weight,
    /// Whether both come from the same part of a municipality's work.
    pub sector: Weight,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            mentee_wish: WishWeight::High,
            mentor_wish: WishWeight::Medium,
            competences: Weight::High,
            languages: Weight::Mandatory,
            travel: Weight::Medium,
            form: Weight::Low,
            sector: Weight::Low,
        }
    }
}

/// A round's terms of mentorship; they replace those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMentorshipTerms {
    /// What decides between pairs that are possible.
    pub weights: Weights,
    /// A journey that takes longer, one way, counts as long.
    #[schema(example = 90, minimum = 1, maximum = 1440)]
    pub long_journey_minutes: i32,
    /// Working days in which a proposal is to be answered by both.
    #[schema(example = 10, minimum = 1, maximum = 60)]
    pub answer_days: i32,
    /// Days for which what a pair wrote is kept when the pair has ended.
    #[schema(example = 180, minimum = 1, maximum = 3650)]
    pub kept_days: i32,
}

impl Default for NewMentorshipTerms {
    fn default() -> Self {
        Self {
            weights: Weights::default(),
            long_journey_minutes: 90,
            answer_days: 10,
            kept_days: 180,
        }
    }
}

/// A round's terms of mentorship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MentorshipTerms {
    /// The round.
    pub round_id: RoundId,
    /// What decides between pairs that are possible.
    pub weights: Weights,
    /// A journey that takes longer, one way, counts as long.
    #[schema(example = 90, minimum = 1, maximum = 1440)]
    pub long_journey_minutes: i32,
    /// Working days in which a proposal is to be answered by both.
    #[schema(example = 10, minimum = 1, maximum = 60)]
    pub answer_days: i32,
    /// Days for which what a pair wrote is kept when the pair has ended.
    #[schema(example = 180, minimum = 1, maximum = 3650)]
    pub kept_days: i32,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Weights to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMatchingPreview {
    /// What would decide.
    pub weights: Weights,
}

/// What one criterion adds to a pair's score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScorePart {
    /// The criterion.
    #[schema(example = "competences", max_length = 50)]
    pub criterion: String,
    /// Points.
    #[schema(example = 60, minimum = -1_000_000, maximum = 1_000_000)]
    pub points: i64,
    /// Why, in the reader's language.
    #[schema(
        example = "The mentor offers 2 of the 3 competences that are looked for.",
        max_length = 2000
    )]
    pub words: String,
}

/// A pair that a matching proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchedPair {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentee.
    pub application_id: ApplicationId,
    /// Whether a coordinator demanded the pair.
    #[schema(example = false)]
    pub locked: bool,
    /// Sum of the points.
    #[schema(example = 180, minimum = -10_000_000, maximum = 10_000_000)]
    pub score: i64,
    /// Where the points come from.
    #[schema(max_items = 20)]
    pub parts: Vec<ScorePart>,
}

/// A mentee for whom no mentor is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnmatchedMentee {
    /// The mentee.
    pub application_id: ApplicationId,
    /// Why, in the reader's language.
    #[schema(max_items = 50)]
    pub reasons: Vec<MatchingReason>,
}

/// Mentees who together have too few mentors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BlockingSet {
    /// The mentees.
    #[schema(max_items = 5000)]
    pub application_ids: Vec<ApplicationId>,
    /// All mentors who are possible for any of them.
    #[schema(max_items = 5000)]
    pub mentor_ids: Vec<MentorId>,
    /// The same in words, in the reader's language.
    #[schema(
        example = "3 mentees of Aneby can only be mentored by 2 chiefs: Karin Karlsson, Per Persson.",
        max_length = 4000
    )]
    pub words: String,
}

/// A demanded pair that was not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BrokenLock {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentee.
    pub application_id: ApplicationId,
    /// Why, in the reader's language.
    #[schema(max_items = 20)]
    pub reasons: Vec<MatchingReason>,
}

/// How a mentee's mentor would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingDifference {
    /// The mentee.
    pub application_id: ApplicationId,
    /// The mentor by the present weights; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present_mentor_id: Option<MentorId>,
    /// The mentor by the weights that are tried; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried_mentor_id: Option<MentorId>,
}

/// What other weights would do; nothing of it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingPreview {
    /// The round.
    pub round_id: RoundId,
    /// The weights that were tried.
    pub weights: Weights,
    /// The pairs that they lead to.
    #[schema(max_items = 5000)]
    pub pairs: Vec<MatchedPair>,
    /// Mentees for whom no mentor is left.
    #[schema(max_items = 5000)]
    pub unmatched: Vec<UnmatchedMentee>,
    /// Mentees whose mentor differs from the one by the present weights.
    #[schema(max_items = 5000)]
    pub differences: Vec<MatchingDifference>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Why a run was made; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "coordinator")]
pub enum MatchingCause {
    /// A coordinator asked for it.
    Coordinator,
    /// A proposal was declined or not answered: the next best was looked for.
    NextBest,
}

/// State of a run; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum MatchingRunState {
    /// Nobody but the coordinators sees it.
    Proposed,
    /// Its pairs were proposed to both sides.
    Published,
}

/// One computation of who supports whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingRun {
    /// Id.
    pub id: MatchingRunId,
    /// The round.
    pub round_id: RoundId,
    /// State.
    pub state: MatchingRunState,
    /// Why it was made.
    pub cause: MatchingCause,
    /// The weights that decided.
    pub weights: Weights,
    /// SHA-256 of everything that was looked at: the same inputs give the same pairs.
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        max_length = 64,
        pattern = "^[0-9a-f]{64}$"
    )]
    pub inputs_digest: String,
    /// Version of the rules.
    #[schema(example = "1", max_length = 40)]
    pub rules: String,
    /// The pairs.
    #[schema(max_items = 5000)]
    pub pairs: Vec<MatchedPair>,
    /// Mentees for whom no mentor is left.
    #[schema(max_items = 5000)]
    pub unmatched: Vec<UnmatchedMentee>,
    /// Where not all can be matched: who blocks whom.
    #[schema(max_items = 5000)]
    pub blocking_sets: Vec<BlockingSet>,
    /// Demanded pairs that were not made, and why.
    #[schema(max_items = 5000)]
    pub broken_locks: Vec<BrokenLock>,
    /// When it was computed.
    #[schema(example = "2022-06-10T08:00:00Z")]
    pub computed_at: DateTime<Utc>,
    /// When its pairs were proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-06-11T08:00:00Z")]
    pub published_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

/// A run in a list: without its pairs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingRunSummary {
    /// Id.
    pub id: MatchingRunId,
    /// The round.
    pub round_id: RoundId,
    /// State.
    pub state: MatchingRunState,
    /// Why it was made.
    pub cause: MatchingCause,
    /// How many pairs it has.
    #[schema(example = 24, minimum = 0, maximum = 5000)]
    pub pairs_count: i32,
    /// For how many mentees no mentor is left.
    #[schema(example = 0, minimum = 0, maximum = 5000)]
    pub unmatched_count: i32,
    /// When it was computed.
    #[schema(example = "2022-06-10T08:00:00Z")]
    pub computed_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    MatchingRunPage,
    MatchingRunSummary,
    "A page of matching runs."
);

/// What a coordinator says of a pair before it is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "lock")]
pub enum MatchingConstraintKind {
    /// The pair is to be made, if no hard rule is against it.
    Lock,
    /// The pair is not to be made.
    Forbid,
}

/// A pair to demand or to forbid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMatchingConstraint {
    /// Which of the two.
    pub kind: MatchingConstraintKind,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentee.
    pub application_id: ApplicationId,
    /// The reason, kept in the history.
    #[schema(
        example = "They worked together before.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// A pair that is demanded or forbidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingConstraint {
    /// Id.
    pub id: MatchingConstraintId,
    /// The round.
    pub round_id: RoundId,
    /// Which of the two.
    pub kind: MatchingConstraintKind,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentee.
    pub application_id: ApplicationId,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    MatchingConstraintPage,
    MatchingConstraint,
    "A page of demanded and forbidden pairs."
);

/// Where a municipality is (WGS 84), in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MunicipalityPlace {
    /// The municipality.
    pub municipality_id: OrganisationId,
    /// North of the equator is positive.
    #[schema(example = 58_410_000, minimum = -90_000_000, maximum = 90_000_000)]
    pub latitude_microdegrees: i32,
    /// East of Greenwich is positive.
    #[schema(example = 15_621_000, minimum = -180_000_000, maximum = 180_000_000)]
    pub longitude_microdegrees: i32,
}

/// Where municipalities are; it replaces what was said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMunicipalityPlaces {
    /// The places. Journeys are estimated from them; from or to a municipality that is missing
    /// no journey is judged.
    #[schema(max_items = 1000)]
    pub places: Vec<MunicipalityPlace>,
}

/// Where the municipalities of a round are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MunicipalityPlaces {
    /// The round.
    pub round_id: RoundId,
    /// The places.
    #[schema(max_items = 1000)]
    pub places: Vec<MunicipalityPlace>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
