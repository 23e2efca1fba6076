//! Queries of rules, tasks and decisions.

use super::{entity, lock_entity, rule_entity, task_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{CompletionRuleId, PersonId, RoundId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Locks a round's completion until the change ends.
pub async fn lock(change: &Change, round: RoundId) -> Result<(), DatabaseError> {
    let row = lock_entity::Model {
        round_id: round.uuid(),
    };
    let mut nothing = OnConflict::column(lock_entity::Column::RoundId);
    nothing.do_nothing();
    lock_entity::Entity::insert(row.into_active_model())
        .on_conflict(nothing)
        .exec_without_returning(change.tx())
        .await?;
    if change.is_postgres() {
        lock_entity::Entity::find_by_id(round.uuid())
            .lock_exclusive()
            .one(change.tx())
            .await?;
    }
    Ok(())
}

/// The versions of a round's rule.
pub fn rules(round: RoundId) -> Select<rule_entity::Entity> {
    rule_entity::Entity::find().filter(rule_entity::Column::RoundId.eq(round.uuid()))
}

/// The rule of a round that holds.
pub async fn rule(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<rule_entity::Model>, DatabaseError> {
    let newest = rules(round).order_by_desc(rule_entity::Column::Number);
    Ok(newest.one(connection).await?)
}

/// One version of a rule, whoever asks.
pub async fn find_rule(
    connection: &impl ConnectionTrait,
    id: CompletionRuleId,
) -> Result<Option<rule_entity::Model>, DatabaseError> {
    let found = rule_entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// The tasks that some participants have done.
pub async fn done(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<BTreeMap<Uuid, BTreeSet<String>>, DatabaseError> {
    let mut done: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    if participations.is_empty() {
        return Ok(done);
    }
    let rows = task_entity::Entity::find()
        .filter(task_entity::Column::ApplicationId.is_in(participations.iter().copied()))
        .all(connection)
        .await?;
    for row in rows {
        done.entry(row.application_id)
            .or_default()
            .insert(row.task_key);
    }
    Ok(done)
}

/// Who has done a task of a round.
pub async fn done_by(
    connection: &impl ConnectionTrait,
    round: RoundId,
    task: &str,
) -> Result<Vec<Uuid>, DatabaseError> {
    let rows = task_entity::Entity::find()
        .filter(task_entity::Column::RoundId.eq(round.uuid()))
        .filter(task_entity::Column::TaskKey.eq(task))
        .order_by_asc(task_entity::Column::ApplicationId)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.application_id).collect())
}

/// Notes that some participants have done a task; what is noted already stays.
pub async fn note(
    change: &Change,
    round: RoundId,
    task: &str,
    participations: &BTreeSet<Uuid>,
) -> Result<(), DatabaseError> {
    for id in participations {
        let row = task_entity::Model {
            application_id: *id,
            task_key: task.to_owned(),
            round_id: round.uuid(),
            noted_at: change.actor.at,
        };
        let columns = [
            task_entity::Column::ApplicationId,
            task_entity::Column::TaskKey,
        ];
        task_entity::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
            .exec_without_returning(change.tx())
            .await?;
    }
    Ok(())
}

/// Takes back that some participants have done a task.
pub async fn unnote(
    change: &Change,
    task: &str,
    participations: &BTreeSet<Uuid>,
) -> Result<(), DatabaseError> {
    task_entity::Entity::delete_many()
        .filter(task_entity::Column::TaskKey.eq(task))
        .filter(task_entity::Column::ApplicationId.is_in(participations.iter().copied()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// What was decided about some participations.
pub async fn decisions(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<BTreeMap<Uuid, entity::Model>, DatabaseError> {
    if participations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::Id.is_in(participations.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// What was decided about a participation.
pub async fn decision(
    connection: &impl ConnectionTrait,
    participation: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(participation);
    Ok(found.one(connection).await?)
}

/// Writes a decision: the first about a participation, or one in its place.
pub async fn put(change: &Change, next: entity::Model) -> Result<entity::Model, DatabaseError> {
    if next.version == 1 {
        row::insert::<entity::Entity>(change.tx(), next).await
    } else {
        row::update::<entity::Entity>(change.tx(), next).await
    }
}

/// The participations of a person whose completion was decided.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Uuid>, DatabaseError> {
    let own = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(own.into_tuple().all(connection).await?)
}
