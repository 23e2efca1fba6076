//! API keys: what systems call with.
//!
//! A key has one role in one organisation, and scopes that limit it further; the operator's
//! counts in the whole installation. It is active until its time is over or it is taken back.
//! Rotation gives it a new secret, and the one of before counts for a stated while, so that a
//! system can change over without being refused in between. What is kept of a secret is a digest.
//!
//! Coordinators keep the keys of their organiser, HR the HR keys of its organisation, the
//! operator those of the installation. Nobody makes a key that may do more than they may
//! themselves, or renews the secret of one. A key belongs to its organisation: it outlives whoever
//! made it, and says who that was.

pub mod entity;
pub mod former_secret;
pub mod model;
pub mod routes;
pub mod store;
pub mod uses;
