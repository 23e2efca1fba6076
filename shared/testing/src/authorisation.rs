//! The table of who may what: read from a crate's `authorisation.md`, compared with what there
//! is, and asked cell by cell.
//!
//! A service names its [`Api`], sets a [`Scene`] (who stands in which relation, and which request
//! a row is), and has [`Api::assert_complete`] and [`Api::check`] tell what is otherwise; pages
//! and other doors go through [`Doors`] and [`Api::check_doors`]. As long as it owns nothing,
//! [`Api::check_plain`] does all of it.

mod api;
mod ask;
mod document;
mod doors;
mod judge;
mod scene;
mod sources;
mod table;

pub use api::Api;
pub use ask::{Ask, UNIQUE};
pub use document::{described, operations};
pub use doors::Doors;
pub use judge::judge;
pub use scene::Scene;
pub use sources::addresses;
pub use table::{Cell, Outcome, Table, operation};
