//! Queries of who is at which site.

use super::entity;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, row};
use shared_types::{PersonId, RoundId, SessionId, VenueId};
use std::collections::{BTreeMap, BTreeSet};

/// Who is at which site of a session.
pub async fn of_session(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<BTreeMap<PersonId, VenueId>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::SessionId.eq(session.uuid()))
        .all(connection)
        .await?;
    let pair = |row: entity::Model| (row.person_id.into(), row.site_id.into());
    Ok(rows.into_iter().map(pair).collect())
}

/// Who is at which site of a round's sessions.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeMap<(SessionId, VenueId), BTreeSet<PersonId>>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    let mut all: BTreeMap<(SessionId, VenueId), BTreeSet<PersonId>> = BTreeMap::new();
    for row in rows {
        let people = all.entry((row.session_id.into(), row.site_id.into()));
        people.or_default().insert(row.person_id.into());
    }
    Ok(all)
}

/// Writes where somebody is, or that somebody is at no site.
pub async fn put(
    change: &Change,
    (session, round): (SessionId, RoundId),
    person: PersonId,
    site: Option<VenueId>,
) -> Result<(), DatabaseError> {
    entity::Entity::delete_by_id((session.uuid(), person.uuid()))
        .exec(change.tx())
        .await?;
    if let Some(site) = site {
        let row = entity::Model {
            session_id: session.uuid(),
            person_id: person.uuid(),
            round_id: round.uuid(),
            site_id: site.uuid(),
            chosen_at: change.actor.at,
        };
        row::insert::<entity::Entity>(change.tx(), row).await?;
    }
    Ok(())
}

/// Forgets where a person is, in one round or in all.
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
