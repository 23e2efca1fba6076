//! When deliveries are tried: back-off, leases and how long an idle relay sleeps. All of it is
//! the system's time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;
use uuid::Uuid;

/// How long a relay that has nothing to do waits before it looks again.
pub(crate) const IDLE: Duration = Duration::from_secs(1);
/// How long a claimed delivery is left alone by other replicas.
pub(crate) const LEASE_MILLIS: i64 = 30_000;

const FIRST_BACK_OFF_MILLIS: i64 = 200;
const LONGEST_BACK_OFF_MILLIS: i64 = 60_000;

/// Milliseconds to wait after so many failed attempts: doubled each time, with jitter, so that
/// what failed together isn't tried together for ever.
pub(crate) fn back_off_millis(attempts: i32) -> i64 {
    let doublings = attempts.saturating_sub(1).clamp(0, 20);
    let longest = (FIRST_BACK_OFF_MILLIS << doublings).min(LONGEST_BACK_OFF_MILLIS);
    let shortest = longest / 2;
    let (random, _) = Uuid::new_v4().as_u64_pair();
    let jitter = i64::from(u32::try_from(random >> 32).unwrap_or(0)) % (longest - shortest + 1);
    shortest + jitter
}

#[expect(
    clippy::disallowed_methods,
    reason = "attempts are made in the system's time, not the domain's"
)]
pub(crate) fn system_millis() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Remembers when the next retry is due, so that it isn't late by a whole idle wait.
#[derive(Debug, Default)]
pub(crate) struct Rhythm {
    retry_at: Option<Instant>,
}

impl Rhythm {
    /// Something is to be tried again after `delay`.
    pub(crate) fn retry_in(&mut self, delay: Option<Duration>) {
        let now = Instant::now();
        self.retry_at = self
            .retry_at
            .filter(|at| *at > now)
            .into_iter()
            .chain(delay.map(|delay| now + delay))
            .min();
    }

    /// Waits until a retry is due, at most an idle wait.
    pub(crate) async fn wait(&self) {
        let now = Instant::now();
        let idle = now + IDLE;
        let retry = self.retry_at.filter(|at| *at > now).unwrap_or(idle);
        tokio::time::sleep_until(retry.min(idle)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_grows_from_a_fifth_of_a_second_to_a_minute() {
        for (attempts, longest) in [(1, 200), (2, 400), (5, 3_200), (9, 51_200), (10, 60_000)] {
            let delays: Vec<_> = (0..200).map(|_| back_off_millis(attempts)).collect();
            assert!(
                delays
                    .iter()
                    .all(|delay| (longest / 2..=longest).contains(delay)),
                "{attempts}: {delays:?}"
            );
            assert!(delays.iter().min() < delays.iter().max(), "no jitter");
        }
        assert!(back_off_millis(i32::MAX) <= 60_000);
    }
}
