//! Bounces: addresses that no mail reaches.
//!
//! An address is marked where the mail server refuses it for good, or the operator tells that a
//! mail came back. Nothing more is sent to it until somebody who looks after its person has given
//! the person another address, or said that this one works again. The mark is about the address:
//! who has none of the persons within reach does not see it.

pub mod entity;
pub mod store;
