//! What the shared tables promise, on every database that is at hand.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

mod bench;
mod fairness;
mod feed;
mod parts;
mod seals;
mod transfer;
mod waiting;
