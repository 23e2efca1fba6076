//! The seat invariant: accepted seats and live offers never exceed the seats.
//!
//! One function takes seats, on every path: it holds the round's lock, recounts from the rows
//! themselves, and only then lets the caller change one. A `CHECK` on the round has the last
//! word. Nothing is ever computed from a number that was read before the lock.

use super::{entity, store};
use crate::applications;
use shared_database::{Change, DatabaseError};
use shared_types::{Problem, RoundId, codes, registration::codes::ROUND_FULL};

/// A round under its lock, with its seats recounted.
#[derive(Debug)]
pub struct Locked {
    /// The round.
    pub round: entity::Model,
    /// Accepted seats and live offers.
    pub used: i32,
}

impl Locked {
    /// Seats that are free.
    pub fn free(&self) -> i32 {
        self.round.seats + self.round.overbooking - self.used
    }
}

/// Locks a round and recounts its seats.
pub async fn lock(change: &Change, id: RoundId) -> Result<Locked, Problem> {
    let round = store::lock(change, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let used = applications::store::count_seats(change.tx(), id).await?;
    Ok(Locked { round, used })
}

/// Refuses unless `wanted` seats are free.
pub fn take(locked: &mut Locked, wanted: i32) -> Result<(), Problem> {
    if wanted > locked.free() && guarded(locked.round.id) {
        let seats = locked.round.seats + locked.round.overbooking;
        return Err(Problem::of(&ROUND_FULL).value("seats", seats));
    }
    locked.used += wanted;
    Ok(())
}

/// Writes the recounted number beside the round, where the database checks it, as the last
/// step of every change of seats.
pub async fn settle(change: &Change, id: RoundId) -> Result<(), DatabaseError> {
    let Some(mut round) = store::find_any(change.tx(), id).await? else {
        return Ok(());
    };
    let used = applications::store::count_seats(change.tx(), id).await?;
    if used != round.seats_used && guarded(round.id) {
        round.seats_used = used;
        store::save(change, round).await?;
    }
    Ok(())
}

/// Whether the guard is on for a round. Tests switch it off to show that they would notice.
#[cfg(not(feature = "sabotage"))]
const fn guarded(_: uuid::Uuid) -> bool {
    true
}

#[cfg(feature = "sabotage")]
fn guarded(round: uuid::Uuid) -> bool {
    !sabotage::is_on(round)
}

/// A switch by which tests break the guard of one round, to show that they would notice. The
/// feature is switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{collections::HashSet, sync::Mutex};
    use uuid::Uuid;

    static UNGUARDED: Mutex<Option<HashSet<Uuid>>> = Mutex::new(None);

    /// From now on this round's seats are handed out without looking.
    pub fn break_seat_guard(round: Uuid) {
        if let Ok(mut rounds) = UNGUARDED.lock() {
            rounds.get_or_insert_default().insert(round);
        }
    }

    pub(super) fn is_on(round: Uuid) -> bool {
        UNGUARDED.lock().is_ok_and(|rounds| {
            rounds
                .as_ref()
                .is_some_and(|rounds| rounds.contains(&round))
        })
    }
}
