//! Alarms: what a coordinator should look at.
//!
//! A pair that has not met by the middle of its round, a proposal that nobody answers, a mentor
//! over capacity, a pair that breaks a hard rule. They are raised and cleared by what is so now:
//! at the changes that could matter, and by the sweep for those that time alone brings. Raising
//! one is an event.

pub mod entity;
pub mod model;
pub mod routes;
pub mod steps;
