//! Plans: when and where a round meets.
//!
//! A round has one plan. Its draft is what coordinators work on: sessions as rows, each with its
//! whole content. People see the released version alone ([`crate::releases`]): a release is the
//! whole plan at one moment, kept as it was, and beside it each session as it was last released,
//! which calendars, rosters, attendance and invitations read through [`released`].
//!
//! A draft is the organiser's own: whoever does not coordinate its programmes is answered as if
//! there were none. Whoever changes a plan or one of its sessions takes the plan's row first.

pub mod draft;
pub mod entity;
pub mod making;
pub mod pattern;
pub mod released;
pub mod routes;
pub mod shift;
pub mod store;
