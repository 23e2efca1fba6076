//! Bodies of the keys with which systems call.

use crate::{ApiKeyId, Links, OrganisationId, RefusedTransition, Role};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a key counts; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "active")]
pub enum ApiKeyState {
    /// It counts.
    Active,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// A key to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApiKey {
    /// What the key is for, such as the name of the system.
    #[schema(example = "Personalsystemet", min_length = 1, max_length = 200)]
    pub name: String,
    /// The role that it has; one that the caller has too.
    pub role: Role,
    /// The organisation in which the role counts; left out for the operator's role alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// What the key may call: scopes of the API documents. It may what role and scope both allow.
    #[schema(
        example = json!(["people:read", "people:write"]),
        min_items = 1,
        max_items = 64
    )]
    pub scopes: Vec<Scope>,
    /// When it ends by itself; without it, when it is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-12-31T23:00:00Z")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A scope: a whole API or one noun of it, and whether it is read or changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    value_type = String,
    example = "people:read",
    max_length = 64,
    pattern = "^[a-z]+(-[a-z]+)*:(read|write)$"
)]
pub struct Scope(pub String);

/// What to change of a key (JSON merge patch); absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyChange {
    /// What the key is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Personalsystemet",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub name: Option<String>,
    /// All scopes that the key has from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = json!(["people:read"]),
        min_items = 1,
        max_items = 64,
        nullable = false
    )]
    pub scopes: Option<Vec<Scope>>,
}

/// How a key gets a new secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyRotation {
    /// Hours for which the secret of today still counts beside the new one; 0 ends it at once.
    #[schema(example = 24, minimum = 0, maximum = 168)]
    pub overlap_hours: i32,
}

/// A key with which a system calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKey {
    /// Id; it also stands in the key's text.
    pub id: ApiKeyId,
    /// What the key is for.
    #[schema(example = "Personalsystemet", max_length = 200)]
    pub name: String,
    /// The role that it has.
    pub role: Role,
    /// The organisation in which the role counts; absent for the operator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// The scopes to which it is limited; absent where the role alone decides, as for keys that
    /// were made where the installation is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["people:read", "people:write"]), max_items = 64)]
    pub scopes: Option<Vec<Scope>>,
    /// Whether it counts.
    pub state: ApiKeyState,
    /// When it was made.
    #[schema(example = "2026-11-21T09:30:00Z")]
    pub created_at: DateTime<Utc>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        max_length = 100
    )]
    pub created_by: Option<String>,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-12-31T23:00:00Z")]
    pub expires_at: Option<DateTime<Utc>>,
    /// When it got its present secret, where that is not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-01T08:00:00Z")]
    pub rotated_at: Option<DateTime<Utc>>,
    /// Until when a former secret still counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-02T08:00:00Z")]
    pub former_ends_at: Option<DateTime<Utc>>,
    /// The hour in which it was last used; it is written a little later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-05T14:00:00Z")]
    pub last_used_at: Option<DateTime<Utc>>,
    /// The key itself, to be sent as a bearer token: in the one answer that makes it, and never
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "ak_0192f0c17a3b7c118f2a1b2c3d4e5f60_0000000000000000000000000000000000000000000000000000000000000000",
        max_length = 100
    )]
    pub secret: Option<String>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are not possible now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(ApiKeyPage, ApiKey, "A page of API keys.");
