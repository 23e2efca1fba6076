//! Bodies of the evaluation API.

pub mod codes;
pub mod effects;
pub mod instruments;
pub mod networks;
pub mod reports;
