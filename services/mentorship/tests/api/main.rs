//! The mentorship API over real HTTP, on every database that is at hand. Files mirror the
//! features; `world` makes what a test starts from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

mod alarms;
mod archive;
mod authorisation;
mod challenges;
mod conflicts;
mod document;
mod erasure;
mod imports;
mod key_figures;
mod matching;
mod meetings;
mod mentees;
mod mentors;
mod pairs;
mod races;
mod rules;
mod secrecy;
mod work;
mod world;
