//! What is done to needs: stated, taken back, counted, erased; each in an open change, under the
//! round's lock.

use super::{
    counts_entity, entity,
    model::{asked, is_erasing_due},
    store,
};
use crate::{
    State,
    applications::{model::Facts, steps::Loaded},
    rounds::{self, seats},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ModelTrait as _, QueryFilter as _, sea_query::Expr,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_types::{
    Actor, Problem, RoundId,
    registration::{codes::NEEDS_ERASED, needs::NewNeeds},
};
use shared_web::{command::Expected, sweep::Steps};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Keeps what a participant states, in place of what was stated before.
pub async fn state_needs(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    expected: Expected,
    needs: &NewNeeds,
) -> Result<entity::Model, Problem> {
    asked(Facts::read(&loaded.application)?.seat).map_err(Problem::from)?;
    refuse_erased(change, loaded.terms.id).await?;
    let before = store::find(change.tx(), loaded.application.id.into()).await?;
    expected.check(before.as_ref().map_or(0, |row| row.version))?;
    let id = before.as_ref().map_or_else(Uuid::now_v7, |row| row.id);
    let text = serde_json::to_vec(needs).map_err(|_| Problem::internal("needs"))?;
    let sealed = keys.seal(id.as_bytes(), &text).map_err(Problem::internal)?;
    let next = entity::Model {
        id,
        application_id: loaded.application.id,
        round_id: loaded.application.round_id,
        key_id: Some(sealed.key_id),
        wrapped_key: Some(sealed.wrapped_key),
        body: Some(sealed.body),
        stated_at: change.actor.at,
        erased_at: None,
        version: before.as_ref().map_or(1, |row| row.version + 1),
    };
    let next = match before {
        Some(_) => row::update::<entity::Entity>(change.tx(), next).await?,
        None => row::insert::<entity::Entity>(change.tx(), next).await?,
    };
    // Under an id of its own: who may read an application's history learns nothing from it.
    change.record("needs", next.id, "needs.stated", None);
    store::mark_stale(change, loaded.terms.id).await?;
    Ok(next)
}

/// Deletes what a participant stated.
pub async fn take_back(
    change: &mut Change,
    row: entity::Model,
    round: RoundId,
) -> Result<(), Problem> {
    change.record("needs", row.id, "needs.deleted", None);
    row.delete(change.tx()).await.map_err(DatabaseError::from)?;
    Ok(store::mark_stale(change, round).await?)
}

/// Refuses once a round's needs were erased.
pub async fn refuse_erased(change: &Change, round: RoundId) -> Result<(), Problem> {
    let told = store::told(change.tx(), round).await?;
    if told.is_some_and(|told| told.erased_at.is_some()) {
        Err(Problem::of(&NEEDS_ERASED))
    } else {
        Ok(())
    }
}

/// Does what is due by itself: deletes needs of whoever gave the seat up, erases those of rounds
/// that are over, tells counts that have changed. What fails for one round is done for the
/// others; the first error is the result.
pub async fn tidy(state: &State, actor: impl Fn() -> Actor) -> Result<(), Problem> {
    let read = state.database.read();
    let mut steps = Steps::default();
    let given_up = store::without_a_seat(read).await?;
    let rounds: BTreeSet<Uuid> = given_up.iter().map(|row| row.round_id).collect();
    for round in rounds {
        let work = async |change: &mut Change| forget_given_up(change, round.into()).await;
        steps.note("forget needs", state.database.change(actor(), work).await);
    }
    let now = state.core.clock.now();
    for round in store::rounds_with_needs(read).await? {
        let work = async |change: &mut Change| erase(change, state, round.into()).await;
        let erased = match is_due(read, round, now).await {
            Ok(true) => state.database.change(actor(), work).await,
            Ok(false) => Ok(()),
            Err(problem) => Err(problem),
        };
        steps.note("erase needs", erased);
    }
    let changed = counts_entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("stale = TRUE"))
        .all(read)
        .await
        .map_err(DatabaseError::from)?;
    for row in changed {
        let work = async |change: &mut Change| tell(change, state, row.round_id.into()).await;
        steps.note("count needs", state.database.change(actor(), work).await);
    }
    steps.end()
}

async fn is_due(
    connection: &impl sea_orm::ConnectionTrait,
    round: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    match rounds::store::find_any(connection, round.into()).await? {
        Some(round) => Ok(is_erasing_due(&round, now)?),
        None => Ok(false),
    }
}

async fn forget_given_up(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    seats::lock(change, round).await?;
    let given_up = store::without_a_seat(change.tx()).await?;
    for row in given_up {
        if row.round_id == round.uuid() {
            take_back(change, row, round).await?;
        }
    }
    Ok(())
}

/// Erases a round's needs and keeps their counts: those told last, where what is kept can't be
/// read any more.
async fn erase(change: &mut Change, state: &State, round: RoundId) -> Result<(), Problem> {
    let locked = seats::lock(change, round).await?;
    if !is_erasing_due(&locked.round, change.actor.at)? {
        return Ok(());
    }
    let told = store::told(change.tx(), round).await?;
    if told.as_ref().is_none_or(|told| told.erased_at.is_none()) {
        let rows = store::of_round(change.tx(), round).await?;
        let counts = store::count_rows(&state.needs_keys, &rows).unwrap_or_else(|problem| {
            let code = problem.code().name;
            tracing::error!(code, cause = problem.cause(), %round, "needs were erased uncounted");
            store::last(told.as_ref())
        });
        let counts = column::json(&counts);
        let at = Some(change.actor.at);
        keep(change, told.as_ref(), &locked.round, counts, at).await?;
        change.record("round", round, "needs.erased", None);
    }
    entity::Entity::update_many()
        .col_expr(entity::Column::KeyId, Expr::value(None::<String>))
        .col_expr(entity::Column::WrappedKey, Expr::value(None::<String>))
        .col_expr(entity::Column::Body, Expr::value(None::<String>))
        .col_expr(entity::Column::ErasedAt, Expr::value(change.actor.at))
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::ErasedAt.is_null())
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}

/// Counts again, and publishes the counts if they have changed.
async fn tell(change: &mut Change, state: &State, round: RoundId) -> Result<(), Problem> {
    let locked = seats::lock(change, round).await?;
    let Some(told) = store::told(change.tx(), round).await? else {
        return Ok(());
    };
    let erased_at = told.erased_at;
    let counts = if erased_at.is_some() {
        told.counts.clone()
    } else {
        column::json(&store::count(change.tx(), &state.needs_keys, round).await?)
    };
    keep(change, Some(&told), &locked.round, counts, erased_at).await
}

async fn keep(
    change: &mut Change,
    told: Option<&counts_entity::Model>,
    round: &rounds::entity::Model,
    counts: serde_json::Value,
    erased_at: Option<DateTime<Utc>>,
) -> Result<(), Problem> {
    if told.is_none_or(|told| told.counts != counts) {
        let fact = json!({
            "roundId": round.id, "organiserId": round.organiser_id, "needs": counts,
        });
        change.publish("needs.counted", round.id, fact);
    }
    let next = counts_entity::Model {
        round_id: round.id,
        stale: false,
        counts,
        counted_at: change.actor.at,
        erased_at,
    };
    match told {
        Some(_) => row::update::<counts_entity::Entity>(change.tx(), next).await?,
        None => row::insert::<counts_entity::Entity>(change.tx(), next).await?,
    };
    Ok(())
}
