//! A person's own data, as a copy to take along (GDPR, articles 15 and 20).

use crate::{Links, PersonId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What all services keep of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeArchive {
    /// What each service keeps, by its name.
    #[schema(example = json!({ "registration": { "service": "registration", "personId": "0192f0c1-0000-7000-8000-000000000002", "madeAt": "2022-05-12T08:00:00Z", "parts": [], "_links": { "self": { "href": "http://localhost:8080/registration/v1/archive", "rel": "self", "method": "GET" } } } }))]
    pub services: BTreeMap<String, Archive>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What one service keeps of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Archive {
    /// The service.
    #[schema(example = "registration", max_length = 64)]
    pub service: String,
    /// The person.
    pub person_id: PersonId,
    /// When the copy was made.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub made_at: DateTime<Utc>,
    /// What is kept, kind by kind.
    #[schema(example = json!([{ "name": "applications", "items": [{ "id": "0192f0c1-0000-7000-8000-000000000001", "state": "submitted" }], "cut": false }]), max_items = 100)]
    pub parts: Vec<ArchivePart>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What is kept of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ArchivePart {
    /// What it is.
    #[schema(example = "applications", max_length = 64)]
    pub name: String,
    /// The things, with members as they are kept.
    #[schema(example = json!([{ "id": "0192f0c1-0000-7000-8000-000000000001", "state": "submitted" }]), max_items = 10000, value_type = Vec<Object>)]
    pub items: Vec<Map<String, Value>>,
    /// Whether there are more than are shown.
    #[schema(example = false)]
    pub cut: bool,
}
