//! The seat invariant: accepted seats, live offers and held seats never exceed the seats.
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
    /// Accepted seats, live offers and held seats.
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
    let used = if recounted(round.id) {
        applications::store::count_seats(change.tx(), id).await?
    } else {
        round.seats_used
    };
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
    if used != round.seats_used && guarded(round.id) && recounted(round.id) {
        round.seats_used = used;
        store::save(change, round).await?;
    }
    Ok(())
}

/// Whether a round's lock and its check are on. Tests switch them off to show that they would
/// notice.
#[cfg(not(feature = "sabotage"))]
pub(super) const fn guarded(_: uuid::Uuid) -> bool {
    true
}

#[cfg(feature = "sabotage")]
pub(super) fn guarded(round: uuid::Uuid) -> bool {
    !sabotage::is_on(round, sabotage::Fault::NoLock)
}

/// Whether a round's seats are recounted under its lock; tests switch that off too.
#[cfg(not(feature = "sabotage"))]
const fn recounted(_: uuid::Uuid) -> bool {
    true
}

#[cfg(feature = "sabotage")]
fn recounted(round: uuid::Uuid) -> bool {
    !sabotage::is_on(round, sabotage::Fault::NoRecount)
}

/// Switches by which tests break the guard of one round, to show that they would notice. The
/// feature is switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{collections::HashSet, sync::Mutex};
    use uuid::Uuid;

    static FAULTS: Mutex<Option<HashSet<(Uuid, Fault)>>> = Mutex::new(None);

    #[derive(Clone, Copy, PartialEq, Eq, Hash)]
    pub(super) enum Fault {
        NoLock,
        NoRecount,
    }

    /// From now on this round's seats change hands without its lock, and the database does not
    /// check their number.
    pub fn break_seat_guard(round: Uuid) {
        switch_on(round, Fault::NoLock);
    }

    /// From now on this round's seats are counted as they once were noted, and the database
    /// does not check their number.
    pub fn break_recount(round: Uuid) {
        switch_on(round, Fault::NoRecount);
    }

    fn switch_on(round: Uuid, fault: Fault) {
        if let Ok(mut faults) = FAULTS.lock() {
            faults.get_or_insert_default().insert((round, fault));
        }
    }

    pub(super) fn is_on(round: Uuid, fault: Fault) -> bool {
        let faults = FAULTS.lock();
        faults.is_ok_and(|faults| {
            faults
                .as_ref()
                .is_some_and(|faults| faults.contains(&(round, fault)))
        })
    }
}
