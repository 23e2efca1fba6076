//! Budgets: who pays for a round, what it is to cost, what it has cost, and what a participant
//! costs, for the organiser and for whoever funds it.
//!
//! A budget is kept as a whole; what it comes to ([`model`]) is counted when it is asked for.

pub mod entity;
pub mod files;
pub mod model;
pub mod routes;
pub mod store;
