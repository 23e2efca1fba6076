//! Queries of invitations.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, Select,
};
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    Caller, InvitationId, LinkId, OrganisationId, PersonId, Role, SessionId,
    scheduling::invitations::{InvitationState, InvitationVerdict},
};
use std::collections::HashSet;
use uuid::Uuid;

/// The invitations that a caller may know: one's own, and those to sessions of organisers whose
/// programmes one coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let kept = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let own = caller.person.map_or(Uuid::nil(), PersonId::uuid);
    entity::Entity::find().filter(
        Condition::any()
            .add(entity::Column::PersonId.eq(own))
            .add(entity::Column::OrganiserId.is_in(kept)),
    )
}

/// An invitation that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: InvitationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let known = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(known.one(connection).await?)
}

/// The open invitation that a link is for.
pub async fn of_link(
    connection: &impl ConnectionTrait,
    link: LinkId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let open = entity::Entity::find()
        .filter(entity::Column::LinkId.eq(link.uuid()))
        .filter(entity::Column::State.eq(column::text(InvitationState::Open)));
    Ok(open.one(connection).await?)
}

/// The invitations to a session, withdrawn ones included.
pub async fn of_session(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::SessionId.eq(session.uuid()))
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?)
}

/// The sessions to which a person has said no.
pub async fn refused_by(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<HashSet<SessionId>, DatabaseError> {
    let refused = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .filter(entity::Column::Verdict.eq(column::text(InvitationVerdict::No)))
        .all(connection)
        .await?;
    Ok(refused
        .into_iter()
        .map(|row| row.session_id.into())
        .collect())
}

/// How many of those who are invited to a session have said that they come.
pub async fn coming(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<u64, DatabaseError> {
    let coming = entity::Entity::find()
        .filter(entity::Column::SessionId.eq(session.uuid()))
        .filter(entity::Column::State.eq(column::text(InvitationState::Open)))
        .filter(entity::Column::Verdict.eq(column::text(InvitationVerdict::Yes)));
    Ok(coming.count(connection).await?)
}

/// Forgets the invitations of somebody who is erased, answers included.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}
