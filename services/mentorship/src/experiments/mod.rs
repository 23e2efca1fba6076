//! Learning experiments: `plan → try → observe → reflect → next`, in the tracks of the programme.
//!
//! How far one is follows from what is written. Each step is private, for the present mentor, or
//! for the round, as its owner says. It may be done in a practice period of the round's plan,
//! which it names by id: one that scheduling has told to be something else is refused, one of which
//! nothing is known yet is taken. The whole is sealed by the participation's own key (`vaults`).

pub mod entity;
pub mod model;
pub mod period_entity;
pub mod periods;
pub mod routes;
pub mod store;
