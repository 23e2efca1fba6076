//! Bodies of nominations: people whom their employer or a coordinator enters for a round.

use crate::registration::{
    applications::{EndorsementState, SeatState},
    people::NewPerson,
};
use crate::{ApplicationId, HoldId, Links, PersonId, RoundId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody to nominate: a known person by `personId`, or a new one by `person`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Nominee {
    /// A known person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// A person who is added by this; for coordinators and the organisation's HR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub person: Option<NewPerson>,
    /// Why this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Leads our largest department.",
        max_length = 4000,
        nullable = false
    )]
    pub motivation: Option<String>,
    /// Which choice the round is for the person; as in an application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 3, nullable = false)]
    pub choice: Option<i32>,
}

/// People to nominate for a round: all of them, or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNominations {
    /// The people.
    #[schema(min_items = 1, max_items = 1000)]
    pub people: Vec<Nominee>,
    /// The hold whose seats they get.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_id: Option<HoldId>,
    /// Why it is done after the deadline; coordinators only, and not needed with a hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "The list came a day late.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub late_reason: Option<String>,
}

/// What one nomination has led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Nomination {
    /// The application that was made.
    pub application_id: ApplicationId,
    /// The person.
    pub person_id: PersonId,
    /// What the person's office says.
    pub endorsement: EndorsementState,
    /// The seat: `offered` where a held seat was given at once.
    pub seat: SeatState,
}

/// What was nominated in one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Nominations {
    /// The round.
    pub round_id: RoundId,
    /// One for each person, in the order in which they were named.
    #[schema(max_items = 1000)]
    pub nominations: Vec<Nomination>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
