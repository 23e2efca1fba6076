//! Rosters: who comes to a session, and where somebody is next.
//!
//! Facilitators and coordinators see who comes to a session, by name and municipality; what
//! people need is never among it. A person sees the next session of each round with the days so
//! far, a manager the sessions of the own staff.

pub mod routes;
