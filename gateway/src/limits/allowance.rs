//! One kind of allowance: so many units a minute for each key.

use governor::{
    Quota, RateLimiter, clock::Clock as _, clock::DefaultClock,
    middleware::StateInformationMiddleware, state::keyed::DefaultKeyedStateStore,
};
use std::{
    fmt,
    hash::{BuildHasher as _, Hash, RandomState},
    num::NonZeroU32,
    sync::atomic::{AtomicBool, Ordering},
};

/// Seconds in which a whole allowance comes back.
pub(super) const WINDOW_SECONDS: u64 = 60;
/// The kind whose keys anybody can make up.
pub(super) const ADDRESS: &str = "address";
/// Addresses that are told apart; beyond it, newcomers share. Callers and organisations are only
/// as many as registration knows.
const MOST_KEYS: usize = 100_000;
/// Allowances that newcomers share where there are too many keys.
const SHARED: u64 = 1024;

type Buckets =
    RateLimiter<u64, DefaultKeyedStateStore<u64>, DefaultClock, StateInformationMiddleware>;

/// An allowance for each key.
pub(super) struct Allowance {
    /// Its name in headers and figures.
    pub(super) name: &'static str,
    units: NonZeroU32,
    buckets: Buckets,
    clock: DefaultClock,
    hasher: RandomState,
    is_full: AtomicBool,
}

/// What is left of an allowance after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// Units.
    pub(super) units: u32,
    /// Seconds until the allowance is whole again, or, where nothing is left, until the request
    /// would be let in.
    pub(super) seconds: u64,
    /// Whether the request is let in.
    pub(super) is_enough: bool,
}

impl Allowance {
    /// So many units a minute; `None` for zero, which means no limit.
    pub(super) fn new(name: &'static str, units: u32) -> Option<Self> {
        let units = NonZeroU32::new(units)?;
        let clock = DefaultClock::default();
        let buckets = RateLimiter::dashmap(Quota::per_minute(units))
            .with_middleware::<StateInformationMiddleware>();
        Some(Self {
            name,
            units,
            buckets,
            clock,
            hasher: RandomState::new(),
            is_full: AtomicBool::default(),
        })
    }

    /// Takes `cost` from the key's allowance, or nothing if there is less. What costs more than
    /// the whole allowance costs all of it.
    pub(super) fn take(&self, key: impl Hash, cost: NonZeroU32) -> Left {
        // A number in place of the key: nothing of a caller is kept, and nobody outside can
        // choose a key that falls together with another's.
        let mut key = self.hasher.hash_one(key);
        if self.is_full.load(Ordering::Relaxed) {
            key %= SHARED;
        }
        match self.buckets.check_key_n(&key, cost.min(self.units)) {
            Ok(Ok(state)) => {
                let units = state.remaining_burst_capacity();
                let taken = u64::from(self.units.get().saturating_sub(units));
                Left {
                    units,
                    seconds: (taken * WINDOW_SECONDS).div_ceil(u64::from(self.units.get())),
                    is_enough: true,
                }
            }
            Ok(Err(until)) => {
                let wait = until.wait_time_from(self.clock.now());
                Left {
                    units: 0,
                    seconds: wait.as_secs().saturating_add(1).min(WINDOW_SECONDS),
                    is_enough: false,
                }
            }
            // Can't be: the cost is at most the allowance.
            Err(_) => Left {
                units: 0,
                seconds: WINDOW_SECONDS,
                is_enough: false,
            },
        }
    }

    /// Forgets whoever has a whole allowance again.
    pub(super) fn tidy(&self) {
        self.buckets.retain_recent();
        let is_full = self.name == ADDRESS && self.buckets.len() >= MOST_KEYS;
        self.is_full.store(is_full, Ordering::Relaxed);
    }

    #[cfg(test)]
    fn keys(&self) -> usize {
        self.buckets.len()
    }
}

impl fmt::Debug for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Allowance")
            .field("name", &self.name)
            .field("units", &self.units)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: NonZeroU32 = NonZeroU32::MIN;

    #[test]
    fn an_allowance_ends_and_another_keys_does_not() {
        let allowance = Allowance::new("caller", 3).unwrap();
        let left: Vec<u32> = (0..3).map(|_| allowance.take("maja", ONE).units).collect();
        assert_eq!(left, [2, 1, 0]);
        let refused = allowance.take("maja", ONE);
        assert!(
            !refused.is_enough && (1..=21).contains(&refused.seconds),
            "{refused:?}"
        );
        assert_eq!(
            allowance.take("ali", ONE),
            Left {
                units: 2,
                seconds: 20,
                is_enough: true
            }
        );
    }

    #[test]
    fn what_costs_more_takes_more_and_never_more_than_there_is() {
        let allowance = Allowance::new("caller", 10).unwrap();
        let cost = |units| NonZeroU32::new(units).unwrap();
        assert_eq!(allowance.take("maja", cost(6)).units, 4);
        assert!(!allowance.take("maja", cost(5)).is_enough);
        assert_eq!(
            allowance.take("maja", cost(4)).units,
            0,
            "a refusal costs nothing"
        );
        assert!(allowance.take("ali", cost(1000)).is_enough);
    }

    #[test]
    fn units_come_back_and_who_has_all_of_them_is_forgotten() {
        let allowance = Allowance::new("caller", 6000).unwrap();
        assert!(
            allowance
                .take("maja", NonZeroU32::new(6000).unwrap())
                .is_enough
        );
        for stranger in 0..500 {
            allowance.take(stranger, ONE);
        }
        assert_eq!(allowance.keys(), 501);
        std::thread::sleep(std::time::Duration::from_millis(60));
        allowance.tidy();
        assert_eq!(
            allowance.keys(),
            1,
            "one unit comes back in 10 ms, 6,000 in a minute"
        );
        assert!(allowance.take("maja", ONE).is_enough);
    }

    #[test]
    fn a_known_caller_never_shares() {
        let allowance = Allowance::new("caller", 1).unwrap();
        for caller in 0..=MOST_KEYS {
            allowance.take(caller, ONE);
        }
        allowance.tidy();
        assert!(!allowance.is_full.load(Ordering::Relaxed));
    }

    #[test]
    fn beyond_the_most_keys_newcomers_share_and_memory_does_not_grow() {
        let allowance = Allowance::new(ADDRESS, 1).unwrap();
        for stranger in 0..MOST_KEYS {
            allowance.take(stranger, ONE);
        }
        allowance.tidy();
        for stranger in MOST_KEYS..MOST_KEYS + 5000 {
            allowance.take(stranger, ONE);
        }
        assert!(allowance.keys() <= MOST_KEYS + usize::try_from(SHARED).unwrap());
    }

    #[test]
    fn zero_is_no_limit() {
        assert!(Allowance::new("caller", 0).is_none());
    }
}
