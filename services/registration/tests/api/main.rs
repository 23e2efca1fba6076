//! The registration API over real HTTP, on every database that is at hand. Files mirror the
//! features; `world` makes what a test starts from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

mod admissions;
mod api_keys;
mod applications;
mod archive;
mod authorisation;
mod billing;
mod bodies;
mod budgets;
mod cancellation;
mod catalogue;
mod choices;
mod clones;
mod codes;
mod cohorts;
mod completion;
mod crashes;
mod deadlines;
mod document;
mod endorsements;
mod erasures;
mod explanations;
mod feeds;
mod holds;
mod idempotency;
mod imports;
mod interests;
mod keeping;
mod links;
mod lists;
mod mail;
mod needs;
mod nominations;
mod offices;
mod organisations;
mod people;
mod peppol;
mod programmes;
mod queue;
mod reminders;
mod retention;
mod rounds;
mod scim;
mod scope;
mod seats;
mod start;
mod substitution;
mod terms;
mod told;
mod turns;
mod versions;
mod webhooks;
mod world;
