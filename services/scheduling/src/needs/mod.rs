//! Needs: how many participants of a round need what, as registration counted them. Never who.

pub mod entity;
pub mod store;
