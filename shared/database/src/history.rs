//! The append-only history.

use crate::{
    Change, DatabaseError,
    tables::{change_reasons, changes, unsealed_changes},
    tail::Tail,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Query,
};
use sha2::{Digest as _, Sha256};
use shared_types::{PersonId, registration::history::HistoryEntry};
use std::{collections::HashMap, fmt::Write as _};
use uuid::Uuid;

/// Entries of one thing that are shown at most.
const MOST_ENTRIES: u64 = 1000;

pub(crate) fn digest(reason: &str) -> String {
    hex(&Sha256::digest(reason.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn insert(
    tail: &mut Tail,
    rows: Vec<changes::Model>,
    reasons: Vec<change_reasons::Model>,
) {
    // Beside the change itself: a row that nobody queued was not written by a service.
    let waiting = rows.iter().map(|row| row.id);
    tail.add::<unsealed_changes::Entity>(
        waiting.map(|change_id| unsealed_changes::Model { change_id }),
    );
    tail.add::<changes::Entity>(rows);
    tail.add::<change_reasons::Entity>(reasons);
}

/// The history of one thing, the oldest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    thing: Uuid,
) -> Result<Vec<HistoryEntry>, DatabaseError> {
    let rows = changes::Entity::find()
        .filter(changes::Column::ThingId.eq(thing))
        .order_by_asc(changes::Column::Id)
        .limit(MOST_ENTRIES)
        .all(connection)
        .await?;
    let mut reasons = reasons(connection, &rows).await?;
    let mut entry = |row: changes::Model| HistoryEntry {
        id: row.id.into(),
        at: row.at,
        reason: reasons.remove(&row.id),
        edge: row.edge,
        actor: row.actor,
        on_behalf_of: row.on_behalf_of.map(PersonId::from),
    };
    Ok(rows.into_iter().map(&mut entry).collect())
}

/// Forgets the reasons that were given for what happened to some things; that something happened,
/// and that it had a reason, stays.
pub async fn forget_reasons(change: &Change, things: &[Uuid]) -> Result<(), DatabaseError> {
    if things.is_empty() {
        return Ok(());
    }
    let own = Query::select()
        .column(changes::Column::Id)
        .from(changes::Entity)
        .and_where(changes::Column::ThingId.is_in(things.iter().copied()))
        .to_owned();
    change_reasons::Entity::delete_many()
        .filter(change_reasons::Column::ChangeId.in_subquery(own))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Reasons of all entries with one edge, by thing, the oldest first.
pub async fn reasons_of(
    connection: &impl ConnectionTrait,
    things: &[Uuid],
    edge: &str,
) -> Result<Vec<(Uuid, String)>, DatabaseError> {
    let rows = changes::Entity::find()
        .filter(changes::Column::ThingId.is_in(things.iter().copied()))
        .filter(changes::Column::Edge.eq(edge))
        .order_by_asc(changes::Column::Id)
        .all(connection)
        .await?;
    let reasons = reasons(connection, &rows).await?;
    Ok(rows
        .iter()
        .filter_map(|row| Some((row.thing_id, reasons.get(&row.id)?.clone())))
        .collect())
}

async fn reasons(
    connection: &impl ConnectionTrait,
    rows: &[changes::Model],
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let with_reason = rows.iter().filter(|row| row.reason_digest.is_some());
    let ids: Vec<Uuid> = with_reason.map(|row| row.id).collect();
    if ids.is_empty() {
        // "In nothing" is a condition that SQLite tries on every row.
        return Ok(HashMap::new());
    }
    let found = change_reasons::Entity::find()
        .filter(change_reasons::Column::ChangeId.is_in(ids))
        .all(connection)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.change_id, row.reason))
        .collect())
}
