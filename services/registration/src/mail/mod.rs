//! Mail: the only place that turns facts into messages with addresses.
//!
//! Whoever has something to say queues a template, a recipient and facts in the transaction in
//! which it happened. What is read is written when it is sent: in the recipient's language, as
//! plain text, with at most one link on a line of its own. A message is claimed for a few
//! seconds, written as a file whose name follows from its row, and marked. Whoever dies in
//! between leaves the row pending, and the next one writes the same file again: one mail.
//! The log names id, template, state and the recipient's domain, never what is written.

mod appointment;
pub mod background;
pub mod entity;
pub mod model;
pub mod render;
pub mod store;
pub mod transport;
pub mod words;

pub use background::keep_sending;
pub use model::{LinkKind, NewMessage, Recipient, Template};
pub use store::{queue, queue_told, queued_lately};
