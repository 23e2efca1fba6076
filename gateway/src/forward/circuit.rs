//! Whether a service is asked at all: after several failures in a row it is left in peace, but
//! for one request every now and then, so that its return is noticed without anybody's help.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// So many failures in a row open the circuit; every answer, whatever it says, closes it.
const MOST_FAILURES: u32 = 5;
/// While it is open, one request in this time goes through. It does not wait for the one before:
/// that may hang until its time is out.
const REST: Duration = Duration::from_secs(2);

/// The state, shared by all workers.
#[derive(Debug)]
pub(super) struct Circuit {
    made_at: Instant,
    failures: AtomicU32,
    rests_until_millis: AtomicU64,
}

impl Circuit {
    /// Closed.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            made_at: now,
            failures: AtomicU32::new(0),
            rests_until_millis: AtomicU64::new(0),
        }
    }

    /// Whether a request may go through now. One that may is let through once: who asks must
    /// send it.
    pub(super) fn lets_through(&self, now: impl FnOnce() -> Instant) -> bool {
        if self.failures.load(Ordering::Relaxed) < MOST_FAILURES {
            return true;
        }
        let (now, order) = (self.millis(now()), Ordering::Relaxed);
        let until = self.rests_until_millis.load(order);
        let next = now.saturating_add(millis(REST));
        // Of several at the same moment one wins.
        now >= until
            && self
                .rests_until_millis
                .compare_exchange(until, next, order, order)
                .is_ok()
    }

    /// The service has answered. Whether that closes it.
    pub(super) fn answered(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
            && self.failures.swap(0, Ordering::Relaxed) >= MOST_FAILURES
    }

    /// The service could not be reached, or let its time run out. Whether that opens it.
    pub(super) fn failed(&self, now: Instant) -> bool {
        let before = self.failures.fetch_add(1, Ordering::Relaxed);
        let opens = before.saturating_add(1) == MOST_FAILURES;
        if opens {
            let until = self.millis(now).saturating_add(millis(REST));
            self.rests_until_millis.store(until, Ordering::Relaxed);
        }
        opens
    }

    fn millis(&self, now: Instant) -> u64 {
        millis(now.saturating_duration_since(self.made_at))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Circuit {
        let circuit = Circuit::new(now);
        for _ in 0..MOST_FAILURES {
            assert!(circuit.lets_through(|| now));
            circuit.failed(now);
        }
        circuit
    }

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_between_them_does_not_let_them_add_up() {
        let now = Instant::now();
        let circuit = Circuit::new(now);
        for _ in 0..3 {
            for _ in 1..MOST_FAILURES {
                circuit.failed(now);
            }
            assert!(circuit.lets_through(|| now));
            circuit.answered();
        }
        assert!(!opened(now).lets_through(|| now));
    }

    #[test]
    fn while_it_is_open_one_request_goes_through_in_each_rest_and_its_answer_closes_it() {
        let now = Instant::now();
        let circuit = opened(now);
        for turn in 1..4 {
            let later = now + REST * turn;
            let early = later.checked_sub(Duration::from_millis(1)).unwrap();
            assert!(!circuit.lets_through(|| early));
            assert!(circuit.lets_through(|| later), "turn {turn}");
            assert!(!circuit.lets_through(|| later), "turn {turn}: only one");
        }
        circuit.answered();
        assert!(circuit.lets_through(|| now) && circuit.lets_through(|| now));
    }

    #[test]
    fn a_failure_while_it_is_open_does_not_put_the_next_attempt_off() {
        let now = Instant::now();
        let circuit = opened(now);
        circuit.failed(now + REST / 2);
        assert!(circuit.lets_through(|| now + REST));
    }
}
