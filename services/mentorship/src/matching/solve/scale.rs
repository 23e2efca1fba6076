//! One number for the whole objective.
//!
//! A pair is worth `pair + locked·lock + score·point + short·short_journey + tie`, and a set of pairs
//! the sum. Each unit is one more than everything below it can add up to over all pairs, so that the
//! larger of two sums is the better of two sets in the order of the objective: no number of points
//! buys a pair, no number of short journeys a point.
//!
//! With `n` the most pairs there can be and `l` the locks:
//!
//! ```text
//! tie           <  2^t
//! short_journey =  n·(2^t − 1) + 1
//! point         =  n·(short_journey + 2^t − 1) + 1
//! lock          =  n·(most_score·point + short_journey + 2^t − 1) + 1
//! pair          =  l·lock + n·(most_score·point + short_journey + 2^t − 1) + 1
//! ```
//!
//! No price and no distance of the search exceeds the worth of the best pair (`assign.rs`), so that
//! four times this worth must fit into 127 bits; [`Scale::fitting`] checks that, and takes as many
//! bits for ties as it can, from 48 down to 32. 3,000 mentees need 97 bits of the 127; a million
//! would fit with 32 bits for ties.
//!
//! # Ties
//!
//! Each couple draws a number from its two ids, and among sets that are equal in everything else
//! that with the largest sum wins. The number depends on nothing but the two ids, so that a tie falls
//! the same way whoever else takes part, and no person wins ties by having a small id. With
//! independent numbers of t bits two best sets have the same sum with a probability below pairs/2^t
//! (Mulmuley, Vazirani and Vazirani 1987): 2·10⁻⁸ for 3,000 by 1,500. Even then the answer is the
//! same each time, since rows and columns are read in the order of ids.

use super::table::Entry;
use shared_types::PersonId;
use uuid::Uuid;

const MOST_TIE_BITS: u32 = 48;
const FEWEST_TIE_BITS: u32 = 32;

/// The units of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub pair: i128,
    pub lock: i128,
    pub point: i128,
    pub short_journey: i128,
    /// What a pair can have below its points.
    pub below_point: i128,
    tie_bits: u32,
}

impl Scale {
    /// The units for at most so many pairs, locks and points a pair; `None` when they do not fit.
    pub(super) fn fitting(pairs: usize, locks: usize, most_score: u32) -> Option<Self> {
        (FEWEST_TIE_BITS..=MOST_TIE_BITS)
            .rev()
            .find_map(|tie_bits| Self::with_ties(tie_bits, pairs, locks, most_score))
    }

    fn with_ties(tie_bits: u32, pairs: usize, locks: usize, most_score: u32) -> Option<Self> {
        let pairs = i128::try_from(pairs).ok()?;
        let locks = i128::try_from(locks).ok()?;
        let ties = (1_i128 << tie_bits) - 1;
        let above = |below: i128| pairs.checked_mul(below)?.checked_add(1);
        let short_journey = above(ties)?;
        let below_point = short_journey.checked_add(ties)?;
        let point = above(below_point)?;
        let most = point.checked_mul(i128::from(most_score))?;
        let below_lock = most.checked_add(below_point)?;
        let lock = above(below_lock)?;
        let pair = locks.checked_mul(lock)?.checked_add(lock)?;
        let most = pair.checked_add(lock)?.checked_add(below_lock)?;
        most.checked_mul(4)?;
        Some(Self {
            pair,
            lock,
            point,
            short_journey,
            below_point,
            tie_bits,
        })
    }

    /// The worth of a pair that may be.
    pub(super) fn worth(&self, entry: Entry, tie: u64) -> i128 {
        let mut worth = self.pair + i128::from(entry.score()) * self.point;
        if entry.is_locked() {
            worth += self.lock;
        }
        if !entry.is_long() {
            worth += self.short_journey;
        }
        worth + i128::from(tie >> (64 - self.tie_bits))
    }
}

/// What a person adds to the ties of their couples.
pub(super) fn tie_of(person: PersonId) -> u64 {
    let (high, low) = Uuid::from(person).as_u64_pair();
    mix(mix(high) ^ low)
}

/// The number that a couple draws.
pub(super) fn tie(mentee: u64, mentor: u64) -> u64 {
    mix(mentee ^ mentor.rotate_left(32))
}

/// The finishing step of `SplitMix64` (Steele, Lea and Flood 2014).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
