//! What scheduling and mentorship tell: released plans and sessions, attendance, pairs.
//!
//! A row keeps the newest version of its fact that was seen: events may come in any order and
//! any number of times. A session may be known before its plan is, attendance before either.

pub mod attendance;
pub mod pairs;
pub mod plans;
pub mod sessions;

use shared_database::Change;
use shared_types::{Problem, event::Event, scheduling::attendance::AttendanceFact};

/// Keeps what an event tells, where it tells of something kept here; otherwise `false`.
pub async fn apply(change: &Change, event: &Event) -> Result<bool, Problem> {
    match event.r#type.as_str() {
        "plan.released" => plans::keep(change, &event.fact()?).await?,
        "session.changed" => sessions::keep(change, event.fact()?).await?,
        "attendance.recorded" => {
            let fact: AttendanceFact = event.fact()?;
            attendance::keep(change, fact).await?;
        }
        // What flags a pair leaves its state as it was, and names less of it.
        "pair.flagged" | "pair.cleared" => return Ok(false),
        kind if kind.starts_with("pair.") => pairs::keep(change, event.fact()?).await?,
        _ => return Ok(false),
    }
    Ok(true)
}
