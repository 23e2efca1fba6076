//! Queries and transactions of organisations.

use super::{department, entity, partnership};
use crate::{
    api_keys::entity as api_key,
    people::{self, role_assignment},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value, json};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{Caller, DepartmentId, OrganisationId, Role};
use std::collections::{HashMap, HashSet};
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

/// The municipalities that organisations count to, by organisation; whoever counts to none is
/// not there. Nothing is asked for nobody.
pub async fn municipalities(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Uuid>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.id, row.municipality_id?)))
        .collect())
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
        .filter(agreed())
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// What the two sides of a partnership say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The organiser wants it.
    pub organiser: bool,
    /// The partner wants it.
    pub partner: bool,
}

impl Consent {
    /// Both want it.
    pub const BOTH: Self = Self {
        organiser: true,
        partner: true,
    };
}

/// Adds what is said to a partnership, and says whether it counts from now on; saying it twice
/// changes nothing.
pub async fn add_partner(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    organisation: OrganisationId,
    consent: Consent,
) -> Result<partnership::Model, DatabaseError> {
    use partnership::{Column, Entity};
    let row = partnership::Model {
        id: Uuid::now_v7(),
        organiser_id: organiser.uuid(),
        organisation_id: organisation.uuid(),
        organiser_agreed: consent.organiser,
        partner_agreed: consent.partner,
    };
    let columns = [Column::OrganiserId, Column::OrganisationId];
    Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    let of_both = || {
        Condition::all()
            .add(Column::OrganiserId.eq(organiser.uuid()))
            .add(Column::OrganisationId.eq(organisation.uuid()))
    };
    for (column, agreed) in [
        (Column::OrganiserAgreed, consent.organiser),
        (Column::PartnerAgreed, consent.partner),
    ] {
        if agreed {
            Entity::update_many()
                .col_expr(column, Expr::value(true))
                .filter(of_both())
                .exec(connection)
                .await?;
        }
    }
    let saved = Entity::find().filter(of_both()).one(connection).await?;
    Ok(saved.unwrap_or(row))
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
    partnership::Entity::find()
        .filter(partnership::Column::OrganiserId.eq(organiser.uuid()))
        .filter(agreed())
}

/// The partners of an organiser, and the partnerships to which one side has not agreed yet, as
/// far as the caller may know them: those for whose organiser or partner the caller speaks.
pub fn partnerships(caller: &Caller, organiser: OrganisationId) -> Select<partnership::Entity> {
    use partnership::{Column, Entity};
    let all = Entity::find().filter(Column::OrganiserId.eq(organiser.uuid()));
    if caller.coordinates(organiser) {
        return all;
    }
    let scope = |role| caller.scope(role).map(Uuid::from).collect::<Vec<_>>();
    let entrusted = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::KeeperId.is_in(scope(Role::Coordinator)))
        .into_query();
    let spoken_for = Condition::any()
        .add(agreed())
        .add(Column::OrganisationId.is_in(scope(Role::Hr)))
        .add(Column::OrganisationId.is_in(scope(Role::Coordinator)))
        .add(Column::OrganisationId.in_subquery(entrusted));
    all.filter(spoken_for)
}

/// A partnership counts once both sides have agreed.
pub fn agreed() -> Condition {
    Condition::all()
        .add(partnership::Column::OrganiserAgreed.eq(true))
        .add(partnership::Column::PartnerAgreed.eq(true))
}

/// The departments of an organisation.
pub fn departments(organisation: OrganisationId) -> Select<department::Entity> {
    department::Entity::find().filter(department::Column::OrganisationId.eq(organisation.uuid()))
}

/// Adds a department; the name is the organisation's only one of it.
pub async fn insert_department(
    change: &mut Change,
    organisation: OrganisationId,
    name: String,
) -> Result<department::Model, DatabaseError> {
    let row = department::Model {
        id: DepartmentId::new().uuid(),
        organisation_id: organisation.uuid(),
        name,
    };
    let row = row::insert::<department::Entity>(change.tx(), row).await?;
    let edge = "organisation.department_added";
    change.record("organisation", organisation, edge, None);
    // By hand a department never changes; only provisioning gives it another name.
    change.publish("department.created", row.id, department_fact(&row, 1));
    Ok(row)
}

/// The department of a name; it is added where there is none.
pub async fn department_named(
    change: &mut Change,
    organisation: OrganisationId,
    name: &str,
) -> Result<department::Model, DatabaseError> {
    let found = departments(organisation)
        .filter(department::Column::Name.eq(name))
        .one(change.tx())
        .await?;
    match found {
        Some(found) => Ok(found),
        None => insert_department(change, organisation, name.to_owned()).await,
    }
}

/// Gives a department another name, and tells it as a version.
pub async fn rename_department(
    change: &mut Change,
    row: department::Model,
    version: i32,
) -> Result<department::Model, DatabaseError> {
    let row = row::update::<department::Entity>(change.tx(), row).await?;
    let edge = "organisation.department_renamed";
    change.record("organisation", row.organisation_id, edge, None);
    change.publish("department.changed", row.id, department_fact(&row, version));
    Ok(row)
}

/// Takes a department away that nobody belongs to any more.
pub async fn delete_department(
    change: &mut Change,
    row: department::Model,
) -> Result<(), DatabaseError> {
    department::Entity::delete_by_id(row.id)
        .exec(change.tx())
        .await?;
    let edge = "organisation.department_deleted";
    change.record("organisation", row.organisation_id, edge, None);
    let ids = json!({ "departmentId": row.id, "organisationId": row.organisation_id });
    change.publish("department.deleted", row.id, ids);
    Ok(())
}

fn department_fact(row: &department::Model, version: i32) -> Value {
    json!({
        "departmentId": row.id, "organisationId": row.organisation_id, "name": row.name,
        "version": version,
    })
}

/// Whether a caller keeps an organisation's data; see [`kept`].
pub async fn may_keep(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    organisation: OrganisationId,
    now: DateTime<Utc>,
) -> Result<bool, DatabaseError> {
    let kept = kept(connection, caller, [organisation.uuid()], now).await?;
    Ok(!kept.is_empty())
}

/// The organisations whose data a caller may keep ([`kept`] decides): the own ones, and those that
/// the caller's organisers have added.
pub async fn near(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Vec<Uuid>, DatabaseError> {
    let organisers: Vec<Uuid> = caller.scope(Role::Coordinator).map(Uuid::from).collect();
    let own = caller.scope(Role::Hr).map(Uuid::from);
    if organisers.is_empty() {
        return Ok(own.collect());
    }
    let added = entity::Entity::find()
        .filter(entity::Column::KeeperId.is_in(organisers.iter().copied()))
        .all(connection)
        .await?;
    Ok(own
        .chain(organisers)
        .chain(added.into_iter().map(|row| row.id))
        .collect())
}

/// Those of some organisations whose data a caller keeps: its own HR and coordinators do; and
/// where it has none, the coordinators of the organiser that added it.
pub async fn kept(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    organisations: impl IntoIterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, DatabaseError> {
    let own = |id: &Uuid| {
        let id = OrganisationId::from(*id);
        caller.coordinates(id) || caller.has(Role::Hr, id)
    };
    let (mut kept, others): (HashSet<Uuid>, HashSet<Uuid>) =
        organisations.into_iter().partition(own);
    let organisers: Vec<Uuid> = caller.scope(Role::Coordinator).map(Uuid::from).collect();
    if organisers.is_empty() || others.is_empty() {
        return Ok(kept);
    }
    let entrusted = entity::Entity::find()
        .filter(entity::Column::Id.is_in(others))
        .filter(entity::Column::KeeperId.is_in(organisers))
        .all(connection)
        .await?;
    let entrusted: Vec<Uuid> = entrusted.into_iter().map(|row| row.id).collect();
    let independent = keeping_themselves(connection, &entrusted, now).await?;
    kept.extend(entrusted.into_iter().filter(|id| !independent.contains(id)));
    Ok(kept)
}

/// Those of some organisations that have HR or coordinators of their own: active people, or
/// systems whose key works.
async fn keeping_themselves(
    connection: &impl ConnectionTrait,
    organisations: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, DatabaseError> {
    if organisations.is_empty() {
        return Ok(HashSet::new());
    }
    let keepers = [Role::Hr, Role::Coordinator].map(column::text);
    let given = role_assignment::Entity::find()
        .filter(role_assignment::Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(role_assignment::Column::Role.is_in(keepers.clone()))
        .all(connection)
        .await?;
    let mut active = HashSet::new();
    if !given.is_empty() {
        let people = people::entity::Entity::find()
            .filter(people::entity::Column::Id.is_in(given.iter().map(|row| row.person_id)))
            .filter(people::entity::Column::Active.eq(true))
            .all(connection)
            .await?;
        active.extend(people.into_iter().map(|row| row.id));
    }
    let keys = api_key::Entity::find()
        .filter(api_key::Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(api_key::Column::Role.is_in(keepers))
        .filter(api_key::Column::RevokedAt.is_null())
        .filter(
            Condition::any()
                .add(api_key::Column::ExpiresAt.is_null())
                .add(api_key::Column::ExpiresAt.gt(now)),
        )
        .all(connection)
        .await?;
    let people = given
        .into_iter()
        .filter(|row| active.contains(&row.person_id));
    let people = people.filter_map(|row| row.organisation_id);
    let systems = keys.into_iter().filter_map(|row| row.organisation_id);
    Ok(people.chain(systems).collect())
}
