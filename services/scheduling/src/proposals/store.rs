//! Queries of proposals.

use super::entity;
use crate::releases::reader::Reader;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select,
    sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    AgendaProposalId, PersonId, SessionId, scheduling::proposals::AgendaProposalState,
};

/// The proposals for a session that a reader may know: all of them for whoever decides, else the
/// reader's own and those that were accepted.
pub fn scoped(
    reader: &Reader,
    person: Option<PersonId>,
    session: SessionId,
) -> Select<entity::Entity> {
    let of_session = entity::Entity::find().filter(entity::Column::SessionId.eq(session.uuid()));
    if reader.coordinator || reader.leads.contains(&session) {
        return of_session;
    }
    let accepted = column::text(AgendaProposalState::Accepted);
    let mut seen = Condition::any().add(Expr::cust("1 = 0"));
    if reader.participant {
        seen = seen.add(entity::Column::State.eq(accepted));
    }
    if let Some(person) = person {
        seen = seen.add(entity::Column::PersonId.eq(person.uuid()));
    }
    of_session.filter(seen)
}

/// A proposal, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: AgendaProposalId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// Saves a changed proposal as its next version.
pub async fn save(
    change: &Change,
    mut proposal: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    proposal.version += 1;
    row::update::<entity::Entity>(change.tx(), proposal).await
}

/// Forgets everything that a person proposed.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}
