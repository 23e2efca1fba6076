//! Declared conflicts: two people who should not become a pair.
//!
//! Mentors and mentees of a round declare their own; a coordinator those of others. Whoever
//! declared it and the coordinators see it, nobody else does; both may take it back.

pub mod entity;
pub mod routes;
pub mod steps;
pub mod store;
