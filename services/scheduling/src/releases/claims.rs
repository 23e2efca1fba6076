//! The lock under which rooms, facilitators and beds are taken.

use sea_orm::{ConnectionTrait as _, Statement};
use shared_database::{Change, DatabaseError};
use uuid::Uuid;

/// Waits until nobody else takes rooms, facilitators or beds; holds until the change is
/// committed. On SQLite the write transaction is the lock. Whoever takes it has the plan's row
/// before, and takes no other plan's after.
///
/// One lock for all: a release is made some times a year by hand, and locking each room and each
/// person in order would buy nothing but ways to forget one.
pub async fn lock(change: &Change, round: Uuid) -> Result<(), DatabaseError> {
    if !change.is_postgres() || !guarded(round) {
        return Ok(());
    }
    let backend = change.tx().get_database_backend();
    let lock = "SELECT name FROM claim_locks WHERE name = 'claims' FOR UPDATE";
    let lock = Statement::from_string(backend, lock);
    change.tx().query_one_raw(lock).await?;
    Ok(())
}

/// Whether a round's release looks around under the lock. Tests switch it off to show that they
/// would notice.
#[cfg(not(feature = "sabotage"))]
pub(super) const fn guarded(_: Uuid) -> bool {
    true
}

#[cfg(feature = "sabotage")]
pub(super) fn guarded(round: Uuid) -> bool {
    !sabotage::is_on(round)
}

/// The switch by which tests let a round's release look around too early. The feature is
/// switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{
        collections::HashSet,
        sync::{Mutex, PoisonError},
    };
    use uuid::Uuid;

    static EARLY: Mutex<Option<HashSet<Uuid>>> = Mutex::new(None);

    /// From now on releases of the round look around before their transaction begins, and take
    /// no lock.
    pub fn look_early(round: Uuid) {
        let mut early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        early.get_or_insert_default().insert(round);
    }

    pub(in crate::releases) fn is_on(round: Uuid) -> bool {
        let early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        early.as_ref().is_some_and(|early| early.contains(&round))
    }
}
