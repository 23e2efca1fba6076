//! What handlers and background work share.

use actix_web::web::Data;
use shared_database::Database;
use shared_web::Core;

/// The service's state.
#[derive(Debug)]
pub struct State {
    /// The service's own database.
    pub database: Database,
    /// What every web process has.
    pub core: Data<Core>,
}
