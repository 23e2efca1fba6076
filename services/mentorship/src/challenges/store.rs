//! Queries of challenges: rows whose bodies are sealed.

use super::entity;
use crate::{State, mentees, vaults};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, row};
use shared_envelope::OwnerKey;
use shared_types::{Problem, mentorship::challenges::NewChallenge};
use uuid::Uuid;

/// The row of a participant's challenge.
pub async fn row_of(
    connection: &impl ConnectionTrait,
    mentee: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(mentee).one(connection).await?)
}

/// The rows of some participants' challenges.
pub async fn rows_of(
    connection: &impl ConnectionTrait,
    mentees: &[Uuid],
) -> Result<Vec<entity::Model>, DatabaseError> {
    if mentees.is_empty() {
        return Ok(Vec::new());
    }
    let found = entity::Entity::find();
    let found = found.filter(entity::Column::Id.is_in(mentees.iter().copied()));
    Ok(found.all(connection).await?)
}

/// A participant's challenge with its row, opened.
pub async fn find(
    state: &State,
    connection: &impl ConnectionTrait,
    mentee: Uuid,
) -> Result<Option<(entity::Model, NewChallenge)>, Problem> {
    let Some(row) = row_of(connection, mentee).await? else {
        return Ok(None);
    };
    let key = vaults::store::find(connection, &state.pair_keys, mentee).await?;
    let Some(key) = key else { return Ok(None) };
    let body = vaults::store::open(&key, row.id, &row.body)?;
    Ok(Some((row, body)))
}

/// Writes a challenge, in the place of the one before.
pub async fn write(
    change: &Change,
    mentee: &mentees::entity::Model,
    (key, body): (&OwnerKey, &NewChallenge),
    before: Option<entity::Model>,
) -> Result<entity::Model, Problem> {
    let next = entity::Model {
        id: mentee.id,
        body: vaults::store::seal(key, mentee.id, body)?,
        modified_at: change.actor.at,
        version: before.as_ref().map_or(1, |row| row.version + 1),
    };
    Ok(if before.is_some() {
        row::update::<entity::Entity>(change.tx(), next).await?
    } else {
        row::insert::<entity::Entity>(change.tx(), next).await?
    })
}
