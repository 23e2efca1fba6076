//! When deliveries are tried: back-off, leases and how long an idle relay sleeps. All of it is
//! the system's time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;
use uuid::Uuid;

/// How long a relay that has nothing to do waits before it looks again.
pub(crate) const IDLE: Duration = Duration::from_secs(1);
/// How long a claimed delivery is left alone by other replicas.
pub(crate) const LEASE_MILLIS: i64 = 30_000;

/// How long at most nobody asks a subscriber that was away whether it is back.
const LONGEST_AWAY_MILLIS: i64 = 5_000;

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

/// The same for a subscriber that is away.
pub(crate) fn away_millis(attempts: i32) -> i64 {
    back_off_millis(attempts).min(LONGEST_AWAY_MILLIS)
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

/// Whether a subscriber can be reached at all. One that can't is asked by one delivery at a time,
/// however many wait: what the others would learn is known.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    in_vain: i32,
    ask_at: Option<Instant>,
}

impl Reach {
    /// Notes what became of deliveries; one that was answered is enough. Says how long nobody asks.
    pub(crate) fn note(&mut self, answered: bool) -> Option<Duration> {
        if answered {
            *self = Self::default();
            return None;
        }
        let now = Instant::now();
        if self.ask_at.is_some_and(|at| at > now) {
            // What started together fails together, and is one answer.
            return None;
        }
        self.in_vain = self.in_vain.saturating_add(1);
        let pause = away_millis(self.in_vain);
        let pause = Duration::from_millis(u64::try_from(pause).unwrap_or(0));
        self.ask_at = Some(now + pause);
        Some(pause)
    }

    /// How many more deliveries may start while so many are on their way.
    pub(crate) fn more(&self, most: usize, flying: usize) -> usize {
        match self.ask_at {
            None => most.saturating_sub(flying),
            Some(at) => usize::from(flying == 0 && Instant::now() >= at),
        }
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

    #[tokio::test]
    async fn who_is_away_is_asked_by_one_at_a_time_and_who_is_back_gets_all() {
        let mut reach = Reach::default();
        assert_eq!(reach.more(16, 3), 13);
        for _ in 0..30 {
            let pause = reach.note(false).unwrap();
            assert!(pause <= Duration::from_secs(5), "{pause:?}");
            assert_eq!(reach.more(16, 0), 0, "not before the pause is over");
            assert_eq!(
                reach.note(false),
                None,
                "what failed with it says nothing new"
            );
            reach.ask_at = Some(Instant::now());
        }
        assert_eq!(reach.more(16, 0), 1);
        assert_eq!(reach.more(16, 1), 0, "one asks for all");
        assert_eq!(reach.note(true), None);
        assert_eq!(reach.more(16, 0), 16);
    }
}
