//! Queries of bounces, beginning with the persons whom a caller looks after.

use super::entity;
use crate::{
    mail::entity as message,
    people::{self, model::email_key},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use shared_database::{Change, DatabaseError};
use shared_types::{BounceId, Caller, Role};
use std::collections::HashSet;
use uuid::Uuid;

/// Which of these addresses are marked.
pub async fn of_addresses(
    connection: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = String>,
) -> Result<HashSet<String>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::EmailKey.is_in(keys))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.email_key).collect())
}

/// Marks the address of a message; a mark that is there stays as it is.
pub async fn mark(
    change: &mut Change,
    message: &message::Model,
    outcome: &str,
) -> Result<(), DatabaseError> {
    let row = entity::Model {
        id: BounceId::new().uuid(),
        email_key: email_key(&message.recipient_email),
        message_id: message.id,
        outcome: outcome.to_owned(),
        bounced_at: change.actor.at,
    };
    let marked = entity::Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(change.tx())
        .await?;
    if marked > 0 {
        // The history names no address.
        change.record("bounce", row.id, "bounce.noted", None);
    }
    Ok(())
}

/// Marked addresses of people whom the caller looks after: coordinators and HR.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let keeps = [Role::Coordinator, Role::Hr]
        .into_iter()
        .any(|role| caller.scope(role).next().is_some());
    // Asked address by address, so that a page never reads all people.
    let outer = Expr::col((entity::Entity, entity::Column::EmailKey));
    let people = people::store::scoped(caller)
        .select_only()
        .column(people::entity::Column::Id)
        .filter(Expr::col((people::entity::Entity, people::entity::Column::EmailKey)).eq(outer))
        .into_query();
    let seen = if keeps {
        Condition::all().add(Expr::exists(people))
    } else {
        Condition::all().add(entity::Column::Id.eq(Uuid::nil()))
    };
    entity::Entity::find().filter(seen)
}

/// The people of these addresses whom the caller may see.
pub async fn people_of(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    rows: &[entity::Model],
) -> Result<Vec<people::entity::Model>, DatabaseError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let keys = rows.iter().map(|row| row.email_key.clone());
    Ok(people::store::scoped(caller)
        .filter(people::entity::Column::EmailKey.is_in(keys))
        .all(connection)
        .await?)
}

/// Takes a mark away that the caller sees; says whether there was one.
pub async fn clear(
    change: &mut Change,
    caller: &Caller,
    id: BounceId,
) -> Result<bool, DatabaseError> {
    let found = scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(change.tx())
        .await?;
    let Some(row) = found else { return Ok(false) };
    entity::Entity::delete_by_id(row.id)
        .exec(change.tx())
        .await?;
    change.record("bounce", row.id, "bounce.cleared", None);
    Ok(true)
}

/// Forgets that mail to an address came back.
pub async fn forget(
    connection: &impl ConnectionTrait,
    email_key: &str,
) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::EmailKey.eq(email_key))
        .exec(connection)
        .await?;
    Ok(())
}
