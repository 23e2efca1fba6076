//! What every owner of a database does the same: connect, migrate under a lock, change in one
//! transaction with history, outbox and idempotency record, and read by pages.

pub mod archive;
pub mod change;
pub mod column;
pub mod connect;
pub mod copy;
pub mod error;
pub mod feed;
pub mod history;
pub mod idempotency;
pub mod migrate;
pub mod outbox;
pub mod page;
pub mod row;
#[cfg(feature = "sabotage")]
pub mod sabotage;
pub mod seal;
mod server;
pub mod tables;
mod tail;
pub mod transfer;
pub mod verify;
mod wipe;

pub use change::Change;
pub use connect::{Connections, Database, Limits};
pub use error::{DatabaseError, GaveWay};
pub use server::Server;
