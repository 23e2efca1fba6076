//! Bookings: what an organiser agrees with a venue, night by night and meal by meal.
//!
//! `option → firm → released | cancelled`, `option → released`: what is released the venue has taken
//! back by agreement, what is cancelled was broken off. An option that nobody confirms by its last
//! day is released by a sweep. The beds of a venue are counted over all bookings, under the lock
//! under which rooms are taken too. A session whose venue is held by an option only is tentative
//! in calendars once the plan is released.
//!
//! A venue reads its head counts by a link of its own: counts, never names.

pub mod entity;
pub mod heads;
pub mod link;
pub mod model;
pub mod night;
pub mod pages;
pub mod routes;
pub mod steps;
pub mod store;
