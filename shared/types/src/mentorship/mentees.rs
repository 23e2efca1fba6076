//! Bodies of mentees: participants, what they look for, and whom they wish for.

use crate::{
    ApplicationId, Links, MentorId, OrganisationId, PairId, PersonId, RoundId,
    mentorship::profiles::Profile,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A mentee's wish for a mentor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MenteeWish {
    /// The mentor, from the round's pool.
    pub mentor_id: MentorId,
    /// Why; read by the mentee and the coordinators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Has led a merger of two departments.", max_length = 1000)]
    pub why: Option<String>,
}

/// What a mentee says; it replaces what was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMenteeProfile {
    /// What the mentee looks for.
    #[serde(default)]
    pub profile: Profile,
    /// Whom the mentee wishes for, best first. Naming fewer gains nothing: whoever leaves off the
    /// last or the first never gets a dearer mentor for it, nor one instead of nobody.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub wishes: Vec<MenteeWish>,
}

/// A participant who gets a mentor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Mentee {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The person.
    pub person_id: PersonId,
    /// The person's name, once it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Anna Andersson", max_length = 200)]
    pub name: Option<String>,
    /// The person's municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Linköpings kommun", max_length = 200)]
    pub municipality: Option<String>,
    /// Whether the person still takes part.
    #[schema(example = true)]
    pub taking_part: bool,
    /// What the mentee looks for.
    pub profile: Profile,
    /// Whom the mentee wishes for, best first; for the mentee and coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 5)]
    pub wishes: Option<Vec<MenteeWish>>,
    /// The pair that is proposed or lives, if there is one; for the mentee and coordinators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair_id: Option<PairId>,
    /// When it was last changed.
    #[schema(example = "2022-06-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(MenteePage, Mentee, "A page of mentees.");
