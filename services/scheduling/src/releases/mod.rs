//! Releases: what people see of a plan, and who is told when it changes.
//!
//! Releasing writes the whole plan as one row that never changes, and brings
//! `released_sessions`, `released_days`, `released_facilitators` and `claims` to the same state.
//! A session's `sequence` goes up with every release that changes it; one that is cancelled keeps
//! its row, so that calendars can say so.
//!
//! What speaks against a release is looked for in the transaction that makes it, under one lock
//! for all plans ([`claims`]): of two coordinators who want the same room at the same time exactly
//! one gets it, and the other is told who has. Missing accessibility statements forbid a release;
//! clashes need a reason, which is kept.

pub mod affected;
pub mod around;
pub mod claim;
pub mod claims;
pub mod difference;
pub mod entity;
pub mod findings;
pub mod needed;
pub mod next;
pub mod reader;
pub mod released_day;
pub mod released_facilitator;
pub mod released_session;
pub mod routes;
pub mod schedule;
pub mod steps;
pub mod store;
pub mod words;
