//! Pages of rounds.

/// Mounts the pages.
pub fn pages(_: &mut actix_web::web::ServiceConfig) {}
