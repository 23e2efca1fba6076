//! The gateway over real sockets, between clients of every kind and services that are played.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and what they share say what they expect by stopping when it is not so"
)]

mod archive;
mod authorisation;
mod cors;
mod deprecations;
mod differential;
mod documents;
mod forgeries;
mod forwarding;
#[cfg(feature = "trace-harness")]
mod harness;
mod headers;
mod health;
mod keys;
mod limits;
mod outages;
mod pressure;
mod problems;
mod refusals;
mod roles;
mod security;
mod support;
mod tokens;
