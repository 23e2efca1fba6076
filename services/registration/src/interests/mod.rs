//! Interests: who wants to know when a round without dates opens.
//!
//! Anybody may declare one, without an account, and the answer never says whether the address
//! was there before. When the round opens, everybody who waits is told once.

pub mod entity;
pub mod model;
pub mod pages;
pub mod routes;
pub mod store;
