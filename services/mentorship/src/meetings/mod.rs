//! Meetings of a pair: `planned → held | cancelled`.
//!
//! A meeting is planned for a time to come, once the pair is active. That and when they meet, and
//! for how long, is seen by the coordinators; topic and place are sealed by the pair's key and
//! read by the two alone.

pub mod entity;
pub mod model;
pub mod routes;
pub mod store;
