//! Bodies of the mentorship API.

pub mod alarms;
pub mod challenges;
pub mod codes;
pub mod conflicts;
pub mod experiments;
pub mod key_figures;
pub mod matching;
pub mod meetings;
pub mod mentees;
pub mod mentors;
pub mod pairs;
pub mod profiles;
pub mod work;
