//! Mentees: the participants of a round, each of whom gets a mentor.
//!
//! A mentee is a participation and has its id; it comes by event with the seat, and ends with it.
//! The mentee says what is looked for and ranks up to five wishes, each with why. A wish for
//! oneself or for somebody of the own municipality is refused at once. Wishes are read by the
//! mentee and the coordinators alone; the mentors of the round see the rest, so that they can
//! wish too.

pub mod entity;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
pub mod wishes;
