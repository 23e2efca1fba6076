//! What tests of every part share: databases of their own, a client that speaks to a service as
//! the gateway would, and mails as files.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test stops where something is not as expected"
)]

pub mod archive;
pub mod authorisation;
pub mod client;
pub mod database;
pub mod endpoint;
pub mod imports;
pub mod mail;
pub mod nats;
pub mod service;
pub mod smtp;
pub mod statements;

pub use client::{Call, Client, Reply};
pub use database::{TestDatabase, databases};
pub use mail::Mail;
pub use reqwest::Method;
