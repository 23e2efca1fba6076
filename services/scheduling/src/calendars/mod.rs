//! Calendars: what somebody's own calendar program shows.
//!
//! A person makes links, each a secret address that a program reads again and again; it can be
//! revoked by itself. The secret is told once and only its digest is kept. A revoked, guessed or
//! foreign address is answered as one that never was. Each day of a session is an event of its
//! own, under a name that stays: `{session}-{day}@akademi`. Its `SEQUENCE` is the session's, so
//! that programs know what is newer. Reserve dates and what is not firmly booked are tentative;
//! what is cancelled is shown as such for thirty days.
//!
//! The same objects leave by mail, as requests and cancellations ([`shared_calendar::message`]).

pub mod entity;
pub mod model;
pub mod pages;
pub mod routes;
pub mod secret;
pub mod store;
