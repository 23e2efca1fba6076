//! Matching: which mentor each mentee gets, and why.
//!
//! Pure functions over plain values: no clock, no database. The same input gives the same answer in
//! any order of its rows, so that whoever asks "why?" years later can be answered.
//!
//! [`solve()`] finds the best pairs, [`refusals()`] names the hard rules that forbid a pair (for the
//! pool, for a lock, and again when a run is published), [`scores()`] lists whom else a mentee could
//! have, and [`diff()`] compares two outcomes (for a preview of other weights).
//!
//! # What is best
//!
//! No pair breaks a hard rule ([`Rule`]) and no mentor gets more mentees than there are free places.
//! Among all such sets of pairs, lexicographically: (1) fewest mentees without a mentor; (2) most
//! locked pairs; (3) highest sum of scores; (4) fewest long journeys; (5) a tie-break by ids. The
//! answer is exact, and proven by its prices before it is given (`solve/certify.rs`); how all levels
//! are one number, and how many people that has room for, stands in `solve/scale.rs`.
//!
//! # What wishes guarantee
//!
//! *Naming fewer gains nothing.* Whatever the others wish: a mentee who leaves off the last wishes, or
//! the first, never gets a mentor higher on the full list than the full list would have brought, and
//! never a mentor instead of nobody. The same holds for a mentor with one free place. Of the wishes
//! that count the last gives one step, each before it a step more; names that rules exclude do not
//! count, so that a list cannot be filled up with them either. `solve/tests/wishes.rs` has the
//! argument, the property, and a control: points by rank alone are gamed. What no points can prevent
//! is a list in another order than the true one; for that reason a wish can also not be mandatory.
//!
//! # Speed and memory
//!
//! Processor time on the two-core machine of development, release build, half as many mentors of three
//! places; from the people to the outcome, and the search with its proof alone:
//!
//! ```text
//! mentees   all        search     memory of the process
//!    100        –       0.15 ms       –
//!    300      2.8 ms     0.9 ms     4 MB
//!  1,000     13 ms       5 ms       7 MB
//!  3,000     71 ms      32 ms      21 MB
//!  6,000    245 ms     111 ms      56 MB
//! ```
//!
//! It grows with the table, mentees × mentors, two bytes a pair. `benches/matching/compare.sh` runs
//! scipy on the same tables: the same best sets; at 3,000 mentees 490 ms, 190 ms to copy the table out,
//! and 477 MB. At 100 mentees both search in about 0.15 ms: to be faster there is not promised. The
//! goal at 3,000, 300 ms and 150 MB, is checked by bench and script.

mod diff;
mod input;
mod journey;
mod output;
mod rules;
mod score;
mod scores;
mod solve;
mod weights;

pub use diff::{Change, Diff, diff};
pub use input::{
    Bar, Barred, Couple, Form, Input, MOST_WISHES, Mentee, Mentor, Place, SolveError, Terms,
    WishCannotBeMandatory,
};
pub use output::{
    Because, Blocking, BrokenLock, LockRefusal, Outcome, Pair, Part, Totals, Unmatched,
};
pub use rules::{Rule, refusals};
pub use scores::{Scores, scores};
pub use solve::{digest, solve};
pub use weights::{Criterion, Level, Weights};

/// The version of these rules, kept with each run; it changes when an answer could.
pub const RULE_VERSION: &str = "matching-1";
