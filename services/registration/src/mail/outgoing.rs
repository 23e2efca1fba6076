//! What an operator sets of what leaves Akademi for people and systems outside.

use super::{
    smtp::Smtp,
    transport::{Address, USUAL_SENDER},
};
use shared_web::outgoing::{ClientError, External, Networks, external};
use std::time::Duration;

/// Ways out.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The mail server; without one mails are written as files.
    pub smtp: Option<Smtp>,
    /// The address that mails are from.
    pub sender: Address,
    /// Reaches the addresses that somebody typed.
    pub external: External,
    /// Whether such an address may do without TLS: where the operator has named networks of the
    /// own that may be reached.
    pub plain_http: bool,
    /// How often events that are to be sent are looked for.
    pub look_every: Duration,
}

impl Outgoing {
    /// Files, the usual sender, and addresses in the open or in `networks`.
    pub fn new(networks: &Networks) -> Result<Self, ClientError> {
        Ok(Self {
            smtp: None,
            sender: usual_sender(),
            look_every: Duration::from_secs(1),
            plain_http: *networks != Networks::default(),
            external: external(networks.clone())?,
        })
    }
}

/// The address that mails are from, unless the operator names one.
#[expect(clippy::expect_used, reason = "a constant that a test reads too")]
fn usual_sender() -> Address {
    USUAL_SENDER.parse().expect("an address")
}
