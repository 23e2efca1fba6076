//! Nominations: people whom their employer or a coordinator enters for a round.
//!
//! A nomination makes submitted applications, all of those named or none. The employer's HR
//! enters its own people, a director those of the own municipality, a coordinator anybody. Where
//! the office that would have to endorse nominates by itself, nobody is asked; else the office is.
//! Named with a hold, people get its seats. Whoever is nominated is told and may say no.

pub mod cohorts;
pub mod held;
pub mod model;
pub mod routes;
pub mod steps;
