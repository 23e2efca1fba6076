//! The only public door: it refuses what it need not understand, finds out who calls, and hands
//! the request on to the service that owns the address.
//!
//! A request's way: `door::cleanse` (the client's claims about itself are taken away, our own
//! `Forwarded` is set) → `shared_web::finish` (trace, log line, problems) → `door::cors` →
//! `door::refuse` → `identity` (whose token, which roles, what the services are told) → `limits`
//! (how often) → `forward` (prepare, send, relay). Whatever is not a service's is ours: the merged document, `/docs`, `/problems`,
//! health.
//!
//! What never happens here: an answer is kept, a body is read into memory, a token that was
//! presented and refused counts as no token, a client's word about who it is reaches a service.

mod about;
mod api;
mod archive;
mod background;
mod docs;
mod document;
mod door;
mod edge;
mod forward;
#[cfg(feature = "trace-harness")]
mod harness;
mod identity;
mod limits;
mod operations;
mod problems;
mod settings;
mod tls;

pub use about::document;
pub use api::start;
pub use document::{MergeError, merge};
pub use edge::{Edge, Network, Rates, Tls};
pub use jsonwebtoken::Algorithm;
pub use settings::{Issuer, Limits, Provisioning, Settings, SettingsError};
