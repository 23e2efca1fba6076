//! Imports: a round's mentors out of a file.
//!
//! The coordinators of the round's organiser hand a file in. A person is taken into the pool and
//! changed by `mentors::steps`, with the same history and the same events as by hand;
//! `shared-imports` reads the file, keeps its rows and works them off. The round is what keys are
//! unique within: the same person may be a mentor in several.

pub mod routes;
pub mod sheet;
pub mod steps;
