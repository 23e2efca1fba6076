//! Invitations: mentors and directors are asked to a ceremony.
//!
//! When a plan is released, everybody whom a ceremony's audience names as mentor or director gets
//! an invitation, once, with a mail that leads to a page and carries the appointment. The answer
//! (yes, no, maybe) is given in the API or on that page, and can be changed until the session
//! begins. Who is invited follows the facts: a new holder of an office is invited and the former
//! one's invitation is withdrawn; so it is when the session is cancelled. A session that moves is
//! told anew, and the answer stays.
//!
//! Opening a link changes nothing. Its text is signed and never stored; a link of a withdrawn
//! invitation opens nothing.

pub mod entity;
pub mod model;
pub mod pages;
pub mod routes;
pub mod steps;
pub mod store;
pub mod words;
