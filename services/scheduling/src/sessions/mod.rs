//! Sessions: what people attend, in the draft of their round's plan.
//!
//! `planned → cancelled`; a reserve date `planned → activated → cancelled`, `planned → lapsed`. A
//! session that was released is never deleted: it is cancelled, so that people hear of it.
//! Whoever changes a session takes its plan's row first, and saves the plan with it.

pub mod entity;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
pub mod times;
