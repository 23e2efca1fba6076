//! Venues: places where people meet, with rooms, beds and what they say of their accessibility.
//!
//! A learning centre is a venue from which some join a session that is held elsewhere. Every
//! coordinator reads all venues, so that a place has one entry; the organiser that keeps one
//! writes it. Nothing is deleted: what is no longer used becomes inactive.

pub mod entity;
pub mod room;
pub mod rooms;
pub mod routes;
pub mod store;
