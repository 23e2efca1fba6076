//! Bodies of the registration API.

pub mod admissions;
pub mod api_keys;
pub mod applications;
pub mod billing;
pub mod budgets;
pub mod codes;
pub mod endorsements;
pub mod erasures;
pub mod feeds;
pub mod history;
pub mod holds;
pub mod interests;
pub mod mail;
pub mod needs;
pub mod nominations;
pub mod offices;
pub mod organisations;
pub mod people;
pub mod privacy;
pub mod programmes;
pub mod rounds;
pub mod webhooks;
