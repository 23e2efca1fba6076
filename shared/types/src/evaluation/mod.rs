//! Bodies of the evaluation API.

pub mod certificates;
pub mod answers;
pub mod codes;
pub mod completion;
pub mod credits;
pub mod goals;
pub mod instruments;
pub mod interviews;
pub mod surveys;
pub mod effects;
pub mod instruments;
pub mod networks;
pub mod reports;
