//! Meetings of a pair: `planned → held | cancelled`.
//!
//! A meeting is planned for a time to come, once the pair is active. That and when they meet, and
//! for how long, is seen by the coordinators; topic and place are sealed by the pair's key and
//! read by the two alone. Both get an appointment by mail, and a cancellation when it is called off
//! or the pair ends before it; it says when and with whom.

pub mod entity;
pub mod messages;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
