//! Announcements: what a coordinator tells a round, and those for whom it is read and are mailed.

pub mod entity;
pub mod routes;
