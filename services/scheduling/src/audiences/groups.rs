//! In which published groups people are.

use crate::groups::{entity, group, member};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_types::{
    GroupId, RoundId, SessionId,
    scheduling::{groups::GroupSetState, releases::ReleasedSession},
};
use uuid::Uuid;

/// A group in which somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: Uuid,
    /// The group.
    pub group: GroupId,
    /// Its number in its set.
    pub number: i32,
    /// The round.
    pub round: RoundId,
    /// The session for which its set is; absent where it is for the whole round.
    pub session: Option<SessionId>,
}

/// The published groups of some people.
pub async fn of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<Membership>, DatabaseError> {
    let members = member::Entity::find()
        .filter(member::Column::PersonId.is_in(people.iter().copied()))
        .all(connection)
        .await?;
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let sets = entity::Entity::find()
        .filter(entity::Column::Id.is_in(members.iter().map(|one| one.group_set_id)))
        .filter(entity::Column::State.eq(column::text(GroupSetState::Published)))
        .all(connection)
        .await?;
    let groups = group::Entity::find()
        .filter(group::Column::GroupSetId.is_in(sets.iter().map(|set| set.id)))
        .all(connection)
        .await?;
    let membership = |member: member::Model| {
        let set = sets.iter().find(|set| set.id == member.group_set_id)?;
        let is_own = |group: &&group::Model| {
            group.group_set_id == set.id && group.number == member.group_number
        };
        let group = groups.iter().find(is_own)?;
        Some(Membership {
            person: member.person_id,
            group: group.id.into(),
            number: group.number,
            round: set.round_id.into(),
            session: set.session_id.map(SessionId::from),
        })
    };
    Ok(members.into_iter().filter_map(membership).collect())
}

/// The group in which somebody is at a session: the one that was made for it, else the round's.
pub fn at<'a>(groups: &'a [Membership], session: &ReleasedSession) -> Option<&'a Membership> {
    let own = groups.iter().filter(|one| one.round == session.round_id);
    let made_for = own.clone().find(|one| one.session == Some(session.id));
    made_for.or_else(|| own.clone().find(|one| one.session.is_none()))
}
