//! Queries of choices.

use super::entity;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use shared_database::{Change, DatabaseError};
use shared_types::{PersonId, RoundId, SessionId};
use std::collections::{BTreeMap, BTreeSet};

/// Who chose what in a round.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeMap<SessionId, BTreeSet<PersonId>>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    let mut all: BTreeMap<SessionId, BTreeSet<PersonId>> = BTreeMap::new();
    for row in rows {
        let people = all.entry(row.session_id.into()).or_default();
        people.insert(row.person_id.into());
    }
    Ok(all)
}

/// How many have chosen a session.
pub async fn count(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<u64, DatabaseError> {
    let chosen = entity::Entity::find().filter(entity::Column::SessionId.eq(session.uuid()));
    Ok(chosen.count(connection).await?)
}

/// Takes back what a person chose of one choice.
pub async fn take_back(
    change: &Change,
    round: RoundId,
    choice: &str,
    person: PersonId,
) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::Choice.eq(choice))
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Takes back what a person chose, in one round or in all.
pub async fn forget(
    change: &Change,
    person: PersonId,
    round: Option<RoundId>,
) -> Result<(), DatabaseError> {
    let mut delete =
        entity::Entity::delete_many().filter(entity::Column::PersonId.eq(person.uuid()));
    if let Some(round) = round {
        delete = delete.filter(entity::Column::RoundId.eq(round.uuid()));
    }
    delete.exec(change.tx()).await?;
    Ok(())
}
