//! Groups: who works with whom, in one session or throughout a round.
//!
//! A set of groups divides everybody who takes part in a round. [`compose`] is the pure algorithm
//! and says what is good; [`inputs`] reads what it decides about: seats, lines of management, and
//! who was in one group before. A coordinator makes a set (`draft`), moves and locks people, sees
//! what each step does to the score, composes again around the locks, and publishes. Only then do
//! participants see their own group, and only then does the set count as a meeting.
//!
//! `draft → published → superseded`, `draft → discarded`. One set at most is published for a
//! session, and one for the round as a whole; publishing another one supersedes it. A set that
//! breaks a hard rule or leaves somebody out is published only with a reason, which the history
//! keeps. Who gives up the seat stays in the set, is shown as having left, and no longer counts.

pub mod compose;
pub mod entity;
pub mod group;
pub mod inputs;
pub mod member;
pub mod messages;
pub mod model;
pub mod picture;
pub mod routes;
pub mod steps;
pub mod store;
pub mod views;
pub mod words;
