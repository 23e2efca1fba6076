//! Mail: the only place that turns facts into messages with addresses.
//!
//! Whoever has something to say queues a template, a recipient and facts in the transaction in
//! which it happened. What is read is written when it is sent: in the recipient's language, as
//! text and as a page with the same words, with at most one link of its own. A message is claimed
//! for a while, handed to a mail server or written as a file, and marked. Whoever dies in between
//! leaves the row pending, and the next one sends the same message again: its Message-ID and its
//! file's name follow from its row.
//!
//! `pending → sent | failed | bounced | withheld | dropped`. What fails is tried again for almost
//! a day; an address that the mail server does not take is marked ([`bounces`]), and what goes to
//! a marked one is withheld. Nothing is sent to who is not here any more, nor what somebody has
//! turned off ([`kinds`], [`refusals`]). Whatever became of it, it is emptied (`erased`) once its
//! time is over or its reader is erased. An operator sees and repeats what was given up by its id,
//! template, state and domain: never what is written, which the log does not hold either.

mod appointment;
pub mod background;
pub mod bounces;
pub mod entity;
mod html;
pub mod kinds;
pub mod model;
pub mod outgoing;
pub mod pages;
pub mod refusals;
pub mod render;
pub mod routes;
pub mod smtp;
pub mod store;
pub mod transport;
pub mod turns;
pub mod words;

pub use background::keep_sending;
pub use model::{LinkKind, NewMessage, Recipient, Template};
pub use outgoing::Outgoing;
pub use store::{queue, queue_told, queued_lately};
