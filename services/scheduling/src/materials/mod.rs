//! Materials: what participants read before, during or after a session. Titles and links, no files.
//!
//! Coordinators and whoever leads the session add and remove them; they need no release. Those
//! for whom the session is see a material from its day on.

pub mod entity;
pub mod routes;
