//! What calendar programs read: calendars to subscribe to, events to take over once, and
//! requests and cancellations that travel by mail.
//!
//! Whoever has something to show says it as an [`object::Event`]; how it is written so that every
//! program reads the same is known here alone.

pub mod object;
pub mod zone;

pub use object::{Event, MEDIA_TYPE, Method, Party, Status, message, on_clocks};
