//! Challenges: what a participant works on through the programme, the red thread.
//!
//! Vision, goals, stakeholders, risks and a horizon, begun from key figures of the own
//! municipality. Each piece is private, for the present mentor, or for the round, as its owner
//! says; the board of a round has what was shared with it. The whole is sealed by the
//! participation's own key (`vaults`) and stands in clear nowhere.

pub mod board;
pub mod entity;
pub mod model;
pub mod reader;
pub mod routes;
pub mod store;
