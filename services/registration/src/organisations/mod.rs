//! Organisations: employers and organisers, with their departments and partners.
//!
//! A person's municipality is the nearest ancestor of that kind in the tree of organisations,
//! the organisation itself included: a municipal company counts to its municipality. It is
//! found once, when the organisation is added, and kept beside it.
//!
//! Who keeps an organisation's data, and what makes a partnership count, stands in decision 10:
//! its own HR and coordinators, or else the organiser that added it; and both sides' word.

pub mod department;
pub mod entity;
pub mod partnership;
pub mod routes;
pub mod store;
