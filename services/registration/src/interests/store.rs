//! Queries of interests, and telling those who wait.

use super::entity;
use crate::{
    mail::{self, NewMessage, Recipient, Template},
    rounds,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::RoundId;

/// The interests in a round.
pub fn of_round(round: RoundId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::RoundId.eq(round.uuid()))
}

/// Adds an interest; an address that is there already stays as it is. Says whether it is new.
pub async fn add(
    connection: &impl ConnectionTrait,
    row: entity::Model,
) -> Result<bool, DatabaseError> {
    let columns = [entity::Column::RoundId, entity::Column::EmailKey];
    let added = entity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(added > 0)
}

/// Tells everybody who waits for a round that it is open, once: queues a message to each and
/// remembers it, in the change that opens the round. `address` is the round's public page. Says
/// how many were told.
pub async fn tell(
    change: &mut Change,
    round: &rounds::entity::Model,
    address: &str,
) -> Result<usize, DatabaseError> {
    let untold = of_round(round.id.into())
        .filter(entity::Column::ToldAt.is_null())
        .order_by_asc(entity::Column::Id)
        .lock_exclusive()
        .all(change.tx())
        .await?;
    if untold.is_empty() {
        return Ok(0);
    }
    let at = change.actor.at;
    for row in &untold {
        mail::queue(change.tx(), at, message(row, round, address)?).await?;
    }
    entity::Entity::update_many()
        .col_expr(entity::Column::ToldAt, Expr::value(at))
        .filter(entity::Column::RoundId.eq(round.id))
        .filter(entity::Column::ToldAt.is_null())
        .exec(change.tx())
        .await?;
    change.record("round", round.id, "round.interests_told", None);
    Ok(untold.len())
}

fn message(
    row: &entity::Model,
    round: &rounds::entity::Model,
    address: &str,
) -> Result<NewMessage, DatabaseError> {
    Ok(NewMessage {
        template: Template::InterestOpened,
        to: Recipient {
            name: row.name.clone(),
            email: row.email.clone(),
            language: column::parse(&row.language)?,
        },
        facts: json!({
            "personName": row.name, "roundName": round.name, "opensOn": round.opens_on,
            "closesOn": round.closes_on, "address": address,
        }),
        link: None,
    })
}
