//! Webhooks: the events of the feed, sent to a system's endpoint as they happen.
//!
//! A webhook belongs to an organisation and has one of the two roles that hear events; what it
//! gets is what the feed shows to a caller with that role there, decided by the same condition,
//! in the same body. `active ⇄ disabled`: by whoever keeps it, by an endpoint that answers 410,
//! or by one that failed for more than a day, of which its contact is told by mail.
//!
//! Every event gets a row for each webhook that hears it ([`queue`]): `pending → delivered |
//! failed`, and `pending` again where somebody asks for it. The sender ([`sender`]) takes rows
//! that are due, a few of each endpoint at a time, so that a slow one delays no other, and signs
//! them by every secret that counts ([`signature`]). Endpoints are reached by the client that stays
//! out in the open, test events too. Secrets are derived, never kept.

pub mod entity;
pub mod model;
pub mod queue;
pub mod routes;
pub mod sender;
pub mod signature;
pub mod steps;
pub mod store;

pub use sender::keep_sending;
