//! Queries of pairs.

use super::{entity, pulse_entity};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{DatabaseError, column};
use shared_types::{
    Caller, OrganisationId, PairId, Role,
    mentorship::pairs::{PairEnding, PairState},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Pairs that one sweep looks at; the next one goes on.
const MOST_DUE: u64 = 1000;

/// The pairs that a caller may know: those of the organisers whose programmes the caller
/// coordinates, and one's own.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let mut seen = Condition::any().add(entity::Column::OrganiserId.is_in(organisers));
    if let Some(person) = caller.person {
        seen = seen
            .add(entity::Column::MentorPersonId.eq(person.uuid()))
            .add(entity::Column::MenteePersonId.eq(person.uuid()));
    }
    entity::Entity::find().filter(seen)
}

crate::finders!(PairId);

/// That a person is one of the two.
fn has(person: Uuid) -> Condition {
    Condition::any()
        .add(entity::Column::MentorPersonId.eq(person))
        .add(entity::Column::MenteePersonId.eq(person))
}

fn live() -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::State.ne(column::text(PairState::Ended)))
}

/// How many pairs each of some mentors has that are not over.
pub async fn live_counts(
    connection: &impl ConnectionTrait,
    mentors: &[Uuid],
) -> Result<BTreeMap<Uuid, i32>, DatabaseError> {
    let mut counts = BTreeMap::new();
    if mentors.is_empty() {
        return Ok(counts);
    }
    let rows: Vec<(Uuid, i64)> = live()
        .filter(entity::Column::MentorId.is_in(mentors.iter().copied()))
        .select_only()
        .column(entity::Column::MentorId)
        .column_as(entity::Column::Id.count(), "pairs")
        .group_by(entity::Column::MentorId)
        .into_tuple()
        .all(connection)
        .await?;
    for (mentor, count) in rows {
        counts.insert(mentor, i32::try_from(count).unwrap_or(i32::MAX));
    }
    Ok(counts)
}

/// The pairs of some mentees that are not over.
pub async fn live_of_mentees(
    connection: &impl ConnectionTrait,
    mentees: &[Uuid],
) -> Result<Vec<entity::Model>, DatabaseError> {
    if mentees.is_empty() {
        return Ok(Vec::new());
    }
    let found = live().filter(entity::Column::ApplicationId.is_in(mentees.iter().copied()));
    Ok(found.all(connection).await?)
}

/// The pairs of some people, on either side, that are not over.
pub async fn live_of_people(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<entity::Model>, DatabaseError> {
    let either = Condition::any()
        .add(entity::Column::MentorPersonId.is_in(people.iter().copied()))
        .add(entity::Column::MenteePersonId.is_in(people.iter().copied()));
    let found = live().filter(either).order_by_asc(entity::Column::Id);
    Ok(found.all(connection).await?)
}

/// Every pair of a person, on either side, a round's together: whoever locks them all does so in
/// one order.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(has(person))
        .order_by_asc(entity::Column::RoundId)
        .order_by_asc(entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// The pairs of a round that are not over.
pub async fn live_of_round(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = live().filter(entity::Column::RoundId.eq(round));
    Ok(found
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?)
}

/// Rounds that have pairs that are not over.
pub async fn live_rounds(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, DatabaseError> {
    Ok(live()
        .select_only()
        .column(entity::Column::RoundId)
        .distinct()
        .into_tuple()
        .all(connection)
        .await?)
}

/// Pairs of any of these people that ended in disagreement, in whatever round.
pub async fn disagreed(
    connection: &impl ConnectionTrait,
    persons: &[Uuid],
) -> Result<Vec<entity::Model>, DatabaseError> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let found = entity::Entity::find()
        .filter(entity::Column::Ending.eq(column::text(PairEnding::Disagreement)))
        .filter(entity::Column::MenteePersonId.is_in(persons.iter().copied()));
    Ok(found.all(connection).await?)
}

/// A round's proposals that one of the two declined, or did not answer.
pub async fn refused(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let endings = [
        PairEnding::DeclinedByMentor,
        PairEnding::DeclinedByMentee,
        PairEnding::Expired,
    ];
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .filter(entity::Column::Ending.is_in(endings.map(column::text)));
    Ok(found.all(connection).await?)
}

/// Proposals whose last day may be over: the sweep judges each in its round's zone.
pub async fn proposals_due(
    connection: &impl ConnectionTrait,
    tomorrow: NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("state = 'proposed'"))
        .filter(entity::Column::AnswerBy.lt(tomorrow))
        .order_by_asc(entity::Column::AnswerBy)
        .limit(MOST_DUE);
    Ok(due.all(connection).await?)
}

/// Pairs that both have accepted.
pub async fn accepted(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::State.eq(column::text(PairState::Accepted)))
        .order_by_asc(entity::Column::Id);
    Ok(found.all(connection).await?)
}

/// Pairs whose writings are to be erased.
pub async fn erasable(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = entity::Entity::find()
        .filter(entity::Column::EraseAt.is_not_null())
        .filter(entity::Column::EraseAt.lte(now))
        .order_by_asc(entity::Column::EraseAt)
        .limit(MOST_DUE);
    Ok(due.all(connection).await?)
}

/// What the members of some pairs say of the fit.
pub async fn pulses(
    connection: &impl ConnectionTrait,
    pairs: &[Uuid],
) -> Result<Vec<pulse_entity::Model>, DatabaseError> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let found = pulse_entity::Entity::find()
        .filter(pulse_entity::Column::PairId.is_in(pairs.iter().copied()))
        .order_by_asc(pulse_entity::Column::PersonId);
    Ok(found.all(connection).await?)
}

crate::versions!();
