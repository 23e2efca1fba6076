//! Queries of interviews, and of what is sealed of them.

use super::{coding_entity, entity, interviewee_entity, theme_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, sea_query::Query,
};
use shared_database::{Change, DatabaseError, row};
use shared_envelope::{Keys, OwnerKey, WrappedKey};
use shared_types::{Caller, PersonId, Problem, RoundId, ThemeId};
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::parts::Round;

/// The interviews of a round that a caller may know: all for its staff, one's own for others.
pub fn of_round(round: &Round, caller: &Caller) -> Select<entity::Entity> {
    let all = entity::Entity::find().filter(entity::Column::RoundId.eq(round.id.uuid()));
    let staff = round.staff(caller);
    if staff.coordinator || staff.evaluator {
        return all;
    }
    let person = caller.person.map_or(Uuid::nil(), PersonId::uuid);
    let own = Query::select()
        .column(interviewee_entity::Column::InterviewId)
        .from(interviewee_entity::Entity)
        .and_where(interviewee_entity::Column::PersonId.eq(person))
        .to_owned();
    all.filter(entity::Column::Id.in_subquery(own))
}

/// An interview, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}

/// An interview, whoever asks, kept from others until the change ends.
pub async fn lock(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// Who is interviewed in some interviews.
pub async fn interviewees(
    connection: &impl ConnectionTrait,
    interviews: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<interviewee_entity::Model>>, DatabaseError> {
    let mut all: BTreeMap<Uuid, Vec<interviewee_entity::Model>> = BTreeMap::new();
    if interviews.is_empty() {
        return Ok(all);
    }
    let rows = interviewee_entity::Entity::find()
        .filter(interviewee_entity::Column::InterviewId.is_in(interviews.iter().copied()))
        .order_by_asc(interviewee_entity::Column::ApplicationId)
        .all(connection)
        .await?;
    for row in rows {
        all.entry(row.interview_id).or_default().push(row);
    }
    Ok(all)
}

/// What somebody is interviewed in.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<interviewee_entity::Model>, DatabaseError> {
    let own = interviewee_entity::Entity::find()
        .filter(interviewee_entity::Column::PersonId.eq(person.uuid()));
    Ok(own.all(connection).await?)
}

/// The places of some interviews that belong to themes, in their order.
pub async fn codings(
    connection: &impl ConnectionTrait,
    interviews: &[Uuid],
) -> Result<Vec<coding_entity::Model>, DatabaseError> {
    if interviews.is_empty() {
        return Ok(Vec::new());
    }
    let found = coding_entity::Entity::find()
        .filter(coding_entity::Column::InterviewId.is_in(interviews.iter().copied()))
        .order_by_asc(coding_entity::Column::InterviewId)
        .order_by_asc(coding_entity::Column::Number);
    Ok(found.all(connection).await?)
}

/// Deletes the places of an interview; of one participant only, where one is named.
pub async fn forget_codings(
    change: &Change,
    interview: Uuid,
    of: Option<Uuid>,
) -> Result<(), DatabaseError> {
    let mut gone = coding_entity::Entity::delete_many()
        .filter(coding_entity::Column::InterviewId.eq(interview));
    if let Some(participation) = of {
        gone = gone.filter(coding_entity::Column::ApplicationId.eq(participation));
    }
    gone.exec(change.tx()).await?;
    Ok(())
}

/// The themes of a round.
pub fn themes(round: RoundId) -> Select<theme_entity::Entity> {
    theme_entity::Entity::find().filter(theme_entity::Column::RoundId.eq(round.uuid()))
}

/// A theme, whoever asks.
pub async fn theme(
    connection: &impl ConnectionTrait,
    id: ThemeId,
) -> Result<Option<theme_entity::Model>, DatabaseError> {
    let found = theme_entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// Saves a changed interview as its next version.
pub async fn save(
    change: &Change,
    mut interview: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    interview.version += 1;
    interview.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), interview).await
}

/// The key of an interview; nothing where nothing was ever sealed, or where it was dropped.
pub fn key(keys: &Keys, interview: &entity::Model) -> Result<Option<OwnerKey>, Problem> {
    let wrapped = interview
        .key_id
        .clone()
        .zip(interview.wrapped_key.clone())
        .map(|(key_id, wrapped_key)| WrappedKey {
            key_id,
            wrapped_key,
        });
    wrapped
        .map(|wrapped| keys.open_owner_key(interview.id.as_bytes(), &wrapped))
        .transpose()
        .map_err(Problem::internal)
}

/// The key of an interview for writing, made where there is none.
pub fn ready(keys: &Keys, interview: &mut entity::Model) -> Result<OwnerKey, Problem> {
    if interview.wrapped_key.is_none() {
        let made = keys
            .new_owner_key(interview.id.as_bytes())
            .map_err(Problem::internal)?;
        interview.key_id = Some(made.key_id);
        interview.wrapped_key = Some(made.wrapped_key);
    }
    key(keys, interview)?.ok_or_else(|| Problem::internal("an interview without a key"))
}

/// Opens a sealed text. What can't be read is never told, to the log either.
pub fn open(key: &OwnerKey, row: &[u8], body: &str) -> Result<String, Problem> {
    let text = key.open(row, body).map_err(Problem::internal)?;
    String::from_utf8(text).map_err(|_| Problem::internal("a sealed text of another shape"))
}
