//! What a matching run answers, ready to be put into words.

use super::{Couple, Criterion, Form, Level, Rule};
use shared_types::{OrganisationId, PersonId};

/// The best set of pairs, and why it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The pairs, by mentee.
    pub pairs: Vec<Pair>,
    /// Mentees without a mentor, by id.
    pub unmatched: Vec<Unmatched>,
    /// What stands in the way of the unmatched; every one of them is in exactly one.
    pub blocking: Vec<Blocking>,
    /// Locks that were not kept.
    pub broken_locks: Vec<BrokenLock>,
    /// Sums.
    pub totals: Totals,
    /// SHA-256 over rule version and input, whatever the order of its rows.
    pub digest: [u8; 32],
}

/// A mentee with a mentor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The two.
    pub couple: Couple,
    /// The sum of the parts.
    pub score: u32,
    /// The score criterion by criterion, those that are off left out.
    pub parts: Vec<Part>,
    /// Whether the coordinator locked it.
    pub is_locked: bool,
    /// Whether the journey is long.
    pub is_long_journey: bool,
}

/// What one criterion adds to a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub criterion: Criterion,
    /// How much it counts.
    pub level: Level,
    /// 0 to 100, before the level is applied.
    pub points: u32,
    /// Points times the level's factor.
    pub score: u32,
    /// What gave the points.
    pub because: Because,
}

/// What gives a criterion's points, or that nothing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// The wish of this rank, as the person ranked it; 1 is the dearest.
    Wish {
        /// The rank.
        rank: u32,
    },
    /// Competences that one seeks and the other offers.
    Competences {
        /// Codes, in the order in which they were sought.
        codes: Vec<String>,
    },
    /// A language of both.
    Language {
        /// The tag.
        tag: String,
    },
    /// A journey of this length, one way, estimated.
    Journey {
        /// Its length.
        minutes: u32,
    },
    /// They meet without travelling.
    NoJourney,
    /// A form of meeting that suits both.
    Form {
        /// The form.
        form: Form,
    },
    /// The sector of both.
    Sector {
        /// Its code.
        code: String,
    },
    /// One of them has not said.
    Unknown,
    /// Nothing: no wish, nothing in common.
    Nothing,
}

/// A mentee without a mentor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The mentee.
    pub mentee: PersonId,
    /// The index in [`Outcome::blocking`] of what stands in the way.
    pub blocking: usize,
}

/// A set of mentees who together have fewer places to go to than they are, found by following the
/// residual graph from those without a mentor (a violator of Hall's condition). All its mentors are
/// full with its mentees, so that whoever of them is left out, the number stays the same:
/// `mentees.len() == places + unmatched.len()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// Everybody who competes, by id.
    pub mentees: Vec<PersonId>,
    /// Those of them who go without.
    pub unmatched: Vec<PersonId>,
    /// All mentors whom the rules leave to any of them, by id; may be empty.
    pub mentors: Vec<PersonId>,
    /// The free places of these mentors.
    pub places: u32,
    /// Where the mentees come from, the most frequent first.
    pub municipalities: Vec<(OrganisationId, u32)>,
    /// How many others of the pool each rule keeps from the first of the unmatched; everybody counts
    /// once, under the first rule broken.
    pub excluded: Vec<(Rule, u32)>,
}

/// A lock that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLock {
    /// The two.
    pub couple: Couple,
    /// Why.
    pub because: LockRefusal,
}

/// Why a lock was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockRefusal {
    /// The mentee or the mentor is not part of this run.
    NotInRun,
    /// These hard rules forbid the pair; never empty.
    Rules(Vec<Rule>),
    /// It would leave more mentees without a mentor, or break another lock.
    Outweighed,
}

/// Sums over an outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Mentees in the run.
    pub mentees: u32,
    /// Free places of eligible mentors.
    pub places: u32,
    /// Pairs.
    pub pairs: u32,
    /// Locked pairs.
    pub locks_kept: u32,
    /// Scores of all pairs.
    pub score: u64,
    /// Pairs with a long journey.
    pub long_journeys: u32,
}
