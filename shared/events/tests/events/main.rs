//! Events from one service to another over real HTTP and by a real broker, on every database that is at hand.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected"
)]

mod bench;
mod broker;
mod door;
mod relay;
