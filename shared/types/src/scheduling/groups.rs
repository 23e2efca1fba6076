//! Bodies of groups: who works with whom.

use crate::{
    DepartmentId, GroupId, GroupSetId, Links, LocalizedText, OrganisationId, PersonId,
    RefusedTransition, RoundId, SessionId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a set of groups; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "draft")]
pub enum GroupSetState {
    /// Coordinators work on it.
    Draft,
    /// Participants see their group.
    Published,
    /// Another set holds in its place.
    Superseded,
    /// It was given up before anybody saw it.
    Discarded,
}

/// What two people in one group cost when they have something in common; the lower the sum, the
/// better the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupWeights {
    /// For each time that they were in one group before.
    #[schema(example = 20, minimum = 0, maximum = 100)]
    pub met_before: i32,
    /// Both from one municipality.
    #[schema(example = 10, minimum = 0, maximum = 100)]
    pub municipality: i32,
    /// Both from one department.
    #[schema(example = 10, minimum = 0, maximum = 100)]
    pub department: i32,
    /// Two women or two men.
    #[schema(example = 3, minimum = 0, maximum = 100)]
    pub gender: i32,
}

/// Somebody who stays in a group, whatever is composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupLock {
    /// The person, who takes part in the round.
    pub person_id: PersonId,
    /// Number of the group.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub group: i32,
}

/// Two people who are never put into one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PairApart {
    /// One of the two.
    pub person_id: PersonId,
    /// The other.
    pub other_person_id: PersonId,
}

/// Groups to compose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewGroupSet {
    /// What the groups are called.
    pub name: LocalizedText,
    /// The session that they are for; absent for the round as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub session_id: Option<SessionId>,
    /// How many groups; either this or `groupSize`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 6, minimum = 1, maximum = 1000, nullable = false)]
    pub groups_count: Option<i32>,
    /// How many people a group has at most; there are as few groups as that allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 4, minimum = 1, maximum = 1000, nullable = false)]
    pub group_size: Option<i32>,
    /// Another number gives other groups that are about as good; absent for 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 0, maximum = 2_147_483_647, nullable = false)]
    pub seed: Option<i32>,
    /// What counts how much; absent for the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<GroupWeights>,
    /// Who stays where.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub locks: Vec<GroupLock>,
    /// Who is kept apart, beside everybody in one line of management.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub apart: Vec<PairApart>,
}

/// How a set is composed again. What is absent stays as it was; who is locked stays where they
/// are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recomposition {
    /// How many groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 6, minimum = 1, maximum = 1000, nullable = false)]
    pub groups_count: Option<i32>,
    /// Another number gives other groups that are about as good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, minimum = 0, maximum = 2_147_483_647, nullable = false)]
    pub seed: Option<i32>,
    /// What counts how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<GroupWeights>,
    /// Who is kept apart; replaces the earlier pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000, nullable = false)]
    pub apart: Option<Vec<PairApart>>,
}

/// Where one person goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupMove {
    /// Number of the group.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub group: i32,
    /// A member of that group who goes where the person comes from, so that sizes stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub exchanged_with_id: Option<PersonId>,
    /// Whether the person stays there when groups are composed again.
    #[serde(default)]
    #[schema(example = true)]
    pub is_locked: bool,
    /// Why; needed once participants have seen the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Works with two of them already.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// Shows the groups to those who are in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupPublication {
    /// Why groups are published that break a hard rule or leave somebody out; the history keeps
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Both have agreed to it.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// One aspect of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupScorePart {
    /// What pairs in one group have in common: `met_before`, `same_municipality`,
    /// `same_department` or `same_gender`; the list may grow.
    #[schema(
        example = "same_municipality",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub code: String,
    /// How many pairs have it in common; of earlier meetings, how many there were.
    #[schema(example = 2, minimum = 0, maximum = 2_147_483_647)]
    pub count: i32,
    /// No division into so many groups has fewer.
    #[schema(example = 1, minimum = 0, maximum = 2_147_483_647)]
    pub least_count: i32,
    /// What one of them costs.
    #[schema(example = 10, minimum = 0, maximum = 100)]
    pub weight: i32,
}

/// How good groups are. Hard rules come first, then the penalty: the lower, the better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupScore {
    /// Pairs in one group that a hard rule keeps apart.
    #[schema(example = 0, minimum = 0, maximum = 2_147_483_647)]
    pub broken_count: i32,
    /// No division has fewer of them.
    #[schema(example = 0, minimum = 0, maximum = 2_147_483_647)]
    pub least_broken_count: i32,
    /// By how much sizes differ beyond what cannot be helped.
    #[schema(example = 0, minimum = 0, maximum = 1000)]
    pub unevenness: i32,
    /// What all pairs in one group cost together.
    #[schema(example = 92, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub penalty: i64,
    /// It is certain that no division costs less.
    #[schema(example = 72, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub least_penalty: i64,
    /// Whether it is proven that no division is better than this one.
    #[schema(example = false)]
    pub optimal: bool,
    /// The aspects.
    #[schema(max_items = 20)]
    pub parts: Vec<GroupScorePart>,
}

/// Something about a group that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupFinding {
    /// What: `line_of_management`, `kept_apart`, `person_missing`, `size_uneven`, `met_before`,
    /// `same_municipality`, `same_department` or `genders_uneven`; the list may grow.
    #[schema(
        example = "line_of_management",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub code: String,
    /// Whether the set is published with a reason only.
    #[schema(example = true)]
    pub needs_reason: bool,
    /// Number of the group; absent where somebody has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub group: Option<i32>,
    /// Whom it is about.
    #[schema(max_items = 1000)]
    pub person_ids: Vec<PersonId>,
    /// The finding in words, in the reader's language: what, and why it is so.
    #[schema(
        example = "Per Nyberg leads Maja Lindqvist. Both are locked in this group.",
        max_length = 10_000
    )]
    pub detail: String,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupMember {
    /// The person.
    pub person_id: PersonId,
    /// The name; empty while the person is not known here.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// The municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// The department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// Whether the person stays here when groups are composed again.
    #[schema(example = false)]
    pub is_locked: bool,
    /// Whether the person has given up the seat.
    #[schema(example = false)]
    pub has_left: bool,
}

/// A group of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Id.
    pub id: GroupId,
    /// Number, from 1.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub number: i32,
    /// The members, by name.
    #[schema(max_items = 1000)]
    pub members: Vec<GroupMember>,
    /// Municipalities among those who have not left.
    #[schema(example = 4, minimum = 0, maximum = 1000)]
    pub municipalities_count: i32,
    /// Departments among those who have not left.
    #[schema(example = 4, minimum = 0, maximum = 1000)]
    pub departments_count: i32,
}

/// A set of groups: everybody who takes part in a round, divided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupSet {
    /// Id.
    pub id: GroupSetId,
    /// The round.
    pub round_id: RoundId,
    /// The session that it is for; absent for the round as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// What the groups are called.
    pub name: LocalizedText,
    /// State.
    pub state: GroupSetState,
    /// Version of the rules that composed it.
    #[schema(example = "groups-1", max_length = 50)]
    pub rule_version: String,
    /// SHA-256 of all inputs, in hex: the same inputs give the same groups.
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        max_length = 64
    )]
    pub inputs_hash: String,
    /// The number from which it was composed.
    #[schema(example = 1, minimum = 0, maximum = 2_147_483_647)]
    pub seed: i32,
    /// What counts how much.
    pub weights: GroupWeights,
    /// Who is kept apart, beside everybody in one line of management.
    #[schema(max_items = 1000)]
    pub apart: Vec<PairApart>,
    /// When it was made.
    #[schema(example = "2022-08-15T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-16T08:00:00Z")]
    pub published_at: Option<DateTime<Utc>>,
    /// The groups, by number.
    #[schema(max_items = 1000)]
    pub groups: Vec<Group>,
    /// How good they are now, without those who have left.
    pub score: GroupScore,
    /// In the answer to a change of the groups: how good they were before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_score: Option<GroupScore>,
    /// What is not as it should be, and why.
    #[schema(max_items = 100_000)]
    pub findings: Vec<GroupFinding>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

/// A set of groups in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupSetEntry {
    /// Id.
    pub id: GroupSetId,
    /// The round.
    pub round_id: RoundId,
    /// The session that it is for; absent for the round as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// What the groups are called.
    pub name: LocalizedText,
    /// State.
    pub state: GroupSetState,
    /// How many groups there are.
    #[schema(example = 6, minimum = 1, maximum = 1000)]
    pub groups_count: i32,
    /// When it was made.
    #[schema(example = "2022-08-15T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-16T08:00:00Z")]
    pub published_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(GroupSetPage, GroupSetEntry, "A page of sets of groups.");

/// Somebody in a group, as the others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Groupmate {
    /// The name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// The municipality's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Vetlanda kommun", max_length = 200)]
    pub municipality: Option<String>,
}

/// A published group, as those see it who work in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedGroup {
    /// The group.
    pub group_id: GroupId,
    /// The set.
    pub group_set_id: GroupSetId,
    /// The session that it is for; absent for the round as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// What the groups are called.
    pub name: LocalizedText,
    /// Number, from 1.
    #[schema(example = 2, minimum = 1, maximum = 1000)]
    pub number: i32,
    /// Whether the caller is in it.
    #[schema(example = true)]
    pub is_own: bool,
    /// Its members, by name.
    #[schema(max_items = 1000)]
    pub members: Vec<Groupmate>,
}

/// The published groups of a round that the caller may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoundGroups {
    /// The round.
    pub round_id: RoundId,
    /// The groups: set by set in the order of publication, by number.
    #[schema(max_items = 10_000)]
    pub groups: Vec<PublishedGroup>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// How many pairs were in one group how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupMeetingCount {
    /// How often.
    #[schema(example = 1, minimum = 0, maximum = 10_000)]
    pub times: i32,
    /// How many pairs.
    #[schema(example = 36, minimum = 0, maximum = 1_000_000)]
    pub pairs: i32,
}

/// Whom one participant has met in groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupMetCount {
    /// The person.
    pub person_id: PersonId,
    /// The name; empty while the person is not known here.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// Different people with whom the person was in one group.
    #[schema(example = 9, minimum = 0, maximum = 1000)]
    pub met_count: i32,
    /// Of those, with how many more than once.
    #[schema(example = 0, minimum = 0, maximum = 1000)]
    pub again_count: i32,
}

/// Who has met whom in the published groups of a round, in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupMeetings {
    /// The round.
    pub round_id: RoundId,
    /// Published sets.
    #[schema(example = 3, minimum = 0, maximum = 10_000)]
    pub sets_count: i32,
    /// Those who take part.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub people_count: i32,
    /// How many pairs met how often, from none on.
    #[schema(max_items = 1000)]
    pub pairs: Vec<GroupMeetingCount>,
    /// Each participant, those who have met fewest first.
    #[schema(max_items = 10_000)]
    pub people: Vec<GroupMetCount>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
