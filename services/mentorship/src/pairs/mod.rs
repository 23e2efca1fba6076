//! Pairs: a mentor and a mentee, from the proposal to the end.
//!
//! `proposed → accepted (both) → active → paused → ended (reason)`. A published run proposes; both
//! answer, in the system or from a link in a mail, until the end of a day some working days later.
//! Who declines, or does not answer in time, ends the proposal; the next best mentor is proposed to
//! the mentee, and a mentor who was willing to the best of those who wait for one. An accepted pair becomes active with the round, or when a coordinator says so. A
//! hard rule that no longer holds (the mentor lost the office, a person moved) flags the pair: it
//! is shown to everybody who sees it, and it is for the coordinators to decide; nothing is kept
//! silently and nothing ended by itself. Whoever makes or ends a pair has the lock of the round's
//! terms.

pub mod entity;
pub mod flags;
pub mod link_entity;
pub mod links;
pub mod messages;
pub mod model;
pub mod pages;
pub mod pulse_entity;
pub mod pulses;
pub mod routes;
pub mod steps;
pub mod store;
pub mod view;
