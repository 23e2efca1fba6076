//! Effects: what changed from a survey before to one after, for those who answered both under the
//! same phrase.
//!
//! Changes are shown as answers are: by [`crate::reports::disclosure`], as a question of its own
//! whose answers are lower, same and higher. As the surveys' own reports are of the same people,
//! [`joint`] asks whether all of it together still says nothing of fewer than five; where it would,
//! the changes are not shown. How large a change is comes from all pairs, rounded to tenths, and
//! stays as it is when whole pairs are swapped.

pub mod entity;
pub mod freeze;
pub mod joint;
pub mod model;
pub mod store;
