//! The scheduling API over real HTTP, on every database that is at hand. Files mirror the
//! features; `world` makes what a test starts from.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

mod archive;
mod attendance;
mod authorisation;
mod bookings;
mod calendars;
mod clashes;
mod cohorts;
mod dates;
mod document;
mod electives;
mod facts;
mod groups;
mod imports;
mod invitations;
mod materials;
mod plans;
mod proposals;
mod releases;
mod reserve;
mod rosters;
mod schedule;
mod sessions;
mod sites;
mod stage;
mod venues;
mod world;
