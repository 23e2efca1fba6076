//! Bodies of materials: titles and links, no files.

use crate::{Links, LocalizedText, MaterialId, SessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A material to add to a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMaterial {
    /// What it is called.
    pub title: LocalizedText,
    /// Where it is.
    #[schema(
        example = "https://library.example/kommunens-uppdrag.pdf",
        format = "uri",
        pattern = "^https://",
        min_length = 9,
        max_length = 1000
    )]
    pub address: String,
    /// From when participants see it; absent for at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-25T08:00:00Z", nullable = false)]
    pub visible_from: Option<DateTime<Utc>>,
}

/// What participants read before, during or after a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Material {
    /// Id.
    pub id: MaterialId,
    /// The session.
    pub session_id: SessionId,
    /// What it is called.
    pub title: LocalizedText,
    /// Where it is.
    #[schema(
        example = "https://library.example/kommunens-uppdrag.pdf",
        format = "uri",
        max_length = 1000
    )]
    pub address: String,
    /// From when participants see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-25T08:00:00Z")]
    pub visible_from: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(MaterialPage, Material, "A page of materials.");
