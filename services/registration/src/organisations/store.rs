//! Queries and transactions of organisations.

use super::{department, entity, partnership};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _, Select, sea_query::OnConflict,
};
use shared_database::DatabaseError;
use shared_types::{Caller, OrganisationId, Role};
use std::collections::HashMap;
use uuid::Uuid;

/// Organisations form a shallow tree; deeper ones are a mistake.
const MOST_LEVELS: usize = 10;

/// The organisations that a caller may know: everybody who is known may know all of them,
/// since an application names one.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let all = entity::Entity::find();
    if caller.is_anonymous() {
        all.filter(entity::Column::Id.is_null())
    } else {
        all
    }
}

/// An organisation.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: OrganisationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// An organisation under its lock, for a change.
pub async fn lock(
    connection: &impl ConnectionTrait,
    id: OrganisationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid()).lock_exclusive();
    Ok(select.one(connection).await?)
}

/// Names of organisations by id.
pub async fn names(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The organisation and its ancestors, the nearest first.
pub async fn lineage(
    connection: &impl ConnectionTrait,
    id: OrganisationId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let mut lineage: Vec<entity::Model> = Vec::new();
    let mut next = Some(id);
    while let Some(id) = next {
        let Some(row) = find(connection, id).await? else {
            break;
        };
        next = row.parent_id.map(OrganisationId::from);
        lineage.push(row);
        if lineage.len() > MOST_LEVELS {
            break;
        }
    }
    Ok(lineage)
}

/// Whether an organisation, or what it belongs to, is the organiser or a partner of it.
pub async fn is_partner(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    organisation: OrganisationId,
) -> Result<bool, DatabaseError> {
    let lineage: Vec<Uuid> = lineage(connection, organisation)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    if lineage.contains(&organiser.uuid()) {
        return Ok(true);
    }
    let found = partnership::Entity::find()
        .filter(partnership::Column::OrganiserId.eq(organiser.uuid()))
        .filter(partnership::Column::OrganisationId.is_in(lineage))
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// Makes an organisation a partner; doing it twice changes nothing.
pub async fn add_partner(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    organisation: OrganisationId,
) -> Result<(), DatabaseError> {
    let row = partnership::Model {
        id: Uuid::now_v7(),
        organiser_id: organiser.uuid(),
        organisation_id: organisation.uuid(),
    };
    let columns = [
        partnership::Column::OrganiserId,
        partnership::Column::OrganisationId,
    ];
    partnership::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Ends a partnership; says whether there was one.
pub async fn remove_partner(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    organisation: OrganisationId,
) -> Result<bool, DatabaseError> {
    let gone = partnership::Entity::delete_many()
        .filter(partnership::Column::OrganiserId.eq(organiser.uuid()))
        .filter(partnership::Column::OrganisationId.eq(organisation.uuid()))
        .exec(connection)
        .await?;
    Ok(gone.rows_affected > 0)
}

/// The partners of an organiser.
pub fn partners(organiser: OrganisationId) -> Select<partnership::Entity> {
    partnership::Entity::find().filter(partnership::Column::OrganiserId.eq(organiser.uuid()))
}

/// The departments of an organisation.
pub fn departments(organisation: OrganisationId) -> Select<department::Entity> {
    department::Entity::find().filter(department::Column::OrganisationId.eq(organisation.uuid()))
}

/// Whether a caller may keep the organisation's data: any coordinator, or the organisation's HR.
pub fn may_keep(caller: &Caller, organisation: OrganisationId) -> bool {
    caller.scope(Role::Coordinator).next().is_some() || caller.has(Role::Hr, organisation)
}
