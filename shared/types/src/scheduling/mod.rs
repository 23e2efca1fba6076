//! Bodies of the scheduling API.

pub mod announcements;
pub mod attendance;
pub mod bookings;
pub mod calendars;
pub mod codes;
pub mod cohorts;
pub mod dates;
pub mod electives;
pub mod groups;
pub mod invitations;
pub mod materials;
pub mod plans;
pub mod proposals;
pub mod releases;
pub mod rosters;
pub mod sessions;
pub mod sites;
pub mod venues;
