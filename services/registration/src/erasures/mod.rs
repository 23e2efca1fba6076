//! Erasures: everything that says who a person was is forgotten, in every service.
//!
//! Registration forgets at once, in one change: what is live ends, so that nobody loses a seat to
//! somebody who is not there, and name, address, roles and texts go. The others are told and
//! acknowledge; until all have done so the erasure can be watched. What stays is an id and that
//! things happened, so that counts and the sealed history remain true. Every erasure is written
//! to a ledger outside the database: who restores a backup erases again by it.

pub mod acknowledgement_entity;
pub mod entity;
pub mod forgetting;
pub mod ledger;
pub mod routes;
pub mod steps;
pub mod store;
