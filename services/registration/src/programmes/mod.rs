//! Programmes: the catalogue of what an organiser offers.
//!
//! A programme is a draft that its organiser alone sees, then stands in the public catalogue,
//! and is put away when it is no longer offered. Its rounds live on without it.

pub mod entity;
pub mod model;
pub mod routes;
pub mod store;
