//! What an operator sets.

use crate::certificates::keys::IssuerKeys;
use shared_envelope::Keys;
use shared_events::Exchange;
use shared_web::{Clock, key::TrustedKeys, link::LinkKey};
use std::time::Duration;

/// Settings of the evaluation service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Address under which people see Akademi.
    pub public_url: String,
    /// Signs links.
    pub link_key: LinkKey,
    /// Seal answers until they are mixed, and interviews.
    pub answer_keys: Keys,
    /// Sign certificates' credentials; the first signs, all are published.
    pub issuer_keys: IssuerKeys,
    /// Where facts go; without it they wait.
    pub exchange: Option<Exchange>,
    /// How often what was due is looked for.
    pub sweep_every: Duration,
    /// Whose tokens count: the gateway's, and those of other services at the event door.
    pub trusted_keys: TrustedKeys,
    /// The domain clock.
    pub clock: Clock,
    /// Threads that serve requests.
    pub workers: usize,
}
