//! Proposals: what participants want on a session's agenda.
//!
//! `proposed → accepted | declined | withdrawn`. Who leads the session, or a coordinator, accepts;
//! the item then stands in the draft and is seen with the next release. Participants see their
//! own proposals and those that were accepted.

pub mod entity;
pub mod model;
pub mod routes;
pub mod store;
