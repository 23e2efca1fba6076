//! Queries of 360s, their groups and raters.

use super::{entity, group_entity, rater_entity, release_entity};
use crate::{answers::invitation_entity as mark, parts::Round, surveys::gate};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, LinkId, PersonId, Problem,
    evaluation::feedbacks::{FeedbackState, RaterGroup, RaterState},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The 360s of a round that a caller may know: all for who runs or evaluates it, one's own for
/// others.
pub fn of_round(round: &Round, caller: &Caller) -> Select<entity::Entity> {
    let all = entity::Entity::find().filter(entity::Column::RoundId.eq(round.id.uuid()));
    let staff = round.staff(caller);
    if staff.coordinator || staff.evaluator {
        return all;
    }
    let person = caller.person.map_or(Uuid::nil(), PersonId::uuid);
    all.filter(entity::Column::PersonId.eq(person))
}

/// A 360, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}

/// A 360, whoever asks, kept from others until the change ends.
pub async fn lock(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    gate::alone(change, id).await?;
    find_any(change.tx(), id).await
}

/// Open 360s, by id.
pub async fn open(connection: &impl ConnectionTrait) -> Result<Vec<entity::Model>, DatabaseError> {
    let open = column::text(FeedbackState::Open);
    Ok(entity::Entity::find()
        .filter(entity::Column::State.eq(open))
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?)
}

/// The participations of some that have an open 360.
pub async fn with_open(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<Uuid>, DatabaseError> {
    let open = column::text(FeedbackState::Open);
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .filter(entity::Column::State.eq(open))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| row.application_id)
        .collect())
}

/// What a person's 360s are, by id.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?)
}

/// Whether a 360 takes answers at a time.
pub fn is_open(feedback: &entity::Model, round: &Round, now: DateTime<Utc>) -> bool {
    takes_answers(feedback, round.today(now))
}

/// Whether a 360 takes answers on a day.
pub fn takes_answers(feedback: &entity::Model, today: NaiveDate) -> bool {
    feedback.state == column::text(FeedbackState::Open) && today <= feedback.answer_until
}

/// Groups by the id that their marks and sheets are kept by.
pub type Groups = BTreeMap<Uuid, (Uuid, RaterGroup)>;

/// The groups of some 360s.
pub async fn groups(
    connection: &impl ConnectionTrait,
    feedbacks: &[Uuid],
) -> Result<Groups, DatabaseError> {
    let rows = group_entity::Entity::find()
        .filter(group_entity::Column::FeedbackId.is_in(feedbacks.iter().copied()))
        .all(connection)
        .await?;
    let group = |row: group_entity::Model| {
        let kind = column::parse(&row.kind)?;
        Ok((row.id, (row.feedback_id, kind)))
    };
    rows.into_iter().map(group).collect()
}

/// The id of one group of a 360.
pub fn id_of(groups: &Groups, group: RaterGroup) -> Result<Uuid, Problem> {
    let mut ids = groups.iter().filter(|(_, (_, kind))| *kind == group);
    let found = ids.next().map(|(id, _)| *id);
    found.ok_or_else(|| Problem::internal("a 360 without one of its groups"))
}

/// The raters of some 360s, by id.
pub async fn raters(
    connection: &impl ConnectionTrait,
    feedbacks: &[Uuid],
) -> Result<Vec<rater_entity::Model>, DatabaseError> {
    Ok(rater_entity::Entity::find()
        .filter(rater_entity::Column::FeedbackId.is_in(feedbacks.iter().copied()))
        .order_by_asc(rater_entity::Column::Id)
        .all(connection)
        .await?)
}

/// The raters of a 360 whom its participant named.
pub fn named(feedback: Uuid, oneself: Uuid) -> Select<rater_entity::Entity> {
    rater_entity::Entity::find()
        .filter(rater_entity::Column::FeedbackId.eq(feedback))
        .filter(rater_entity::Column::GroupId.ne(oneself))
}

/// A rater, whoever asks.
pub async fn rater(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<rater_entity::Model>, DatabaseError> {
    Ok(rater_entity::Entity::find_by_id(id).one(connection).await?)
}

/// What a person is asked to rate in a 360.
pub async fn rater_of(
    connection: &impl ConnectionTrait,
    feedback: Uuid,
    person: PersonId,
) -> Result<Option<rater_entity::Model>, DatabaseError> {
    let asked = column::text(RaterState::Asked);
    Ok(rater_entity::Entity::find()
        .filter(rater_entity::Column::FeedbackId.eq(feedback))
        .filter(rater_entity::Column::PersonId.eq(person.uuid()))
        .filter(rater_entity::Column::State.eq(asked))
        .one(connection)
        .await?)
}

/// The mark that a link was sent for.
pub async fn mark_of_link(
    connection: &impl ConnectionTrait,
    link: LinkId,
) -> Result<Option<mark::Model>, DatabaseError> {
    let found = mark::Entity::find().filter(mark::Column::LinkId.eq(link.uuid()));
    Ok(found.one(connection).await?)
}

/// The marks of some groups.
pub async fn marks(
    connection: &impl ConnectionTrait,
    groups: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<mark::Model>, DatabaseError> {
    let of = mark::Entity::find().filter(mark::Column::SurveyId.is_in(groups));
    Ok(of.all(connection).await?)
}

/// Who else may read the report of a 360.
pub async fn releases(
    connection: &impl ConnectionTrait,
    feedback: Uuid,
) -> Result<Vec<release_entity::Model>, DatabaseError> {
    Ok(release_entity::Entity::find()
        .filter(release_entity::Column::FeedbackId.eq(feedback))
        .order_by_asc(release_entity::Column::Reader)
        .all(connection)
        .await?)
}

/// Saves a changed 360 as its next version.
pub async fn save(
    change: &Change,
    mut feedback: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    feedback.version += 1;
    feedback.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), feedback).await
}
