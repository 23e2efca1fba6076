//! What an operator sets.

use shared_web::{Clock, key::TrustedKeys};

/// Settings of the mentorship service.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Address under which people see Akademi.
    pub public_url: String,
    /// Whose internal tokens count.
    pub trusted_keys: TrustedKeys,
    /// The domain clock.
    pub clock: Clock,
    /// Threads that serve requests.
    pub workers: usize,
}
