//! Queries of experiments: rows whose bodies are sealed.

use super::entity;
use crate::{State, vaults};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
};
use shared_database::DatabaseError;
use shared_types::{Problem, mentorship::experiments::NewExperiment};
use uuid::Uuid;

/// The experiments of a participant.
pub fn of_mentee(mentee: Uuid) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::ApplicationId.eq(mentee))
}

/// The experiments of some participants, in the order in which they were made.
pub async fn rows_of(
    connection: &impl ConnectionTrait,
    mentees: &[Uuid],
) -> Result<Vec<entity::Model>, DatabaseError> {
    if mentees.is_empty() {
        return Ok(Vec::new());
    }
    let found = entity::Entity::find()
        .filter(entity::Column::ApplicationId.is_in(mentees.iter().copied()))
        .order_by_asc(entity::Column::Id);
    Ok(found.all(connection).await?)
}

/// What a participant's experiments say, for whoever wrote them.
pub async fn all_of(
    state: &State,
    connection: &impl ConnectionTrait,
    mentee: Uuid,
) -> Result<Vec<NewExperiment>, Problem> {
    let rows = rows_of(connection, &[mentee]).await?;
    let Some(key) = vaults::store::find(connection, &state.pair_keys, mentee).await? else {
        return Ok(Vec::new());
    };
    let open = |row: &entity::Model| vaults::store::open(&key, row.id, &row.body);
    rows.iter().map(open).collect()
}

crate::finders!();

/// The experiment that a request made.
pub async fn of_request(
    connection: &impl ConnectionTrait,
    request: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::Request.eq(request));
    Ok(found.one(connection).await?)
}
