//! Admission: who gets the seats, decided first and announced all at once.
//!
//! [`propose`] is the pure algorithm. [`inputs`] reads what it decides about, [`steps`] keeps
//! its proposal, lets a coordinator override rows with a reason, and publishes: all offers in
//! one transaction. From then on [`queue`] gives every freed seat to the next by the same
//! rules, at once, and a sweep catches what was missed. [`words`] says every reason in the
//! reader's language.

pub mod entity;
pub mod explanation;
pub mod inputs;
pub mod propose;
pub mod queue;
pub mod routes;
pub mod row;
pub mod steps;
pub mod words;
