//! How often somebody may call: an allowance for each caller, for each organisation, and for each
//! address that strangers come from, in units that come back steadily (GCRA).
//!
//! An operation costs one unit, or as many as the API document says (`x-cost`); a list as a table
//! costs a multiple, and what stands in no document has costs of its own. What the gateway
//! answers by itself costs nothing (health, explanations), but for API documents, which are large.
//! A token that was refused is charged to the address it came from, and so is a question to
//! registration about somebody of whom nothing is known.

mod admit;
mod allowance;
mod costs;

pub(crate) use admit::Limiter;
