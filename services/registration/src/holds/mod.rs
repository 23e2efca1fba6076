//! Holds: seats that an organiser keeps for an organisation before names are known.
//!
//! `held → consumed | released | lapsed`. A held seat counts as used, and as the municipality's
//! for floors and ceilings. A nomination that names the hold turns its seats into offers, one for
//! each person, at once or when the person's office has endorsed; a seat that has become an offer
//! is the hold's no more, so when it is given up it goes to the queue as any other. What is left
//! at the end of the last day, or is released, goes to the queue at once. The round's lock guards
//! its holds too.

pub mod entity;
pub mod model;
pub mod routes;
pub mod steps;
pub mod store;
