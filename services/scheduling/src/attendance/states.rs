//! Tells others how participants stand: the whole state, with a version that goes up each time.

use super::{
    days::{Count, half_days},
    state_entity, store,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
    sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::participations;
use shared_types::{Problem, RoundId, scheduling::attendance::AttendanceFact};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Name of the event.
pub const RECORDED: &str = "attendance.recorded";

/// Publishes how some participants of a round stand now.
pub async fn publish(
    change: &mut Change,
    round: RoundId,
    people: &BTreeSet<Uuid>,
) -> Result<(), Problem> {
    let mut rows = participations::of_round(change.tx(), round).await?;
    rows.retain(|row| people.contains(&row.person_id));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
    let mut cases = store::cases(change.tx(), round, &ids).await?;
    for row in rows {
        let Some(case) = cases.remove(&row.person_id) else {
            continue;
        };
        let count = Count::of(&case, change.actor.at);
        let fact = AttendanceFact {
            application_id: row.id.into(),
            round_id: round,
            person_id: row.person_id.into(),
            organiser_id: row.organiser_id.into(),
            counted_quarters: count.counted(),
            total_quarters: count.total,
            unknown_quarters: count.unknown,
            ahead_quarters: count.ahead,
            half_days: half_days(&case),
            version: next_version(change, row.id, round).await?,
        };
        change.publish(RECORDED, row.id, column::json(&fact));
    }
    Ok(())
}

/// Publishes anew how all stand of whom something was told: after a release, which may have
/// changed what there is to attend.
pub async fn publish_again(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let told = state_entity::Entity::find()
        .filter(state_entity::Column::RoundId.eq(round.uuid()))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if told.is_empty() {
        return Ok(());
    }
    let told: BTreeSet<Uuid> = told.into_iter().map(|row| row.application_id).collect();
    let rows = participations::of_round(change.tx(), round).await?;
    let rows = rows.into_iter().filter(|row| told.contains(&row.id));
    let people: BTreeSet<Uuid> = rows.map(|row| row.person_id).collect();
    publish(change, round, &people).await
}

async fn next_version(
    change: &Change,
    application: Uuid,
    round: RoundId,
) -> Result<i32, DatabaseError> {
    let state = state_entity::Model {
        application_id: application,
        round_id: round.uuid(),
        version: 0,
    };
    let known = OnConflict::column(state_entity::Column::ApplicationId)
        .do_nothing()
        .to_owned();
    state_entity::Entity::insert(state.clone().into_active_model())
        .on_conflict(known)
        .exec_without_returning(change.tx())
        .await?;
    // Two sessions of a round may be marked at once: whoever comes second waits here, and its
    // state is then the newer one.
    let locked = state_entity::Entity::find_by_id(application).lock_exclusive();
    let mut state = locked.one(change.tx()).await?.unwrap_or(state);
    state.version += 1;
    let state = row::update::<state_entity::Entity>(change.tx(), state).await?;
    Ok(state.version)
}
