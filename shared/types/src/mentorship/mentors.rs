//! Bodies of mentors: who is in a round's pool, how many mentees they take, whom they wish for.

use crate::{
    ApplicationId, Links, MentorId, OrganisationId, PersonId, RoundId,
    mentorship::profiles::Profile,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A mentor's wish for a mentee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MentorWish {
    /// The mentee: the participation.
    pub application_id: ApplicationId,
    /// Why; read by the mentor and the coordinators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "We have the same reorganisation ahead.", max_length = 1000)]
    pub why: Option<String>,
}

/// A person to take into a round's pool of mentors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMentor {
    /// The person.
    pub person_id: PersonId,
    /// Most mentees at the same time; 0 takes none for now.
    #[schema(example = 2, minimum = 0, maximum = 20)]
    pub capacity: i32,
    /// What the mentor offers.
    #[serde(default)]
    pub profile: Profile,
}

/// What to change about a mentor; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MentorChange {
    /// Most mentees at the same time; 0 takes none for now. Less than the mentor has raises an
    /// alarm and ends nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 2, minimum = 0, maximum = 20, nullable = false)]
    pub capacity: Option<i32>,
    /// What the mentor offers, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profile: Option<Profile>,
    /// Whom the mentor wishes for, best first. With one free place naming fewer gains nothing:
    /// whoever leaves off the last or the first never gets a dearer mentee for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5, nullable = false)]
    pub wishes: Option<Vec<MentorWish>>,
}

/// A person in a round's pool of mentors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mentor {
    /// Id.
    pub id: MentorId,
    /// The round.
    pub round_id: RoundId,
    /// The person.
    pub person_id: PersonId,
    /// The person's name, once it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Karin Karlsson", max_length = 200)]
    pub name: Option<String>,
    /// The municipality where the person is a chief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Aneby kommun", max_length = 200)]
    pub municipality: Option<String>,
    /// Most mentees at the same time.
    #[schema(example = 2, minimum = 0, maximum = 20)]
    pub capacity: i32,
    /// Mentees that the mentor has, or that are proposed; for the mentor and coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub mentees_count: Option<i32>,
    /// What the mentor offers.
    pub profile: Profile,
    /// Whom the mentor wishes for, best first; for the mentor and coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5)]
    pub wishes: Option<Vec<MentorWish>>,
    /// Whether the person may be proposed now.
    #[schema(example = true)]
    pub eligible: bool,
    /// Why not, where the person may not; for the mentor and coordinators.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    #[schema(max_items = 8)]
    pub refusals: Vec<MatchingReason>,
    /// When it was last changed.
    #[schema(example = "2022-06-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(MentorPage, Mentor, "A page of mentors.");

/// A reason by its code and in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MatchingReason {
    /// Code.
    #[schema(
        example = "mentor_without_office",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub code: String,
    /// The reason in words, in the reader's language.
    #[schema(
        example = "The person holds no office whose holder may be a mentor.",
        max_length = 2000
    )]
    pub detail: String,
}
