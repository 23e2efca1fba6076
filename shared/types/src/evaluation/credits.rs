//! Bodies of credits: what an education provider registered, apart from completion.

use crate::{ApplicationId, CreditId, Links, OrganisationId, PersonId, ProgrammeId, RoundId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who registers the credits of a programme, to be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCreditProvider {
    /// The organisation whose registrars register them.
    pub provider_id: OrganisationId,
}

/// Who registers the credits of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreditProvider {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// The organisation whose registrars register them: the organiser, unless another one is
    /// named.
    pub provider_id: OrganisationId,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Credits to register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCredits {
    /// How many, in tenths.
    #[schema(example = 75, minimum = 1, maximum = 10_000)]
    pub credits_tenths: i32,
    /// What they are found by in the provider's own register.
    #[schema(example = "LADOK 2023-06-14/118", min_length = 1, max_length = 200)]
    pub reference: String,
    /// The day on which the provider registered them.
    #[schema(example = "2023-06-14")]
    pub registered_on: NaiveDate,
}

/// Registered credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credits {
    /// Id.
    pub id: CreditId,
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// Whose registrar registered them.
    pub provider_id: OrganisationId,
    /// How many, in tenths.
    #[schema(example = 75, minimum = 1, maximum = 10_000)]
    pub credits_tenths: i32,
    /// What they are found by in the provider's own register; absent once the person is
    /// forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "LADOK 2023-06-14/118", max_length = 200)]
    pub reference: Option<String>,
    /// The day on which the provider registered them.
    #[schema(example = "2023-06-14")]
    pub registered_on: NaiveDate,
    /// When they were revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-07-01T08:00:00Z")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why they were revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Registered for the wrong person.", max_length = 1000)]
    pub revocation_reason: Option<String>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(CreditsPage, Credits, "A page of registered credits.");
