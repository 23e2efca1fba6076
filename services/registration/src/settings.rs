//! What an operator sets.

use crate::mail::Outgoing;
use shared_envelope::Keys;
use shared_events::Exchange;
use shared_web::{Clock, key::TrustedKeys, link::LinkKey};
use std::{path::PathBuf, time::Duration};

/// Settings of the registration service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Address for links in mails.
    pub public_url: String,
    /// Signs links.
    pub link_key: LinkKey,
    /// Seal what participants need.
    pub needs_keys: Keys,
    /// Where mails are written as files.
    pub mail_dir: PathBuf,
    /// The file in which erasures stand, outside the database and its backups.
    pub erasure_ledger: PathBuf,
    /// The ways out: the mail server, and endpoints of webhooks.
    pub outgoing: Outgoing,
    /// Where facts go; without it they wait.
    pub exchange: Option<Exchange>,
    /// Whose tokens count: the gateway's, and those of other services at the event door.
    pub trusted_keys: TrustedKeys,
    /// The domain clock.
    pub clock: Clock,
    /// How often what was due is looked for.
    pub sweep_every: Duration,
    /// How often the history is sealed and events get their order.
    pub seal_every: Duration,
    /// How long events can be read.
    pub events_kept: Duration,
    /// Threads that serve requests.
    pub workers: usize,
}
