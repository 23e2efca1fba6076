//! Pages of applications.

/// Mounts the pages.
pub fn pages(_: &mut actix_web::web::ServiceConfig) {}
