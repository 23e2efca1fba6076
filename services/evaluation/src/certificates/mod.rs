//! Certificates: what somebody who completed a round can show, and anybody can check.
//!
//! A certificate keeps what stood on it when it was issued. It is a PDF, and a credential that a
//! program can verify (Open Badges 3.0, signed as a JWT). Whoever has its code reads on a public
//! page whose it is, of what, and whether it holds: nothing else, and nothing without the code.
//! It is taken back, or replaced by a new one where the name changed; the old one says so for
//! good, on its page and in the organiser's status list. A participation has one valid
//! certificate at most.

pub mod badge;
pub mod code;
pub mod document;
pub mod entity;
pub mod files;
pub mod keys;
pub mod list_entity;
pub mod lists;
pub mod model;
pub mod pages;
pub mod published;
pub mod routes;
pub mod steps;
pub mod store;
pub mod view;
pub mod words;
