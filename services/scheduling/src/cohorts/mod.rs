//! Cohorts: rounds for everyone, who goes in which round of a programme.
//!
//! `proposed → published`, and `proposed` again whenever it is planned anew. A plan is computed
//! from people, rounds, absences and locks; absences are used for that and not kept. Publishing
//! tells registration, which nominates the people for their rounds and says whom it refuses and
//! why. Who is published stays where they are in every later plan, unless they were refused.
//! All of it is the coordinators' alone.

pub mod assign;
pub mod assignment;
pub mod entity;
pub mod inputs;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
mod words;
