//! Invitations and answers: that somebody is asked and has answered, and what was answered, kept
//! so that they can't be brought together.
//!
//! An answer does two things in one transaction: it sets the used-mark of its invitation, which
//! has no time, and it writes a sealed sheet with a random id into the intake. Nothing else: no
//! history, no event, no idempotency record, no trace. Until they are mixed, who can read the
//! database's transaction numbers and has the keys could bring the two together; so a job moves
//! the intake, never fewer than five sheets at once, into the sheets: all of a survey's sheets are
//! written anew under new random ids in the order of these, and the marks are written anew too.
//! After the survey has closed its intake key is gone.
//!
//! A survey here is whatever is answered together under one id: a survey, or a group of raters of a
//! 360 ([`crate::feedbacks`]).

pub mod background;
pub mod erasing;
pub mod intake;
pub mod intake_entity;
pub mod invitation_entity;
pub mod invitations;
pub mod key_entity;
pub mod mixing;
pub mod model;
pub mod pages;
pub mod routes;
#[cfg(feature = "sabotage")]
pub mod sabotage;
pub mod sheet_entity;
pub mod sheets;
pub mod taking;
pub mod view;
pub mod wiping;
