//! Queries of groups.

use super::{entity, group, member};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::{participations, rounds};
use shared_types::{
    Caller, GroupId, GroupSetId, OrganisationId, PersonId, Role, RoundId, SessionId,
    scheduling::groups::GroupSetState,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The sets that a caller may know: those of the organisers whose programmes the caller
/// coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(own))
}

/// A set that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: GroupSetId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// Locks what is known of a round, which every change of its sets takes first: two publications
/// at once would both supersede the same set. On SQLite the write transaction is the lock.
pub async fn lock(change: &Change, round: RoundId) -> Result<(), DatabaseError> {
    if change.is_postgres() {
        let round = rounds::Entity::find_by_id(round.uuid()).lock_exclusive();
        round.one(change.tx()).await?;
    }
    Ok(())
}

/// The groups of a set, by number.
pub async fn groups(
    connection: &impl ConnectionTrait,
    set: Uuid,
) -> Result<Vec<group::Model>, DatabaseError> {
    let groups = group::Entity::find()
        .filter(group::Column::GroupSetId.eq(set))
        .order_by_asc(group::Column::Number);
    Ok(groups.all(connection).await?)
}

/// The members of a set, by id.
pub async fn members(
    connection: &impl ConnectionTrait,
    set: Uuid,
) -> Result<Vec<member::Model>, DatabaseError> {
    let members = member::Entity::find()
        .filter(member::Column::GroupSetId.eq(set))
        .order_by_asc(member::Column::PersonId);
    Ok(members.all(connection).await?)
}

/// The published sets of a round, the earliest first.
pub async fn published(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let published = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::State.eq(column::text(GroupSetState::Published)))
        .order_by_asc(entity::Column::PublishedAt)
        .order_by_asc(entity::Column::Id);
    Ok(published.all(connection).await?)
}

/// The set that is published for the same session, or for the same round as a whole.
pub async fn published_beside(
    connection: &impl ConnectionTrait,
    set: &entity::Model,
) -> Result<Option<entity::Model>, DatabaseError> {
    let all = published(connection, set.round_id.into()).await?;
    let same = |other: &entity::Model| other.session_id == set.session_id && other.id != set.id;
    Ok(all.into_iter().find(same))
}

/// Who of some people was in one group in which published set of an organiser: the set and the
/// number of the group, with the people. Later sets than `until` do not count.
pub async fn meetings(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    people: Vec<Uuid>,
    apart_from: Option<&entity::Model>,
) -> Result<Vec<Vec<PersonId>>, DatabaseError> {
    let rows = member::Entity::find()
        .filter(member::Column::PersonId.is_in(people))
        .all(connection)
        .await?;
    let mut sets: Vec<Uuid> = rows.iter().map(|row| row.group_set_id).collect();
    sets.sort_unstable();
    sets.dedup();
    let sets = entity::Entity::find()
        .filter(entity::Column::Id.is_in(sets))
        .filter(entity::Column::OrganiserId.eq(organiser.uuid()))
        .filter(entity::Column::State.eq(column::text(GroupSetState::Published)))
        .all(connection)
        .await?;
    // What was published later is no earlier meeting: a set is judged by what there was before it.
    let until = apart_from.and_then(|set| set.published_at);
    let counts = |set: &entity::Model| {
        let is_other = apart_from.is_none_or(|apart_from| apart_from.id != set.id);
        is_other && until.is_none_or(|until| set.published_at < Some(until))
    };
    let sets: HashMap<Uuid, entity::Model> = sets
        .into_iter()
        .filter(counts)
        .map(|set| (set.id, set))
        .collect();
    let mut groups: BTreeMap<(Uuid, i32), Vec<PersonId>> = BTreeMap::new();
    for row in rows {
        if sets.contains_key(&row.group_set_id) {
            let group = groups.entry((row.group_set_id, row.group_number));
            group.or_default().push(row.person_id.into());
        }
    }
    Ok(groups.into_values().collect())
}

/// The people of every group in a round's published sets who still take part: for whom sessions
/// of a group are.
pub async fn people_by_group(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeMap<GroupId, BTreeSet<PersonId>>, DatabaseError> {
    let mut people: BTreeMap<GroupId, BTreeSet<PersonId>> = BTreeMap::new();
    let participants = participations::of_round(connection, round).await?;
    let participants: BTreeSet<Uuid> = participants.iter().map(|one| one.person_id).collect();
    for set in published(connection, round).await? {
        let mut members = members(connection, set.id).await?;
        members.retain(|member| participants.contains(&member.person_id));
        for group in groups(connection, set.id).await? {
            let here = members.iter();
            let here = here.filter(|member| member.group_number == group.number);
            let here = here.map(|member| member.person_id.into());
            people.insert(group.id.into(), here.collect());
        }
    }
    Ok(people)
}

/// Whether a group is in a set of a round that was not given up.
pub async fn has_group(
    connection: &impl ConnectionTrait,
    round: RoundId,
    id: GroupId,
) -> Result<bool, DatabaseError> {
    let group = group::Entity::find_by_id(id.uuid()).one(connection).await?;
    let Some(group) = group else {
        return Ok(false);
    };
    let set = entity::Entity::find_by_id(group.group_set_id)
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::State.ne(column::text(GroupSetState::Discarded)));
    Ok(set.one(connection).await?.is_some())
}

/// Whether a session is in a round's plan and is to be held.
pub async fn has_session(
    connection: &impl ConnectionTrait,
    round: RoundId,
    session: SessionId,
) -> Result<bool, DatabaseError> {
    use crate::sessions::entity::{Column, Entity};
    use shared_types::scheduling::sessions::SessionState;
    let over = [SessionState::Cancelled, SessionState::Lapsed].map(column::text);
    let found = Entity::find_by_id(session.uuid())
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::State.is_not_in(over));
    Ok(found.one(connection).await?.is_some())
}

/// The sets in which somebody is, or may have been before they were composed again: those of
/// every round for which the person ever applied.
pub async fn concerning(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Uuid>, DatabaseError> {
    let members = member::Entity::find()
        .filter(member::Column::PersonId.eq(person.uuid()))
        .all(connection)
        .await?;
    let parts = participations::Entity::find()
        .filter(participations::Column::PersonId.eq(person.uuid()))
        .all(connection)
        .await?;
    let is_in = members.iter().map(|member| member.group_set_id);
    let rounds = parts.iter().map(|part| part.round_id);
    let concerned = Condition::any()
        .add(entity::Column::Id.is_in(is_in))
        .add(entity::Column::RoundId.is_in(rounds));
    let sets = entity::Entity::find()
        .filter(concerned)
        .all(connection)
        .await?;
    Ok(sets.into_iter().map(|set| set.id).collect())
}

/// Saves a changed set as its next version.
pub async fn save(change: &Change, mut set: entity::Model) -> Result<entity::Model, DatabaseError> {
    set.version += 1;
    row::update::<entity::Entity>(change.tx(), set).await
}

/// Writes who is in which group, in place of whatever was there. A group that stays keeps its id.
pub async fn replace(
    change: &Change,
    set: Uuid,
    count: i32,
    rows: Vec<member::Model>,
) -> Result<(), DatabaseError> {
    member::Entity::delete_many()
        .filter(member::Column::GroupSetId.eq(set))
        .exec(change.tx())
        .await?;
    group::Entity::delete_many()
        .filter(group::Column::GroupSetId.eq(set))
        .filter(group::Column::Number.gt(count))
        .exec(change.tx())
        .await?;
    let there = groups(change.tx(), set).await?;
    let known = there.iter().map(|group| group.number).max().unwrap_or(0);
    let new = (known + 1..=count).map(|number| group::Model {
        id: GroupId::new().uuid(),
        group_set_id: set,
        number,
    });
    row::insert_all::<group::Entity>(change.tx(), new).await?;
    row::insert_all::<member::Entity>(change.tx(), rows).await
}

/// Writes where one person is.
pub async fn put(change: &Change, row: member::Model) -> Result<(), DatabaseError> {
    member::Entity::delete_by_id((row.group_set_id, row.person_id))
        .exec(change.tx())
        .await?;
    row::insert::<member::Entity>(change.tx(), row).await?;
    Ok(())
}
