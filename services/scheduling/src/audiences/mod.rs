//! Audiences: who goes to which session, from what others have told of people and rounds.
//!
//! A session names its audience by what people are: participants, mentors, directors, managers,
//! facilitators. Who they are at any moment is looked up here, so that a new director sees what
//! the former one no longer does.

pub mod groups;
pub mod pairs;
pub mod steps;
pub mod store;
