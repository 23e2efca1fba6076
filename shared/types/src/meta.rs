//! What an API says of itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Name, version and life-cycle status of one API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiInfo {
    /// The API's name.
    #[schema(example = "registration", max_length = 100)]
    pub api_name: String,
    /// Semantic version.
    #[schema(example = "0.1.0", max_length = 32, pattern = r"^\d+\.\d+\.\d+$")]
    pub api_version: String,
    /// Date of this version.
    #[schema(example = "2026-11-21", format = Date, max_length = 10)]
    pub api_released: String,
    /// Where the documentation stands.
    #[schema(
        example = "https://akademi.example/docs",
        format = "uri",
        max_length = 500
    )]
    pub api_documentation: String,
    /// Life-cycle status; the list may grow.
    pub api_status: ApiStatus,
}

/// Life-cycle status of an API; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(example = "beta")]
pub enum ApiStatus {
    /// May change without notice.
    Alpha,
    /// May change with notice.
    Beta,
    /// In use.
    Active,
    /// Will be retired.
    Deprecated,
}
