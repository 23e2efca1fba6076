//! Bodies of the evaluation API.

pub mod answers;
pub mod codes;
pub mod instruments;
pub mod surveys;
