//! Applications: a person's wish to take part in one round; with an accepted seat, the
//! participation.
//!
//! Four facts, kept apart: the application (`draft → submitted → withdrawn`), the office's
//! endorsement, the organiser's admission, and the seat. [`model`] has the one table of what
//! may happen to them, [`steps`] makes it happen; API, pages and the sweep all call the same.

pub mod choices;
pub mod completion;
pub mod eligibility;
pub mod ending;
pub mod entity;
pub mod model;
pub mod pages;
pub mod routes;
pub mod steps;
pub mod store;
