//! What the tests share: a gateway to start, services and issuers to play, sockets to write to.

pub(crate) mod door;
pub(crate) mod issuer;
pub(crate) mod raw;
pub(crate) mod service;

pub(crate) use door::{Door, demo_token, person, settings};
pub(crate) use issuer::PlayedIssuer;
pub(crate) use service::{Mood, Service};
