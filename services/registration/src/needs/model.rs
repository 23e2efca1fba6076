//! When needs are asked, and until when they are kept.

use crate::rounds::entity::Model as Round;
use chrono::{DateTime, Days, Utc};
use shared_database::{DatabaseError, column};
use shared_types::{
    Refusal, civil,
    registration::{applications::SeatState, codes::NEEDS_NOT_ASKED, rounds::RoundState},
};

/// Seats for which needs are kept.
pub const HELD: [SeatState; 3] = [
    SeatState::Offered,
    SeatState::Accepted,
    SeatState::Completed,
];

/// Refuses needs of somebody who has no seat.
pub fn asked(seat: SeatState) -> Result<(), Refusal> {
    if HELD.contains(&seat) {
        Ok(())
    } else {
        Err(Refusal::of(&NEEDS_NOT_ASKED).value("state", column::text(seat)))
    }
}

/// Whether a round's needs are to be erased: so many days after its last day; at once where it
/// is cancelled, or over without having had a last day.
pub fn is_erasing_due(round: &Round, now: DateTime<Utc>) -> Result<bool, DatabaseError> {
    use RoundState::{Archived, Cancelled, Finished};
    let state: RoundState = column::parse(&round.state)?;
    let zone = civil::zone(&round.time_zone)
        .ok_or_else(|| DatabaseError::Corrupt(format!("zone {}", round.time_zone)))?;
    let kept = Days::new(u64::try_from(round.needs_kept_days).unwrap_or(0));
    let last = round.ends_on.and_then(|day| day.checked_add_days(kept));
    Ok(match (state, last) {
        (Cancelled, _) | (Finished | Archived, None) => true,
        (_, Some(day)) => now >= civil::end_of_day(day, zone),
        (_, None) => false,
    })
}
