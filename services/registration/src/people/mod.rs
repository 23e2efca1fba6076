//! People: who is known, which roles they have, and whom a credential stands for.
//!
//! A person is verified when a coordinator, HR or an office has said who it is; only a verified
//! person is found by an e-mail address, and nobody is ever merged by one. Roles come from here
//! and never from a token. The role of director is not given: it follows from holding an office
//! or acting in it. A login is a person's by what the employer has provisioned, or by the person's
//! own word: an address that an issuer has verified is only where the question goes. Deactivating a person changes nothing else, but the person is no caller from
//! that moment on.

pub mod callers;
pub mod claim_entity;
pub mod claims;
pub mod entity;
#[cfg(test)]
pub(crate) mod fixture;
pub mod identity;
pub mod model;
pub mod pages;
pub mod role_assignment;
pub mod roles;
pub mod routes;
pub mod store;
#[cfg(test)]
mod tests;
