//! Queries of users, each beginning with the key's organisation.

use super::{desk::Desk, document::Known, entity};
use crate::{
    organisations::{self, department},
    people::{self, entity as person, role_assignment},
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter as _,
    QuerySelect as _, QueryTrait as _, RelationDef, Select,
    sea_query::{Expr, ExprTrait as _},
};
use shared_database::{DatabaseError, column};
use shared_types::{
    OrganisationId, PersonId, Role,
    caller::{Provisioned, ProvisionedBy},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Values of one statement.
const SLICE: usize = 500;

/// A person with what SCIM says of them.
pub type User = (person::Model, Option<entity::Model>);

/// The users of an organisation: its people whom somebody has vouched for, without those who were
/// deleted.
pub fn scoped(organisation: OrganisationId) -> Select<person::Entity> {
    let beside: RelationDef = person::Entity::belongs_to(entity::Entity)
        .from(person::Column::Id)
        .to(entity::Column::PersonId)
        .into();
    person::Entity::find()
        .join(JoinType::LeftJoin, beside)
        .filter(person::Column::OrganisationId.eq(organisation.uuid()))
        .filter(person::Column::Verified.eq(true))
        .filter(Expr::col((entity::Entity, entity::Column::DeletedAt)).is_null())
}

/// A user.
pub async fn find(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Option<User>, DatabaseError> {
    let found = scoped(organisation)
        .filter(person::Column::Id.eq(id))
        .one(connection)
        .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let row = row(connection, found.id).await?;
    Ok(Some((found, row)))
}

/// A user whom this transaction changes: others wait until it is done.
pub async fn lock(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: Uuid,
) -> Result<Option<User>, DatabaseError> {
    if find(connection, organisation, id).await?.is_none() {
        return Ok(None);
    }
    people::store::lock(connection, id.into()).await?;
    // Read again: who held the lock before may have deleted the user.
    find(connection, organisation, id).await
}

/// What SCIM says of a person.
pub async fn row(
    connection: &impl ConnectionTrait,
    person: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(person).one(connection).await?;
    Ok(found)
}

/// What SCIM says of some people.
pub async fn rows(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<HashMap<Uuid, entity::Model>, DatabaseError> {
    let mut rows = HashMap::with_capacity(people.len());
    for slice in people.chunks(SLICE) {
        let found = entity::Entity::find()
            .filter(entity::Column::PersonId.is_in(slice.iter().copied()))
            .all(connection)
            .await?;
        rows.extend(found.into_iter().map(|row| (row.person_id, row)));
    }
    Ok(rows)
}

/// Those who have a `userName`: whom a client gave it, or whose address it is while no client
/// has told of them.
pub async fn with_user_name(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    user_name: &str,
) -> Result<Vec<Uuid>, DatabaseError> {
    let key = people::model::email_key(user_name);
    let told = entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(organisation.uuid()))
        .filter(entity::Column::UserNameKey.eq(key.as_str()))
        .all(connection)
        .await?;
    let untold = scoped(organisation)
        .filter(person::Column::EmailKey.eq(key))
        .filter(Expr::col((entity::Entity, entity::Column::PersonId)).is_null())
        .all(connection)
        .await?;
    let told = told.into_iter().map(|row| row.person_id);
    Ok(told.chain(untold.into_iter().map(|row| row.id)).collect())
}

/// Who has an `externalId`.
pub async fn with_external_id(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    external_id: &str,
) -> Result<Option<Uuid>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(organisation.uuid()))
        .filter(entity::Column::ExternalId.eq(external_id))
        .one(connection)
        .await?;
    Ok(found.map(|row| row.person_id))
}

/// Those who wait for a manager who is named by one of these.
pub async fn waiting_for(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    names: Vec<String>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(organisation.uuid()))
        .filter(entity::Column::ManagerRef.is_in(names))
        .filter(entity::Column::DeletedAt.is_null())
        .all(connection)
        .await?)
}

/// Unverified people of an address of whom no client has ever told: who applied without an
/// account.
pub async fn unverified(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    email: &str,
) -> Result<Vec<person::Model>, DatabaseError> {
    let told = entity::Entity::find()
        .select_only()
        .column(entity::Column::PersonId)
        .filter(entity::Column::OrganisationId.eq(organisation.uuid()))
        .into_query();
    let of_address = Condition::all()
        .add(person::Column::OrganisationId.eq(organisation.uuid()))
        .add(person::Column::EmailKey.eq(people::model::email_key(email)))
        .add(person::Column::Verified.eq(false))
        .add(person::Column::Active.eq(true))
        .add(person::Column::Id.not_in_subquery(told));
    Ok(person::Entity::find()
        .filter(of_address)
        .all(connection)
        .await?)
}

/// What some users refer to.
pub async fn known(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    users: &[person::Model],
) -> Result<Known, DatabaseError> {
    let mut known = Known::default();
    let distinct = |ids: Vec<Uuid>| {
        let mut ids = ids;
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let departments = distinct(users.iter().filter_map(|user| user.department_id).collect());
    for slice in departments.chunks(SLICE) {
        let found = department::Entity::find()
            .filter(department::Column::Id.is_in(slice.iter().copied()))
            .all(connection)
            .await?;
        known
            .departments
            .extend(found.into_iter().map(|row| (row.id, row.name)));
    }
    let managers = distinct(users.iter().filter_map(|user| user.manager_id).collect());
    for slice in managers.chunks(SLICE) {
        // A manager of another organisation is not this key's to know.
        let found: Vec<Uuid> = scoped(desk.organisation)
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::Id.is_in(slice.iter().copied()))
            .into_tuple()
            .all(connection)
            .await?;
        known.managers.extend(found);
    }
    let ids: Vec<Uuid> = users.iter().map(|user| user.id).collect();
    let roles: Vec<String> = roles(desk).into_iter().map(column::text).collect();
    for slice in ids.chunks(SLICE) {
        let found = role_assignment::Entity::find()
            .filter(role_assignment::Column::OrganisationId.eq(desk.organisation.uuid()))
            .filter(role_assignment::Column::Role.is_in(roles.iter().cloned()))
            .filter(role_assignment::Column::PersonId.is_in(slice.iter().copied()))
            .all(connection)
            .await?;
        for row in found {
            known.roles.entry(row.person_id).or_default().push(row.role);
        }
    }
    known.roles.values_mut().for_each(|roles| roles.sort());
    Ok(known)
}

/// The roles that a key's holder could give by hand: HR names HR, coordinators name all that can
/// be given. Nobody gives the operator's, or a role in another organisation.
pub fn roles(desk: &Desk) -> Vec<Role> {
    if desk.context.caller.coordinates(desk.organisation) {
        vec![
            Role::Auditor,
            Role::Coordinator,
            Role::Evaluator,
            Role::Facilitator,
            Role::Hr,
            Role::Registrar,
        ]
    } else {
        vec![Role::Hr]
    }
}

/// The active user whom an employer has provisioned so; the employer is named by its official
/// code or its id.
pub async fn provisioned(
    connection: &impl ConnectionTrait,
    said: &Provisioned,
) -> Result<Option<PersonId>, DatabaseError> {
    let organisation = match said.organisation.parse::<OrganisationId>() {
        Ok(id) => Some(id),
        Err(_) => organisations::entity::Entity::find()
            .filter(organisations::entity::Column::OfficialCode.eq(said.organisation.as_str()))
            .one(connection)
            .await?
            .map(|row| row.id.into()),
    };
    let Some(organisation) = organisation else {
        return Ok(None);
    };
    let id = match said.by {
        ProvisionedBy::ExternalId => {
            with_external_id(connection, organisation, &said.value).await?
        }
        // Only whom a client has told of: an address alone is no provisioned name.
        ProvisionedBy::UserName => entity::Entity::find()
            .filter(entity::Column::OrganisationId.eq(organisation.uuid()))
            .filter(entity::Column::UserNameKey.eq(people::model::email_key(&said.value)))
            .one(connection)
            .await?
            .map(|row| row.person_id),
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let found = find(connection, organisation, id).await?;
    Ok(found
        .filter(|(person, _)| person.active)
        .map(|(person, _)| person.id.into()))
}

/// The person of an id that may be anything.
pub fn person_id(text: &str) -> Option<PersonId> {
    text.parse().ok()
}
