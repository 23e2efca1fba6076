//! Bodies of admission: proposals, overrides, the queue.

use crate::registration::people::Gender;
use crate::{
    AdmissionProposalId, ApplicationId, Links, OrganisationId, RefusedTransition, RoundId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a proposal; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum ProposalState {
    /// Waits for review.
    Proposed,
    /// Announced; its offers are made.
    Published,
    /// A newer one took its place.
    Superseded,
}

/// What a proposal says of one application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "admit")]
pub enum ProposedVerdict {
    /// Gets a seat.
    Admit,
    /// Waits in the queue.
    Waitlist,
    /// Gets none; only by a coordinator's override.
    Reject,
}

/// Why a row stands where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionReason {
    /// Code of the reason; the list may grow.
    #[schema(example = "rank", max_length = 100, pattern = "^[a-z0-9_]+$")]
    pub code: String,
    /// The reason in words, in the reader's language.
    #[schema(example = "Ranked first by the director.", max_length = 1000)]
    pub detail: String,
}

/// One application in a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProposalRow {
    /// The application.
    pub application_id: ApplicationId,
    /// The applicant's name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub person_name: String,
    /// The municipality it counts to.
    pub municipality_id: OrganisationId,
    /// The municipality's name.
    #[schema(example = "Linköpings kommun", max_length = 200)]
    pub municipality_name: String,
    /// Gender as the person states it.
    pub gender: Gender,
    /// The director's rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub rank: Option<i32>,
    /// What counts: the coordinator's override, else the proposal.
    pub verdict: ProposedVerdict,
    /// What the rules proposed.
    pub proposed: ProposedVerdict,
    /// Place in the queue, for `waitlist`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 100_000)]
    pub queue_position: Option<i32>,
    /// Why the rules put it there.
    #[schema(max_items = 32)]
    pub reasons: Vec<AdmissionReason>,
    /// Why a coordinator put it elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Agreed with the municipality.", max_length = 1000)]
    pub override_reason: Option<String>,
}

/// How many women and men a selection has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GenderCount {
    /// Women.
    #[schema(example = 12, minimum = 0, maximum = 100_000)]
    pub women: i32,
    /// Men.
    #[schema(example = 11, minimum = 0, maximum = 100_000)]
    pub men: i32,
    /// Other, or not stated.
    #[schema(example = 1, minimum = 0, maximum = 100_000)]
    pub unstated: i32,
}

/// Something a selection breaks: shown, never silently accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionFinding {
    /// Code of the finding; the list may grow.
    #[schema(example = "floor_missed", max_length = 100, pattern = "^[a-z0-9_]+$")]
    pub code: String,
    /// The municipality concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// The finding in words, in the reader's language.
    #[schema(
        example = "Ydre has a floor of 1 but no endorsed applicant.",
        max_length = 1000
    )]
    pub detail: String,
}

/// A proposal of who gets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdmissionProposal {
    /// Id.
    pub id: AdmissionProposalId,
    /// The round.
    pub round_id: RoundId,
    /// State.
    pub state: ProposalState,
    /// Version of the rules that made it.
    #[schema(example = "admission-1", max_length = 50)]
    pub rule_version: String,
    /// SHA-256 of all inputs, in hex: the same inputs give the same proposal.
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        max_length = 64
    )]
    pub inputs_hash: String,
    /// When it was made.
    #[schema(example = "2022-05-07T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// Seats that were free.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub free_seats: i32,
    /// Genders among all endorsed applicants.
    pub balance_before: GenderCount,
    /// Genders among those who get in, overrides included.
    pub balance_after: GenderCount,
    /// What the selection breaks, overrides included.
    #[schema(max_items = 1000)]
    pub findings: Vec<AdmissionFinding>,
    /// Every application: the admitted first, then the queue in its order.
    #[schema(max_items = 10_000)]
    pub rows: Vec<ProposalRow>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

/// A coordinator's own verdict on one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProposalOverride {
    /// The verdict.
    pub verdict: ProposedVerdict,
    /// The reason.
    #[schema(
        example = "Agreed with the municipality.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// Somebody who was passed over when the queue moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueEntry {
    /// The application.
    pub application_id: ApplicationId,
    /// The applicant's name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub person_name: String,
    /// The municipality it counts to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// Place in the queue now, from 1.
    #[schema(example = 1, minimum = 1, maximum = 100_000)]
    pub position: i32,
    /// Why somebody behind was offered a seat first, the latest last.
    #[schema(max_items = 100)]
    pub pass_overs: Vec<AdmissionReason>,
}

/// The queue of a round, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// The round.
    pub round_id: RoundId,
    /// The entries.
    #[schema(max_items = 10_000)]
    pub entries: Vec<QueueEntry>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A time at which somebody behind was offered a seat first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassOver {
    /// When.
    #[schema(example = "2022-05-20T08:00:00Z")]
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: AdmissionReason,
}

/// Why an application that waits has no seat yet, and what would have to happen: in numbers,
/// never by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueExplanation {
    /// The application.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// Place in the queue now, from 1.
    #[schema(example = 3, minimum = 1, maximum = 100_000)]
    pub position: i32,
    /// Applications ahead in the queue.
    #[schema(example = 2, minimum = 0, maximum = 100_000)]
    pub ahead_count: i32,
    /// Applications in the queue.
    #[schema(example = 12, minimum = 1, maximum = 100_000)]
    pub waiting_count: i32,
    /// Seats that are accepted or offered.
    #[schema(example = 24, minimum = 0, maximum = 20_000)]
    pub held_count: i32,
    /// Of those seats, how many would come to this application if one of them alone were given
    /// up now.
    #[schema(example = 20, minimum = 0, maximum = 20_000)]
    pub helping_count: i32,
    /// Whether one more seat, with nobody leaving, would come to this application.
    #[schema(example = false)]
    pub next_if_added: bool,
    /// Whether the next seat comes to this application, whoever gives it up.
    #[schema(example = false)]
    pub next: bool,
    /// Seats that would have to be added until it is this application's turn; absent where no
    /// number would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 1, maximum = 100_000)]
    pub seats_needed: Option<i32>,
    /// Seats that the applicant's municipality holds.
    #[schema(example = 3, minimum = 0, maximum = 20_000)]
    pub municipality_seats: i32,
    /// Seats that it may hold at most; absent without a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub municipality_ceiling: Option<i32>,
    /// What stands in the way now.
    #[schema(max_items = 10)]
    pub obstacles: Vec<AdmissionReason>,
    /// What would have to happen.
    #[schema(max_items = 10)]
    pub remedies: Vec<AdmissionReason>,
    /// When somebody behind was offered a seat first, and why, the latest last.
    #[schema(max_items = 1000)]
    pub pass_overs: Vec<PassOver>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
