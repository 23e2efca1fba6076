//! Goals of a programme: what it is to lead to, by what that is seen, and whether it does.
//!
//! Indicators are drawn from what Akademi knows (completion, answers, networks) by a typed
//! reference and are read anew each time. The status is what a person says of it, with a reason.

pub mod entity;
pub mod published;
pub mod readings;
pub mod routes;
pub mod steps;
pub mod store;
