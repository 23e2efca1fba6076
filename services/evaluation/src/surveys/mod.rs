//! Surveys: `planned → open → closed`, or `cancelled`.
//!
//! A survey asks one version of an instrument, of an audience of one round, under a promise. It
//! opens by itself on its occasion and closes after its last day. The promise (the mode) stands
//! from the first invitation on: the model refuses to change it, and the database has the last
//! word. Surveys that are compared person by person share a family; the key that pairs their
//! sheets is made with the family and destroyed when the pairing is over.
//!
//! Whoever opens, closes or changes a survey has it alone; whoever answers it shares it
//! ([`gate`]). So an answer is either counted into what is closed, or refused.

pub mod audience;
pub mod closing;
pub mod entity;
pub mod facts;
pub mod families;
pub mod family_entity;
pub mod gate;
pub mod known;
pub mod messages;
pub mod model;
pub mod occasions;
pub mod reminders;
pub mod routes;
pub mod steps;
pub mod store;
pub mod view;
