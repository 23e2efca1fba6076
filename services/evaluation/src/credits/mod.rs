//! Credits: what an education provider registered for a participant, apart from completion.
//!
//! The provider's registrars register them, with the reference of their own register. Which
//! organisation that is, a coordinator says for the programme; until then it is the organiser.
//! What was registered is never changed: it is revoked with a reason, and registered anew.

pub mod entity;
pub mod provider_entity;
pub mod providers;
pub mod routes;
pub mod steps;
pub mod store;
