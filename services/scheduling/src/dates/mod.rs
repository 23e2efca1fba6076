//! Dates: when a round's occasions could be, before anything is planned.
//!
//! A coordinator describes a pattern (a kick-off, residentials, a reserve date, a ceremony), the
//! days that cannot be used or would rather not be, venues and facilitators with their calendars,
//! and gets the best plans with their points by reason, or a smallest set of constraints that
//! cannot hold together. It is a calculation: nothing is kept, and nobody is told.

pub mod model;
pub mod propose;
pub mod routes;
mod words;
