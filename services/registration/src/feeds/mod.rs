//! Feeds: what happened, what was deleted, and who did what, for systems that follow by asking.
//!
//! Each is read by `after`: the answer's `next` goes on where it ended, and stays good. Places
//! are given after the commit, so that a follower misses nothing and sees nothing twice; that
//! takes up to a second. HR reads what concerns its own organisation, coordinators what concerns
//! their organiser, of the types in [`catalogue`] and in one body ([`body`]), as webhooks are sent
//! them; auditors read the history. What other services tell stands beside the own events
//! ([`heard`]). Events, and deletions with them, are forgotten
//! after the time that the operator sets: whoever comes later is told so and reads the lists
//! again.

pub mod body;
pub mod catalogue;
pub mod described;
pub mod heard;
pub mod model;
pub mod routes;
pub mod store;
