//! Bodies of erasures: everything that says who a person was is forgotten, in every service.

use crate::{ErasureId, Links, OrganisationId, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom to forget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewErasure {
    /// The person.
    pub person_id: PersonId,
    /// Why, kept in the history of the erasure. Name nobody here.
    #[schema(
        example = "Asked for by letter on 12 May 2022.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// How far an erasure has come; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "erasing")]
pub enum ErasureState {
    /// Registration has forgotten the person; other services have not all said so yet.
    Erasing,
    /// Every service has forgotten the person.
    Erased,
}

/// What one service has done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErasedBy {
    /// The service.
    #[schema(example = "mentorship", max_length = 64)]
    pub service: String,
    /// When it had forgotten the person; absent while it has not said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-12T08:00:01Z")]
    pub acknowledged_at: Option<DateTime<Utc>>,
}

/// The erasure of a person, which anybody who keeps the employer's data can watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Erasure {
    /// Id.
    pub id: ErasureId,
    /// The person, of whom nothing but this id is left.
    pub person_id: PersonId,
    /// The employer then.
    pub organisation_id: OrganisationId,
    /// State.
    pub state: ErasureState,
    /// When registration forgot the person.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub requested_at: DateTime<Utc>,
    /// When the last service had done so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-12T08:00:02Z")]
    pub erased_at: Option<DateTime<Utc>>,
    /// Service by service.
    #[schema(max_items = 16)]
    pub services: Vec<ErasedBy>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ErasurePage, Erasure, "A page of erasures.");
