//! What every web process of Akademi does the same: it starts, speaks, refuses, logs, verifies
//! and stops in one way, so that a feature holds only what is its own.
//!
//! A request's way through a service: [`finish`] (trace, log line, problems) → [`contract`]
//! (the API document decides what is well formed and who must be known) → the handler, which
//! gets a [`Context`] or a [`Command`] and answers a [`Reply`] or an [`Error`].

pub mod api_key;
pub mod archive;
pub mod clock;
pub mod command;
pub mod context;
pub mod contract;
pub mod csv;
pub mod deprecation;
pub mod document;
pub mod error;
pub mod finish;
pub mod health;
pub mod info;
pub mod key;
pub mod link;
pub mod listing;
pub mod metrics;
pub mod origin;
pub mod outgoing;
pub mod page;
pub mod probe;
pub mod prune;
pub mod reply;
pub mod self_test;
pub mod served;
pub mod server;
pub mod start;
pub mod sweep;
pub mod table;
pub mod telemetry;
pub mod token;
pub mod trace;
pub mod upload;
pub mod violation;

pub use clock::Clock;
pub use command::{Command, NoBody};
pub use context::{Context, Core};
pub use error::Error;
pub use listing::{ModifiedParameters, PageParameters, Query};
pub use reply::{Outcome, Reply};
pub use upload::Upload;
