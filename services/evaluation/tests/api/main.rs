//! The evaluation API over real HTTP, on every database that is at hand. Files mirror the
//! features; `world` makes what a test starts from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

mod anonymity;
mod answered;
mod answers;
mod archive;
mod asking;
mod attack;
mod authorisation;
mod certificates;
mod circle;
mod completion;
mod credits;
mod document;
mod feedbacks;
mod figures;
mod goals;
mod instruments;
mod interviews;
mod networks;
mod reports;
mod surveys;
mod world;
