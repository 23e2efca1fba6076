//! Queries of certificates.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, CertificateId, OrganisationId, PersonId, Role,
    evaluation::certificates::CertificateState,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The certificates that a caller may know: those of the organisers whose programmes the caller
/// coordinates or evaluates, and one's own.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let roles = [Role::Coordinator, Role::Evaluator].into_iter();
    let organisers = roles.flat_map(|role| caller.scope(role));
    let organisers = organisers.map(OrganisationId::uuid);
    let mut seen = Condition::any().add(entity::Column::OrganiserId.is_in(organisers));
    if let Some(person) = caller.person {
        seen = seen.add(entity::Column::PersonId.eq(person.uuid()));
    }
    entity::Entity::find().filter(seen)
}

/// A certificate that a caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: CertificateId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A certificate, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}

/// The certificate of a code; one of somebody who was forgotten is none any more.
pub async fn by_code(
    connection: &impl ConnectionTrait,
    code: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::Code.eq(code))
        .filter(entity::Column::Name.ne(""));
    Ok(found.one(connection).await?)
}

/// A certificate, whoever asks, kept from others until the change ends.
pub async fn lock(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// The valid certificates of some participations: participation and certificate.
pub async fn valid(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<BTreeMap<Uuid, Uuid>, DatabaseError> {
    if participations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = entity::Entity::find()
        .filter(entity::Column::ApplicationId.is_in(participations.iter().copied()))
        .filter(entity::Column::State.eq(column::text(CertificateState::Valid)))
        .select_only()
        .column(entity::Column::ApplicationId)
        .column(entity::Column::Id)
        .into_tuple()
        .all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Places of a status list that are taken.
pub async fn taken(
    connection: &impl ConnectionTrait,
    list: Uuid,
) -> Result<Vec<i32>, DatabaseError> {
    let places = entity::Entity::find()
        .filter(entity::Column::StatusListId.eq(list))
        .select_only()
        .column(entity::Column::StatusIndex)
        .into_tuple();
    Ok(places.all(connection).await?)
}

/// Places of a status list whose certificates do not hold any more, in their order.
pub async fn ended(
    connection: &impl ConnectionTrait,
    list: Uuid,
) -> Result<Vec<i32>, DatabaseError> {
    let ended = entity::Entity::find()
        .filter(entity::Column::StatusListId.eq(list))
        .filter(entity::Column::State.ne(column::text(CertificateState::Valid)))
        .order_by_asc(entity::Column::StatusIndex)
        .select_only()
        .column(entity::Column::StatusIndex)
        .into_tuple();
    Ok(ended.all(connection).await?)
}

/// Every certificate of a person.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let own = entity::Entity::find().filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(own.order_by_asc(entity::Column::Id).all(connection).await?)
}

/// Saves a changed certificate as its next version.
pub async fn save(
    change: &Change,
    mut certificate: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    certificate.version += 1;
    certificate.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), certificate).await
}
