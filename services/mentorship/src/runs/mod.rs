//! Matching runs: who supports whom, computed, looked at, and published.
//!
//! A round has terms: weights, how long a journey may be, how many working days a proposal waits,
//! how long what a pair wrote is kept, where the municipalities are. Their row is also the lock
//! under which pairs are made and ended. A coordinator previews other weights, demands or forbids
//! pairs, computes a run (`proposed`), and publishes it (`proposed → published`): its pairs are
//! then proposed to both sides. What was looked at is read again inside the publishing
//! transaction: a run that would come out otherwise is outdated and refused.
//!
//! A proposal that is declined or not answered leads to a run of its own for that mentee alone, and
//! one for the place of a mentor who was willing, so that accepted pairs are never touched.

pub mod constraint_entity;
pub mod constraints;
pub mod entity;
pub mod guard;
pub mod inputs;
pub mod model;
pub mod outcome;
pub mod routes;
pub mod steps;
pub mod store;
pub mod terms;
pub mod terms_entity;
pub mod words;
