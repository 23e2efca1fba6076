//! The domain clock: deadlines, sweeps and history ask it; tokens, caches and time-outs don't.
//!
//! Outside the demo and tests it is the wall clock. Times are cut to whole microseconds, the
//! finest that both databases keep.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A clock that all parts of one process share; clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_micros: Arc<AtomicI64>,
    /// Microseconds since 1970 at which it stands still; 0 while it runs.
    stopped_micros: Arc<AtomicI64>,
}

impl Clock {
    /// The wall clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that starts at an instant and runs on from there.
    pub fn starting_at(instant: DateTime<Utc>) -> Self {
        let clock = Self::default();
        clock.set(instant);
        clock
    }

    /// The time, in whole microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        let stopped = self.stopped_micros.load(Ordering::SeqCst);
        if let Some(stopped) = DateTime::from_timestamp_micros(stopped).filter(|_| stopped != 0) {
            return stopped;
        }
        let offset = TimeDelta::microseconds(self.offset_micros.load(Ordering::SeqCst));
        (wall() + offset).trunc_subsecs(6)
    }

    /// Moves the clock; only the demo and tests own a clock that they may move.
    pub fn set(&self, instant: DateTime<Utc>) {
        let offset = instant - wall();
        self.offset_micros
            .store(offset.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        self.stopped_micros.store(0, Ordering::SeqCst);
    }

    /// Moves the clock and lets it stand still until it is moved again: for tests of the last
    /// moment before a deadline.
    pub fn stop_at(&self, instant: DateTime<Utc>) {
        self.stopped_micros
            .store(instant.timestamp_micros(), Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the domain meets the wall clock"
)]
fn wall() -> DateTime<Utc> {
    Utc::now()
}

/// Microseconds since 1970 by the system clock, for log lines.
pub fn system_micros() -> i64 {
    wall().timestamp_micros()
}

/// Seconds since 1970 by the system clock, for tokens and caches.
pub fn system_seconds() -> u64 {
    u64::try_from(wall().timestamp()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_moved_clock_show_the_same_time() {
        let clock = Clock::system();
        let clone = clock.clone();
        let instant = DateTime::parse_from_rfc3339("2022-04-01T08:00:00Z")
            .unwrap()
            .to_utc();
        clock.set(instant);
        assert!((clone.now() - instant).num_seconds().abs() < 5);
        assert_eq!(clone.now().timestamp_subsec_nanos() % 1_000, 0);
        clone.stop_at(instant);
        assert_eq!((clock.now(), clock.now()), (instant, instant));
        clock.set(instant);
        assert!((clone.now() - instant).num_seconds().abs() < 5);
    }
}
