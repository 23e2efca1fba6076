//! Offices: posts that decide for a municipality, their holders, and who acts for them.
//!
//! An office outlives its holder. Whoever holds it, and whoever acts for the holder on a day,
//! decides on that day; the role of director follows from that and from nothing else. Mail goes
//! to who acts, else to the holder, else to the office's own address.

pub mod acting_holder;
pub mod entity;
pub mod model;
pub mod routes;
pub mod store;
