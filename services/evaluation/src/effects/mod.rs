//! Effects: what changed from a survey before to one after, for those who answered both under the
//! same phrase.
//!
//! Changes are shown as answers are: by [`crate::reports::disclosure`], as a question of its own
//! whose answers are lower, same and higher. Its promise holds for changes as it does for answers.
//! How large a change is comes from all pairs, rounded to tenths, and is shown only where changes
//! are shown by everything that people are shown by at all, so that whoever shares a block with
//! somebody could have that person's pair of answers.

pub mod entity;
pub mod freeze;
pub mod model;
pub mod store;
