//! Queries of needs, and the way between their rows and what they say.

use super::{
    count::{self, Counts},
    counts_entity, entity,
    model::HELD,
};
use crate::applications;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_envelope::{Keys, Sealed};
use shared_types::{ApplicationId, Problem, RoundId, registration::needs::NewNeeds};
use uuid::Uuid;

/// The needs of a participation.
pub async fn find(
    connection: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::ApplicationId.eq(application.uuid()));
    Ok(found.one(connection).await?)
}

/// What a row says; nothing if it was erased.
pub fn open(keys: &Keys, row: &entity::Model) -> Result<Option<NewNeeds>, Problem> {
    let Some(sealed) = sealed(row) else {
        return Ok(None);
    };
    let text = keys
        .open(row.id.as_bytes(), &sealed)
        .map_err(Problem::internal)?;
    // Not with the error's words: they may quote what was read.
    let needs = serde_json::from_slice(&text);
    needs.map_err(|_| Problem::internal("needs that can't be read"))
}

/// The sealed text of a row.
pub fn sealed(row: &entity::Model) -> Option<Sealed> {
    Some(Sealed {
        key_id: row.key_id.clone()?,
        wrapped_key: row.wrapped_key.clone()?,
        body: row.body.clone()?,
    })
}

/// Whether the application to which needs belong has a seat.
fn has_a_seat() -> Expr {
    let needs = Expr::col((entity::Entity, entity::Column::ApplicationId));
    let application = applications::entity::Entity::find()
        .select_only()
        .column(applications::entity::Column::Id)
        .filter(
            Expr::col((
                applications::entity::Entity,
                applications::entity::Column::Id,
            ))
            .eq(needs),
        )
        .filter(applications::entity::Column::Seat.is_in(HELD.map(column::text)));
    Expr::exists(application.into_query())
}

/// The needs of a round's participants.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::ErasedAt.is_null())
        .filter(has_a_seat());
    Ok(found.all(connection).await?)
}

/// Needs whose seat was given up.
pub async fn without_a_seat(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::ErasedAt.is_null())
        .filter(has_a_seat().not())
        .limit(1000);
    Ok(found.all(connection).await?)
}

/// Rounds of which needs are kept.
pub async fn rounds_with_needs(
    connection: &impl ConnectionTrait,
) -> Result<Vec<Uuid>, DatabaseError> {
    let rounds = entity::Entity::find()
        .select_only()
        .column(entity::Column::RoundId)
        .distinct()
        .filter(entity::Column::ErasedAt.is_null())
        .into_tuple();
    Ok(rounds.all(connection).await?)
}

/// Counts a round's needs from the rows.
pub async fn count(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    round: RoundId,
) -> Result<Counts, Problem> {
    count_rows(keys, &of_round(connection, round).await?)
}

/// Counts what rows say.
pub fn count_rows(keys: &Keys, rows: &[entity::Model]) -> Result<Counts, Problem> {
    let mut all = Vec::new();
    for row in rows {
        all.extend(open(keys, row)?);
    }
    Ok(count::count(&all))
}

/// The counts that were told last; none where none were told yet.
pub fn last(told: Option<&counts_entity::Model>) -> Counts {
    let counts = told.map(|told| column::from_json(told.counts.clone()));
    counts.and_then(Result::ok).unwrap_or_default()
}

/// The counts of a round as they were last told.
pub async fn told(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<counts_entity::Model>, DatabaseError> {
    Ok(counts_entity::Entity::find_by_id(round.uuid())
        .one(connection)
        .await?)
}

/// Notes that a round's counts have to be told again.
pub async fn mark_stale(change: &Change, round: RoundId) -> Result<(), DatabaseError> {
    let row = counts_entity::Model {
        round_id: round.uuid(),
        stale: true,
        counts: json!({}),
        counted_at: change.actor.at,
        erased_at: None,
    };
    let known = OnConflict::column(counts_entity::Column::RoundId)
        .update_column(counts_entity::Column::Stale)
        .to_owned();
    counts_entity::Entity::insert(row.into_active_model())
        .on_conflict(known)
        .exec_without_returning(change.tx())
        .await?;
    Ok(())
}
