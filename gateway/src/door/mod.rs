//! What happens to every request before anything is understood of it: the client's words about
//! itself go, ours come, and what no service should ever have to judge is refused.

mod cleanse;
pub(crate) mod cors;
mod hops;
mod refuse;

pub(crate) use cleanse::{Address, cleanse, client_address};
pub(crate) use hops::hop_by_hop;
pub(crate) use refuse::{BodyLimit, refuse};
