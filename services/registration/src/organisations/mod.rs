//! Organisations: employers and organisers, with their departments and partners.
//!
//! A person's municipality is the nearest ancestor of that kind in the tree of organisations,
//! the organisation itself included: a municipal company counts to its municipality. It is
//! found once, when the organisation is added, and kept beside it.

pub mod department;
pub mod entity;
pub mod partnership;
pub mod routes;
pub mod store;
