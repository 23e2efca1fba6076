//! The lock under which rooms, facilitators and beds are taken.

use sea_orm::{ConnectionTrait as _, Statement};
use shared_database::{Change, DatabaseError};
use shared_types::Problem;
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

/// Whether what a round's release, booking or groups rest on, or who chose a session, is read
/// under the lock. Tests switch it off to show that they would notice.
#[cfg(not(feature = "sabotage"))]
pub(crate) const fn guarded(_: Uuid) -> bool {
    true
}

#[cfg(feature = "sabotage")]
pub(crate) fn guarded(thing: Uuid) -> bool {
    !sabotage::is_on(thing)
}

/// Nothing: whatever is decided by is read in the transaction that decides.
#[cfg(not(feature = "sabotage"))]
pub(crate) async fn early<T>(
    _: Uuid,
    _: impl Future<Output = Result<T, Problem>>,
) -> Result<Option<T>, Problem> {
    Ok(None)
}

/// What a test lets something be decided by: read before its transaction begins, long enough for
/// others to do the same.
#[cfg(feature = "sabotage")]
pub(crate) async fn early<T>(
    thing: Uuid,
    read: impl Future<Output = Result<T, Problem>>,
) -> Result<Option<T>, Problem> {
    if guarded(thing) {
        return Ok(None);
    }
    let seen = read.await?;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    Ok(Some(seen))
}

/// The switch by which tests let things be decided by what was read too early. The feature is
/// switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{
        collections::HashSet,
        sync::{Mutex, PoisonError},
    };
    use uuid::Uuid;

    static EARLY: Mutex<Option<HashSet<Uuid>>> = Mutex::new(None);

    /// From now on releases, bookings and groups of the round, or choices of the session, look
    /// around before their transaction begins, and take no lock.
    pub fn look_early(thing: Uuid) {
        let mut early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        early.get_or_insert_default().insert(thing);
    }

    pub(super) fn is_on(thing: Uuid) -> bool {
        let early = EARLY.lock().unwrap_or_else(PoisonError::into_inner);
        early.as_ref().is_some_and(|early| early.contains(&thing))
    }
}
