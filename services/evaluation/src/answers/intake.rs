//! The intake: sealed sheets that wait to be mixed. Each survey has a key of its own for them,
//! which is destroyed when the survey is over.

use super::{background::Background, intake_entity, key_entity, sheet_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError, row};
use shared_envelope::{Keys, OwnerKey, WrappedKey};
use shared_types::{Problem, evaluation::instruments::AnswerSheet};
use uuid::Uuid;

/// A sealed sheet's size is a multiple of this, so that it does not tell which sheet it was.
const PADDING_BYTES: usize = 1024;

/// What is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What the person was.
    pub background: Background,
    /// What pairs it with another survey's sheet.
    pub pairing_code: Option<String>,
    /// The answers.
    pub answers: AnswerSheet,
}

/// Makes the key of a survey that opens.
pub async fn begin(change: &Change, keys: &Keys, survey: Uuid) -> Result<(), Problem> {
    let key = keys.new_owner_key(survey.as_bytes());
    let key = key.map_err(Problem::internal)?;
    let row = key_entity::Model {
        survey_id: survey,
        key_id: key.key_id,
        wrapped_key: key.wrapped_key,
    };
    row::insert::<key_entity::Entity>(change.tx(), row).await?;
    Ok(())
}

/// The key of an open survey.
pub async fn key(change: &Change, keys: &Keys, survey: Uuid) -> Result<OwnerKey, Problem> {
    let found = key_entity::Entity::find_by_id(survey)
        .one(change.tx())
        .await;
    let found = found.map_err(DatabaseError::from)?;
    let row = found.ok_or_else(|| Problem::internal("an open survey without a key"))?;
    let wrapped = WrappedKey {
        key_id: row.key_id,
        wrapped_key: row.wrapped_key,
    };
    let key = keys.open_owner_key(survey.as_bytes(), &wrapped);
    key.map_err(Problem::internal)
}

/// Seals a sheet into the intake.
pub async fn put(
    change: &Change,
    key: &OwnerKey,
    survey: Uuid,
    content: &Content,
) -> Result<(), Problem> {
    let id = Uuid::new_v4();
    let mut text = serde_json::to_vec(content).map_err(Problem::internal)?;
    text.resize(text.len().next_multiple_of(PADDING_BYTES), b' ');
    let body = key.seal(id.as_bytes(), &text).map_err(Problem::internal)?;
    let row = intake_entity::Model {
        id,
        survey_id: survey,
        body,
    };
    // Nothing is read back: what is not asked for can't be logged.
    let row = sea_orm::IntoActiveModel::into_active_model(row);
    intake_entity::Entity::insert(row)
        .exec_without_returning(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}

/// The random ids of a survey's intake.
pub async fn ids(
    connection: &impl ConnectionTrait,
    survey: Uuid,
) -> Result<Vec<Uuid>, DatabaseError> {
    let ids = intake_entity::Entity::find()
        .filter(intake_entity::Column::SurveyId.eq(survey))
        .select_only()
        .column(intake_entity::Column::Id)
        .into_tuple();
    Ok(ids.all(connection).await?)
}

/// Opens some of a survey's intake.
pub async fn open_some(
    change: &Change,
    key: &OwnerKey,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, Content)>, Problem> {
    let rows = intake_entity::Entity::find()
        .filter(intake_entity::Column::Id.is_in(ids.iter().copied()))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let opened = rows.iter().map(|row| {
        let text = key.open(row.id.as_bytes(), &row.body);
        let text = text.map_err(Problem::internal)?;
        let content = serde_json::from_slice(&text).map_err(Problem::internal)?;
        Ok((row.id, content))
    });
    opened.collect()
}

/// Throws some of a survey's intake away.
pub async fn delete_some(change: &Change, ids: &[Uuid]) -> Result<(), DatabaseError> {
    intake_entity::Entity::delete_many()
        .filter(intake_entity::Column::Id.is_in(ids.iter().copied()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// How many sheets lie in a survey's intake.
pub async fn count(connection: &impl ConnectionTrait, survey: Uuid) -> Result<u64, DatabaseError> {
    let all = intake_entity::Entity::find().filter(intake_entity::Column::SurveyId.eq(survey));
    Ok(all.count(connection).await?)
}

/// Empties a survey's intake.
pub async fn empty(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    intake_entity::Entity::delete_many()
        .filter(intake_entity::Column::SurveyId.eq(survey))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Destroys the key of a survey that is over.
pub async fn end(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    key_entity::Entity::delete_by_id(survey)
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Throws away what was answered to a survey, unread.
pub async fn discard(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    empty(change, survey).await?;
    sheet_entity::Entity::delete_many()
        .filter(sheet_entity::Column::SurveyId.eq(survey))
        .exec(change.tx())
        .await?;
    end(change, survey).await
}
