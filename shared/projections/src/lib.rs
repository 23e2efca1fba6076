//! What a service keeps of registration's facts, so that it answers while registration is down.
//!
//! Each service that needs to know who and what there is runs the migration [`KNOWN`] and gives
//! every event to [`apply`]. A row keeps the newest version of its fact that was seen: events
//! may come in any order and any number of times. A participation may be known before its
//! person or round is.

pub mod archive;
pub mod departments;
pub mod endorsements;
pub mod keep;
pub mod offices;
pub mod organisations;
pub mod participations;
pub mod people;
pub mod programmes;
pub mod rounds;

use shared_database::{Change, migrate::Sql};
use shared_types::{Problem, event::Event, facts};

/// The tables of all that is known; runs after the tables that every service has.
pub const KNOWN: Sql = Sql {
    name: "m0000_known",
    text: include_str!("known.sql"),
};

/// Keeps what an event tells, where it tells of something known here; otherwise `false`.
pub async fn apply(change: &Change, event: &Event) -> Result<bool, Problem> {
    let (thing, what) = event.r#type.split_once('.').unwrap_or_default();
    match (thing, what) {
        // Ids alone, for those who follow deletions.
        (_, "deleted") => return Ok(false),
        ("organisation", _) => organisations::keep(change, event.fact()?).await?,
        ("department", _) => departments::keep(change, event.fact()?).await?,
        ("office", _) => offices::keep(change, event.fact()?).await?,
        ("person", _) if event.r#type == facts::PERSON_ERASED => {
            people::forget(change, event.fact()?).await?;
        }
        ("person", _) => people::keep(change, event.fact()?).await?,
        ("programme", _) => programmes::keep(change, event.fact()?).await?,
        ("round", _) => rounds::keep(change, event.fact()?).await?,
        ("endorsement", "given") => endorsements::keep(change, event.fact()?).await?,
        ("application" | "endorsement" | "offer" | "participation" | "substitution", _) => {
            participations::keep(change, event.fact()?).await?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
