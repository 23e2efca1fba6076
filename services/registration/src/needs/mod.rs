//! Needs: diet, accessibility, nights and sharing of rooms.
//!
//! Asked only of whoever has a seat or is offered one; read by the participant and the organiser's
//! coordinators alone. Kept encrypted under keys of its own, each text bound to its row; venues
//! get counts. They stand in no history, event, log, mail or kept answer. When the seat is given
//! up they are deleted; some days after the round they are erased and their counts kept.

pub mod count;
pub mod counts_entity;
pub mod entity;
pub mod model;
pub mod rotation;
pub mod routes;
pub mod steps;
pub mod store;
