//! Rounds: runs of a programme, with seats, dates, prices and rules.
//!
//! `draft → published → open → closed → running → finished → archived`, and `cancelled` from
//! any state before `finished`. A round without an application window is an interest list. A
//! published round opens by itself on its first day, an open one closes after its last; both
//! are also a coordinator's to do. Seats in use are recounted under the round's lock
//! ([`seats`]) and the database has the last word.

pub mod changes;
pub mod clones;
pub mod entity;
pub mod invariants;
pub mod model;
pub mod pages;
pub mod routes;
pub mod seats;
pub mod shift;
pub mod store;
