//! Instruments: sets of questions, in versions.
//!
//! An instrument belongs to an organiser; its evaluators and coordinators make it, of one that
//! comes with Akademi (`library`) or of their own questions. What was asked is never rewritten:
//! a change is a new version, and a survey asks the version that it was planned with.

pub mod entity;
pub mod library;
pub mod model;
pub mod routes;
pub mod store;
pub mod version_entity;
