//! What is counted of recognising callers, for Prometheus.

use metrics::{Counter, Gauge, counter, gauge};
use std::{fmt, time::Duration};

/// The figures, looked up once.
pub(super) struct Figures {
    hits: Counter,
    misses: Counter,
    age: Gauge,
}

impl Figures {
    /// Nothing is counted yet.
    pub(super) fn new() -> Self {
        let tokens = |found: &'static str| counter!("gateway_tokens_total", "memory" => found);
        Self {
            hits: tokens("hit"),
            misses: tokens("miss"),
            age: gauge!("gateway_last_known_roles_age_seconds"),
        }
    }

    /// Who presents a token was known from memory.
    pub(super) fn hit(&self) {
        self.hits.increment(1);
    }

    /// A token had to be looked at.
    pub(super) fn miss(&self) {
        self.misses.increment(1);
    }

    /// Registration has answered, so that no old roles count.
    pub(super) fn answered(&self) {
        self.age.set(0.0);
    }

    /// Registration has not, and roles of this age count meanwhile.
    pub(super) fn unanswered(&self, age: Duration) {
        self.age.set(age.as_secs_f64());
    }
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures").finish_non_exhaustive()
    }
}
