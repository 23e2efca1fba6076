//! Imports: an organiser's venues out of a file.
//!
//! The organiser's coordinators hand a file in. A venue is added and replaced by `venues::routes`,
//! with the same history and the same events as by hand; `shared-imports` reads the file, keeps
//! its rows and works them off.

pub mod routes;
pub mod sheet;
pub mod steps;
