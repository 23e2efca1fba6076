//! What a pair writes: agreement, goals, notes and messages.
//!
//! Read by the two alone. Everything is sealed by the pair's own key (`vaults`) and stands in
//! clear in no table, history, event, log, mail or kept answer: a repeated request is recognised
//! by a digest of its key, and compared with what was sealed. Coordinators learn neither that
//! something was written nor what. A later mentor reads an earlier pair's notes only where the
//! mentee shares them. Some time after the pair has ended its key is dropped, and with it all of
//! this; until then both may take a copy. When one of the two is forgotten as a person, it goes at
//! once, what the other wrote included.

pub mod agreement;
pub mod desk;
pub mod entity;
pub mod export;
pub mod goals;
pub mod messages;
pub mod notes;
pub mod share_entity;
pub mod store;
pub mod written;
