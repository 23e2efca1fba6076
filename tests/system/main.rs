//! Tests of the whole, as its users meet it: the real program, its real files, HTTP through
//! the gateway.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test says what it expects by stopping where it is not so"
)]

mod audit;
mod backup;
mod broker;
mod demo;
mod directors;
mod doctor;
mod effects;
mod faults;
mod hr;
mod init;
mod installation;
mod integration;
mod keys;
mod links;
mod meetings;
mod mentors;
mod mentorship;
mod money;
mod moving;
mod program;
mod restart;
mod rotation;
mod stage;
mod update;
