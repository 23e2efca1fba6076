//! Imports: a file with a row for each thing, in whichever service the things are kept.
//!
//! A file goes three ways, each in a module of its own. It is read as it comes: [`text`] finds
//! out the encoding, [`table`] and [`objects`] take rows out of the text, [`sheet`] knows the
//! columns; nothing holds more than a piece of it. [`intake`] keeps the rows in the service's own
//! database. [`work`] takes them from there, some at a time, and gives each to the service, which
//! makes of it what the API's own operation would have made. [`desk`] answers requests.
//!
//! A thing is known by the key that the other system has for it, so that the same file may come
//! again and again: `import_keys` keeps which thing a key stands for, by owner and kind.

pub mod desk;
pub mod entity;
pub mod forgetting;
pub mod intake;
pub mod key_entity;
pub mod objects;
pub mod row;
pub mod row_entity;
pub mod sheet;
pub mod store;
pub mod table;
pub mod text;
pub mod trouble;
pub mod work;

/// The tables of imports; each service runs them as a migration of its own.
pub const TABLES: &str = include_str!("tables.sql");

/// Largest file in bytes.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Most rows of a file.
pub const MOST_ROWS: i32 = 100_000;
/// Most rows that are written in one transaction where everybody else who writes waits for it.
pub const MOST_ROWS_AT_ONCE: i32 = 10_000;
/// Days for which a report is kept.
pub const KEPT_DAYS: i64 = 30;
