//! Queries of surveys.

use super::entity;
use crate::{answers::invitation_entity as invitation, instruments::store::organisers};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{Caller, SurveyId, evaluation::surveys::SurveyState};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The surveys that a caller may know: those of the organisers whose surveys the caller makes.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(organisers(caller)))
}

/// A survey that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SurveyId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A survey, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}

/// Many by their ids.
pub async fn find_all(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, entity::Model>, DatabaseError> {
    let rows = entity::Entity::find().filter(entity::Column::Id.is_in(ids));
    let rows = rows.all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Planned surveys, by id.
pub async fn planned(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    in_state(connection, SurveyState::Planned).await
}

/// Open surveys, by id.
pub async fn open(connection: &impl ConnectionTrait) -> Result<Vec<entity::Model>, DatabaseError> {
    in_state(connection, SurveyState::Open).await
}

async fn in_state(
    connection: &impl ConnectionTrait,
    state: SurveyState,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::State.eq(column::text(state)))
        .order_by_asc(entity::Column::Id);
    Ok(found.all(connection).await?)
}

/// Open surveys whose last day may be over: each is judged in its round's zone.
pub async fn ending(
    connection: &impl ConnectionTrait,
    tomorrow: NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::State.eq(column::text(SurveyState::Open)))
        .filter(entity::Column::ClosesOn.lt(tomorrow))
        .order_by_asc(entity::Column::ClosesOn);
    Ok(found.all(connection).await?)
}

/// How many were asked, and how many of them have answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Asked; whoever was taken back counts too, or the number would say who had answered.
    pub asked: i64,
    /// Answered.
    pub answered: i64,
}

/// The counts of some surveys.
pub async fn counts(
    connection: &impl ConnectionTrait,
    surveys: &[Uuid],
) -> Result<BTreeMap<Uuid, Counts>, DatabaseError> {
    let mut counts: BTreeMap<Uuid, Counts> = BTreeMap::new();
    if surveys.is_empty() {
        return Ok(counts);
    }
    let rows: Vec<(Uuid, bool, i64)> = invitation::Entity::find()
        .filter(invitation::Column::SurveyId.is_in(surveys.iter().copied()))
        .select_only()
        .column(invitation::Column::SurveyId)
        .column(invitation::Column::Answered)
        .column_as(invitation::Column::Id.count(), "invitations")
        .group_by(invitation::Column::SurveyId)
        .group_by(invitation::Column::Answered)
        .into_tuple()
        .all(connection)
        .await?;
    for (survey, answered, count) in rows {
        let own = counts.entry(survey).or_default();
        own.asked += count;
        if answered {
            own.answered += count;
        }
    }
    Ok(counts)
}

/// Those of some surveys to which somebody was invited.
pub async fn invited(
    connection: &impl ConnectionTrait,
    surveys: &[Uuid],
) -> Result<Vec<Uuid>, DatabaseError> {
    if surveys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(invitation::Entity::find()
        .filter(invitation::Column::SurveyId.is_in(surveys.iter().copied()))
        .select_only()
        .column(invitation::Column::SurveyId)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?)
}

/// Saves a changed survey as its next version.
pub async fn save(
    change: &Change,
    mut survey: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    survey.version += 1;
    survey.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), survey).await
}
