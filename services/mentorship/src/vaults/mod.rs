//! Vaults: one key for each pair and for each participant's own work.
//!
//! Texts are sealed by their owner's key and bound to their row; the key is kept wrapped by a
//! master key. Dropping the wrapped key erases everything at once that was sealed by it. Taking a
//! new master key into use wraps the keys anew and leaves the texts alone.

pub mod entity;
pub mod rotation;
pub mod store;
