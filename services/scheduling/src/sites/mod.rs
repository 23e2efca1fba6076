//! Sites: from which learning centre a participant joins a hybrid session.
//!
//! A participant chooses until the session begins, and the coordinator for anybody at any time.
//! Nobody has a site by default: whoever has chosen none is at none, and the coordinator sees it.
//! Places are counted under the plan's lock, and a site that is full takes nobody more. Its host
//! reads the roster of the own site, and marks it; see `attendance`.

pub mod entity;
pub mod routes;
pub mod steps;
pub mod store;
