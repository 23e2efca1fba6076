//! Attendance: who was there, half day by half day.
//!
//! Every day of a session has two halves, however long it is. A half day is `unknown` until
//! somebody says `present`, `partial`, `excused` or `absent`; partial counts as half of it.
//! Marking opens a quarter of an hour before the day begins, for the session's facilitators and
//! the round's coordinators, a whole group in one call: all marks are made or none. A mark can be
//! corrected at any time; the history keeps who did it, when, and what it said before.
//!
//! A participant's programme days are the dates on which there are sessions that count, or as
//! many as the round promises. Two things make up: days of presence on a reserve date that
//! replaces nothing, and tasks that are worth some half days. They make up for what was excused,
//! and for what the round promises and no session gives; nothing makes up for being absent.
//!
//! Every change publishes the participant's whole state with its version (`attendance.recorded`).

pub mod days;
pub mod entity;
pub mod make_up_entity;
pub mod model;
pub mod routes;
pub mod sheet_entity;
pub mod state_entity;
pub mod states;
pub mod steps;
pub mod store;
pub mod task_entity;
pub mod tasks;
