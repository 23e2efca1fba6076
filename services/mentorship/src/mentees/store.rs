//! Queries of mentees.

use super::entity;
use crate::{known::People, mentors, pairs};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::Query,
};
use shared_database::DatabaseError;
use shared_types::{ApplicationId, Caller, OrganisationId, PersonId, Role, RoundId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The mentees whom a caller may know: those of the organisers whose programmes the caller
/// coordinates, oneself, and those of the rounds in whose pool the caller is.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let mut seen = Condition::any().add(entity::Column::OrganiserId.is_in(organisers));
    if let Some(person) = caller.person {
        let rounds = Query::select()
            .column(mentors::entity::Column::RoundId)
            .from(mentors::entity::Entity)
            .and_where(mentors::entity::Column::PersonId.eq(person.uuid()))
            .to_owned();
        seen = seen
            .add(entity::Column::PersonId.eq(person.uuid()))
            .add(entity::Column::RoundId.in_subquery(rounds));
    }
    entity::Entity::find().filter(seen)
}

crate::finders!(ApplicationId);

/// The participation of a person who takes part in a round.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    round: RoundId,
    person: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .filter(entity::Column::TakingPart.eq(true));
    Ok(found.one(connection).await?)
}

/// Every participation of a person.
pub async fn of_anybody(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find().filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(all.all(connection).await?)
}

/// Who takes part in a round, by id.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .filter(entity::Column::TakingPart.eq(true))
        .order_by_asc(entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// The rounds that any of some people are in, each with its organiser.
pub async fn rounds_of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, DatabaseError> {
    let rounds = entity::Entity::find()
        .filter(entity::Column::PersonId.is_in(people.iter().copied()))
        .select_only()
        .column(entity::Column::RoundId)
        .column(entity::Column::OrganiserId)
        .distinct()
        .into_tuple();
    Ok(rounds.all(connection).await?)
}

/// What is known of some mentees: people, and the pair that each has.
#[derive(Clone, Debug)]
pub struct Known {
    /// The people.
    pub people: People,
    pairs: BTreeMap<Uuid, Uuid>,
}

impl Known {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let pairs = pairs::store::live_of_mentees(connection, &ids).await?;
        Ok(Self {
            people: People::of(connection, rows.iter().map(|row| row.person_id)).await?,
            pairs: pairs
                .into_iter()
                .map(|row| (row.application_id, row.id))
                .collect(),
        })
    }

    /// The pair that a mentee has.
    pub fn pair(&self, mentee: Uuid) -> Option<Uuid> {
        self.pairs.get(&mentee).copied()
    }
}

crate::versions!();
