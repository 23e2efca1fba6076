//! Mentors: the people in a round's pool.
//!
//! A coordinator takes chiefs into the pool, or a chief joins by oneself. Each says how many
//! mentees they take (none, for now, is a capacity of 0), what they offer, whom they wish for.
//! Whether the person may be proposed is judged each time anew: active, holder of an eligible
//! office, with a place left. Coordinators see why not; participants of the round see the pool,
//! so that they can wish.

pub mod entity;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
