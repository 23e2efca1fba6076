//! What handlers and background work share.

use crate::{api_keys::uses::Uses, events::Facts, mail::Outgoing, retention::model::Purged};
use actix_web::web::Data;
use shared_database::Database;
use shared_envelope::Keys;
use shared_events::Inbox;
use shared_web::{Core, link::LinkKey};
use std::{path::PathBuf, time::Duration};

/// The service's state.
#[derive(Debug)]
pub struct State {
    /// The service's own database.
    pub database: Database,
    /// What every web process has.
    pub core: Data<Core>,
    /// Takes the facts of other services.
    pub inbox: Data<Inbox<Facts>>,
    /// Whether a relay takes the facts to other services.
    pub is_relayed: bool,
    /// Signs links.
    pub link_key: LinkKey,
    /// Seal what participants need.
    pub needs_keys: Keys,
    /// Where mails are written as files.
    pub mail_dir: PathBuf,
    /// The file in which erasures stand, outside the database.
    pub erasure_ledger: PathBuf,
    /// When what is kept only so long was ended last.
    pub purged: Purged,
    /// The ways out: the mail server, and endpoints of webhooks.
    pub outgoing: Outgoing,
    /// How long events can be read.
    pub events_kept: Duration,
    /// When API keys were last used, until it is written.
    pub key_uses: Uses,
}
