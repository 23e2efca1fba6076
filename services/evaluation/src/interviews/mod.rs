//! Interviews with participants, one by one or in groups: guide, consent, notes, and the code book
//! by which they are read.
//!
//! `planned → held`. Nothing is written of anybody who has not agreed, and whoever agreed may take
//! it back. What was said is for the evaluators alone: it is sealed by a key of the interview, and
//! neither history, events nor answers to repeated requests hold it. Others learn how often a
//! theme came up, where nobody can be made out by it.

pub mod coding_entity;
pub mod count_entity;
pub mod counts;
pub mod entity;
pub mod interviewee_entity;
pub mod model;
pub mod notes;
pub mod routes;
pub mod steps;
pub mod store;
pub mod theme_entity;
pub mod themes;
