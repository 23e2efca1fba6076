//! Reminders: an office that has not answered, and an applicant who has not, are told at half and
//! at nine tenths of their time, counted in working days.
//!
//! The sweep sends them, each once: a row of [`entity`] is its mark, written with the message in
//! one change under the round's lock. Whoever has answered, or whose time is over, is not
//! reminded. A sweep that comes late sends the later reminder alone.

pub mod entity;
pub mod model;
pub mod steps;
