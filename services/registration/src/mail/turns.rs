//! Turns: whoever limits the mails to an address counts them in the address's turn, which ends
//! with the transaction. So requests at once, of several rounds too, can't pass a limit together.

use crate::people::model::email_key;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shared_database::{Change, DatabaseError};
use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

/// How many turns there are; addresses share them.
const TURNS: u64 = 1024;

/// The rows that are locked.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// The row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_turns")]
    pub struct Model {
        /// Its number.
        #[sea_orm(primary_key, auto_increment = false)]
        pub turn: i32,
    }

    /// There are none.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Waits for the turn of each of these addresses. Who also locks a round does that first.
pub async fn take<'a>(
    change: &Change,
    addresses: impl IntoIterator<Item = &'a str>,
) -> Result<(), DatabaseError> {
    let turns: BTreeSet<i32> = addresses.into_iter().filter_map(turn).collect();
    if turns.is_empty() {
        return Ok(());
    }
    // In one order everywhere, so that nobody waits in a circle. SQLite has one writer anyway.
    entity::Entity::find()
        .filter(entity::Column::Turn.is_in(turns))
        .order_by_asc(entity::Column::Turn)
        .lock_exclusive()
        .all(change.tx())
        .await?;
    Ok(())
}

/// The same in every process: the hasher has fixed keys.
fn turn(address: &str) -> Option<i32> {
    #[cfg(feature = "sabotage")]
    if sabotage::is_skipped(address) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    email_key(address).hash(&mut hasher);
    i32::try_from(hasher.finish() % TURNS).ok()
}

/// Switches by which tests let an address have no turn, to show that they would notice. The
/// feature is switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{collections::HashSet, sync::Mutex};

    static SKIPPED: Mutex<Option<HashSet<String>>> = Mutex::new(None);

    /// From now on mails to this address are counted by everybody at once.
    pub fn skip_turn(address: &str) {
        if let Ok(mut skipped) = SKIPPED.lock() {
            skipped.get_or_insert_default().insert(address.to_owned());
        }
    }

    pub(super) fn is_skipped(address: &str) -> bool {
        let skipped = SKIPPED.lock();
        skipped.is_ok_and(|skipped| skipped.as_ref().is_some_and(|all| all.contains(address)))
    }
}
