//! Retention: what is kept only so long, and what ends it.
//!
//! A rule for each kind of data says for how many days; who runs the installation may change it.
//! A sweep ends what is due, in slices, and the history keeps that it was. A preview shows the
//! same rows that the sweep would take, by the same question.

pub mod due;
pub mod entity;
pub mod model;
pub mod purge;
pub mod routes;
pub mod store;
