//! What handlers and background work share.

use crate::{certificates::keys::IssuerKeys, events::Facts};
use actix_web::web::Data;
use shared_database::Database;
use shared_envelope::Keys;
use shared_events::Inbox;
use shared_web::{Core, link::LinkKey};

/// The service's state.
#[derive(Debug)]
pub struct State {
    /// The service's own database.
    pub database: Database,
    /// What every web process has.
    pub core: Data<Core>,
    /// Takes the facts of other services.
    pub inbox: Data<Inbox<Facts>>,
    /// Signs links.
    pub link_key: LinkKey,
    /// Seal answers until they are mixed, and interviews.
    pub answer_keys: Keys,
    /// Sign certificates' credentials; the first signs, all are published.
    pub issuer_keys: IssuerKeys,
}
