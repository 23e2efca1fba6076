//! Bodies of the evaluation API.

pub mod answers;
pub mod certificates;
pub mod codes;
pub mod completion;
pub mod credits;
pub mod effects;
pub mod feedbacks;
pub mod goals;
pub mod instruments;
pub mod interviews;
pub mod networks;
pub mod reports;
pub mod surveys;
