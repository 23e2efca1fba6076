//! Electives: sessions between which a participant chooses.
//!
//! Sessions of kind `elective` that bear the same name of a choice belong together; a participant
//! has at most one of them, and chooses another until it begins. Places are counted under the
//! plan's lock; whoever leaves the round leaves the place.

pub mod entity;
pub mod routes;
pub mod store;
