//! What every API says of itself at `GET /{api}/v1/api-info`.
//!
//! The operation itself stands in each service's `api.rs`, since a route and its document are
//! one declaration; only the answer is common.

use crate::{Context, Outcome, Reply};
use shared_types::meta::{ApiInfo, ApiStatus};

/// Date of this version; all parts are released together.
pub const RELEASED: &str = "2026-11-21";

/// The answer of the API called `name`.
pub fn answer(name: &str, context: &Context) -> Outcome {
    Ok(Reply::ok(&ApiInfo {
        api_name: name.to_owned(),
        api_version: env!("CARGO_PKG_VERSION").to_owned(),
        api_released: RELEASED.to_owned(),
        api_documentation: format!("{}/docs", context.origin),
        api_status: ApiStatus::Beta,
    })?)
}
