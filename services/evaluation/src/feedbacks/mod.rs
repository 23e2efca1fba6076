//! 360-degree feedback: how a participant leads, as the participant, the own leader, the mentor,
//! peers and staff see it.
//!
//! A coordinator opens it; the participant names raters; the coordinator confirms them, and each
//! is asked by a personal link, without an account. A rater answers or declines; who declines can
//! be replaced. When the last day is over, one report is made ([`closing`]) of what may be shown
//! ([`disclosure`]), and everything else is gone: single sheets, links, names and addresses.
//!
//! The leader and the mentor answer by name and are told so. Peers and staff are anonymous as those
//! who answer surveys are, by the same code: each group of a 360 has marks, a sealed intake and
//! sheets of its own ([`crate::answers`]), and who has answered is seen by nobody: the reminders
//! alone look at it. Participant and staff see how many have.
//!
//! The report is the participant's. Nobody else reads it unless the participant shows it to the
//! coordinators, the mentor or the leader, each by itself, for as long as the participant wants.

pub mod closing;
pub mod contacts;
pub mod disclosure;
pub mod due;
pub mod entity;
pub mod erasing;
pub mod frozen;
pub mod group_entity;
pub mod messages;
pub mod model;
pub mod pages;
pub mod rater_entity;
pub mod raters;
pub mod rating;
pub mod release_entity;
pub mod releases;
pub mod report_entity;
pub mod reports;
pub mod routes;
pub mod steps;
pub mod store;
pub mod taking;
pub mod view;
