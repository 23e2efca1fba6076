//! Queries of mentors.

use super::{entity, model::Standing};
use crate::{known::People, mentees, pairs};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::Query,
};
use shared_database::DatabaseError;
use shared_types::{Caller, MentorId, OrganisationId, PersonId, Role, RoundId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The mentors whom a caller may know: those of the organisers whose programmes the caller
/// coordinates, oneself, and the pools of the rounds in which the caller takes part.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let mut seen = Condition::any().add(entity::Column::OrganiserId.is_in(organisers));
    if let Some(person) = caller.person {
        let rounds = Query::select()
            .column(mentees::entity::Column::RoundId)
            .from(mentees::entity::Entity)
            .and_where(mentees::entity::Column::PersonId.eq(person.uuid()))
            .and_where(mentees::entity::Column::TakingPart.eq(true))
            .to_owned();
        seen = seen
            .add(entity::Column::PersonId.eq(person.uuid()))
            .add(entity::Column::RoundId.in_subquery(rounds));
    }
    entity::Entity::find().filter(seen)
}

crate::finders!(MentorId);

/// A person's place in a round's pool.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    round: RoundId,
    person: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(found.one(connection).await?)
}

/// A round's pool, by id.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .order_by_asc(entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// Every place of a person in a pool.
pub async fn of_anybody(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find().filter(entity::Column::PersonId.eq(person));
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

/// What is known of some mentors: people, and how many mentees each has.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The people.
    pub people: People,
    used: BTreeMap<Uuid, i32>,
}

impl Pool {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            people: People::of(connection, rows.iter().map(|row| row.person_id)).await?,
            used: pairs::store::live_counts(connection, &ids).await?,
        })
    }

    /// Mentees that a mentor has or who are proposed.
    pub fn used(&self, mentor: Uuid) -> i32 {
        self.used.get(&mentor).copied().unwrap_or(0)
    }

    /// What decides whether the mentor may be proposed.
    pub fn standing(&self, row: &entity::Model) -> Standing {
        let person = row.person_id;
        Standing {
            active: self.people.is_active(person),
            holds_office: self.people.holds_office(person),
            has_municipality: self.people.municipality(person).is_some(),
            capacity: row.capacity,
            used: self.used(row.id),
        }
    }
}

crate::versions!();
