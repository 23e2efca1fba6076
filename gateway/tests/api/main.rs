//! The gateway over real sockets, between clients of every kind and services that are played.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and what they share say what they expect by stopping when it is not so"
)]

mod authorisation;
mod documents;
mod forgeries;
mod forwarding;
mod headers;
mod health;
mod keys;
mod logs;
mod outages;
mod pressure;
mod problems;
mod refusals;
mod roles;
mod support;
mod tokens;
