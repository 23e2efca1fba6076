//! Bodies of the evaluation API.

pub mod codes;
pub mod instruments;
