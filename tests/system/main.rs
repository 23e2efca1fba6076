//! Tests of the whole, as its users meet it: the real program, its real files, HTTP through
//! the gateway.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by stopping where it is not so"
)]

mod audit;
mod backup;
mod broker;
mod demo;
mod doctor;
mod effects;
mod hr;
mod init;
mod integration;
mod keys;
mod links;
mod meetings;
mod mentors;
mod money;
mod program;
mod restart;
