//! Queries and transactions of people.

use super::{claim_entity, entity, identity, model::email_key, role_assignment};
use crate::{applications, mail::Recipient, organisations};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, OnConflict, SelectStatement},
};
use serde_json::{Value, json};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, OrganisationId, PersonId, Problem, Role, RoleGrant,
    registration::{
        codes::{ORGANISATION_UNKNOWN, PERSON_EMAIL_TAKEN, PERSON_UNKNOWN},
        people::NewPerson,
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// Steps from a person to the head of the organisation; more are a circle.
const MOST_LEVELS: usize = 50;

/// The people whom a caller may see: oneself; with HR's role, those of the own organisation;
/// with a coordinator's, those of the organisations within reach, and whoever has applied to one
/// of the organiser's rounds.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers: Vec<Uuid> = scope(caller, Role::Coordinator);
    let mut seen = Condition::any()
        .add(entity::Column::Id.eq(caller.person.map_or(Uuid::nil(), Uuid::from)))
        .add(entity::Column::OrganisationId.is_in(scope(caller, Role::Hr)));
    if !organisers.is_empty() {
        seen = seen
            .add(entity::Column::OrganisationId.in_subquery(within_reach(&organisers)))
            .add(Expr::exists(applications_of_person(&organisers)));
    }
    entity::Entity::find().filter(seen)
}

/// [`scoped`], taken apart into the reasons why a caller may see a person: each is read from an
/// index of its own, in the list's order. Empty for coordinators, who see nearly everybody.
pub fn scopes(caller: &Caller) -> Vec<Select<entity::Entity>> {
    if caller.scope(Role::Coordinator).next().is_some() {
        return Vec::new();
    }
    let own = caller.person.map(|id| entity::Column::Id.eq(id.uuid()));
    let employers = caller.scope(Role::Hr);
    let kept = employers.map(|id| entity::Column::OrganisationId.eq(id.uuid()));
    kept.chain(own)
        .map(|reason| entity::Entity::find().filter(reason))
        .collect()
}

/// The roles of one person that a caller may see: one's own, else those that count in
/// organisations within reach.
pub fn scoped_roles(caller: &Caller, person: PersonId) -> Select<role_assignment::Entity> {
    let all =
        role_assignment::Entity::find().filter(role_assignment::Column::PersonId.eq(person.uuid()));
    if caller.person == Some(person) {
        return all;
    }
    let organisation = role_assignment::Column::OrganisationId;
    let organisers = scope(caller, Role::Coordinator);
    all.filter(
        Condition::any()
            .add(organisation.is_in(scope(caller, Role::Hr)))
            .add(organisation.in_subquery(within_reach(&organisers))),
    )
}

fn scope(caller: &Caller, role: Role) -> Vec<Uuid> {
    caller.scope(role).map(Uuid::from).collect()
}

/// Organisations within organisers' reach: themselves, their partners, and what belongs to one
/// of these directly or as a part of its municipality.
pub fn within_reach(organisers: &[Uuid]) -> SelectStatement {
    use organisations::{entity as organisation, partnership};
    let partners = || {
        partnership::Entity::find()
            .select_only()
            .column(partnership::Column::OrganisationId)
            .filter(partnership::Column::OrganiserId.is_in(organisers.iter().copied()))
            .filter(organisations::store::agreed())
            .into_query()
    };
    let columns = [
        organisation::Column::Id,
        organisation::Column::ParentId,
        organisation::Column::MunicipalityId,
    ];
    let near = columns.into_iter().fold(Condition::any(), |near, column| {
        near.add(column.is_in(organisers.iter().copied()))
            .add(column.in_subquery(partners()))
    });
    organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(near)
        .into_query()
}

/// The applications of the person of the outer query to one of the organisers' rounds; a draft
/// is the applicant's own. Asked person by person, so that a page never reads all of them.
fn applications_of_person(organisers: &[Uuid]) -> SelectStatement {
    use applications::entity::{Column, Entity};
    let outer = Expr::col((entity::Entity, entity::Column::Id));
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::col((Entity, Column::PersonId)).eq(outer))
        .filter(Column::OrganiserId.is_in(organisers.iter().copied()))
        .filter(Column::State.ne("draft"))
        .into_query()
}

/// A person.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// People by id; read in slices, since databases limit the values of one statement.
pub async fn of_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, entity::Model>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let mut people = HashMap::with_capacity(ids.len());
    for slice in ids.chunks(1000) {
        let found = entity::Entity::find()
            .filter(entity::Column::Id.is_in(slice.iter().copied()))
            .all(connection)
            .await?;
        people.extend(found.into_iter().map(|row| (row.id, row)));
    }
    Ok(people)
}

/// Names of people by id.
pub async fn names(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    // "In nothing" would be asked of every row.
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Active, verified people with an e-mail address.
pub async fn verified_by_email(
    connection: &impl ConnectionTrait,
    email: &str,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::EmailKey.eq(email_key(email)))
        .filter(entity::Column::Verified.eq(true))
        .filter(entity::Column::Active.eq(true))
        .all(connection)
        .await?)
}

/// A person as whom mail is for.
pub fn recipient(row: &entity::Model) -> Result<Recipient, DatabaseError> {
    Ok(Recipient {
        person: Some(row.id.into()),
        name: row.name.clone(),
        email: row.email.clone(),
        language: column::parse(&row.language)?,
    })
}

/// Everybody with one of these addresses.
pub async fn of_addresses(
    connection: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = String>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let named = entity::Column::EmailKey.is_in(keys);
    Ok(entity::Entity::find().filter(named).all(connection).await?)
}

/// Whether an address is that of somebody who is here and vouched for.
pub async fn is_somebodys(
    connection: &impl ConnectionTrait,
    email_key: &str,
) -> Result<bool, DatabaseError> {
    let holder = entity::Entity::find()
        .filter(entity::Column::EmailKey.eq(email_key))
        .filter(entity::Column::Verified.eq(true))
        .filter(entity::Column::Active.eq(true));
    Ok(holder.one(connection).await?.is_some())
}

/// Adds a person by the wire form; `verified` says whether somebody who may has confirmed who
/// it is. An unverified person still has to be announced.
pub async fn insert(
    change: &mut Change,
    body: NewPerson,
    verified: bool,
) -> Result<entity::Model, Problem> {
    organisations::store::find(change.tx(), body.organisation_id)
        .await?
        .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    check_place(change, &body).await?;
    let row = row(change, body, verified);
    let row = row::insert::<entity::Entity>(change.tx(), row)
        .await
        .map_err(email_taken)?;
    change.record("person", row.id, "person.created", None);
    // Whoever only wrote an address into a form is nobody to other services yet.
    if verified {
        announce(change, &row).await?;
    }
    Ok(row)
}

/// The row of a new person.
pub fn row(change: &Change, body: NewPerson, verified: bool) -> entity::Model {
    entity::Model {
        id: PersonId::new().uuid(),
        email_key: email_key(&body.email),
        name: body.name,
        email: body.email,
        phone: body.phone,
        title: body.title,
        organisation_id: body.organisation_id.uuid(),
        department_id: body.department_id.map(Uuid::from),
        manager_id: body.manager_id.map(Uuid::from),
        kind: column::text(body.kind),
        gender: column::text(body.gender),
        language: column::text(body.language),
        active: true,
        verified,
        created_at: change.actor.at,
        version: 1,
    }
}

/// Adds many people, each with the municipality that they count to.
pub async fn insert_all(
    change: &mut Change,
    people: Vec<(entity::Model, Option<Uuid>)>,
) -> Result<(), Problem> {
    let rows = people.iter().map(|(row, _)| row.clone());
    row::insert_all::<entity::Entity>(change.tx(), rows)
        .await
        .map_err(email_taken)?;
    for (row, municipality) in people {
        change.record("person", row.id, "person.created", None);
        change.publish("person.created", row.id, fact(&row, municipality));
    }
    Ok(())
}

/// Tells other services of a new person: at once where somebody has said who it is, else when
/// the person has confirmed the address.
pub async fn announce(change: &mut Change, row: &entity::Model) -> Result<(), Problem> {
    publish(change, "person.created", row, &[]).await
}

/// Saves a changed person as a new version, with its history and event.
pub async fn update(
    change: &mut Change,
    mut row: entity::Model,
    edge: &str,
) -> Result<entity::Model, Problem> {
    let before = find(change.tx(), row.id.into()).await?;
    row.version += 1;
    let row = row::update::<entity::Entity>(change.tx(), row)
        .await
        .map_err(email_taken)?;
    change.record("person", row.id, edge, None);
    let changed = before.map(|before| changed(&before, &row));
    publish(change, "person.changed", &row, &changed.unwrap_or_default()).await?;
    Ok(row)
}

/// Names of the members in which two versions of a person differ.
fn changed(before: &entity::Model, after: &entity::Model) -> Vec<&'static str> {
    let members = [
        ("name", before.name != after.name),
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("title", before.title != after.title),
        (
            "organisationId",
            before.organisation_id != after.organisation_id,
        ),
        ("departmentId", before.department_id != after.department_id),
        ("managerId", before.manager_id != after.manager_id),
        ("kind", before.kind != after.kind),
        ("gender", before.gender != after.gender),
        ("language", before.language != after.language),
        ("active", before.active != after.active),
        ("verified", before.verified != after.verified),
    ];
    let differs = members.into_iter().filter(|(_, differs)| *differs);
    differs.map(|(name, _)| name).collect()
}

/// The department is one of the organisation's, and the manager is known.
pub async fn check_place(change: &Change, body: &NewPerson) -> Result<(), Problem> {
    if let Some(department) = body.department_id {
        let id = organisations::department::Column::Id.eq(department.uuid());
        let found = organisations::store::departments(body.organisation_id)
            .filter(id)
            .one(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        if found.is_none() {
            let words = "The organisation has no such department.";
            return Err(Problem::invalid("/departmentId", "unknown_value", words));
        }
    }
    if let Some(manager) = body.manager_id
        && find(change.tx(), manager).await?.is_none()
    {
        return Err(Problem::of(&PERSON_UNKNOWN));
    }
    Ok(())
}

fn email_taken(error: DatabaseError) -> Problem {
    if error.violates("people", "email_key") {
        Problem::of(&PERSON_EMAIL_TAKEN)
    } else {
        error.into()
    }
}

async fn publish(
    change: &mut Change,
    kind: &str,
    row: &entity::Model,
    changed: &[&str],
) -> Result<(), Problem> {
    let organisation = organisations::store::find(change.tx(), row.organisation_id.into()).await?;
    let municipality = organisation.and_then(|organisation| organisation.municipality_id);
    let mut fact = fact(row, municipality);
    if let Some(members) = fact.as_object_mut().filter(|_| !changed.is_empty()) {
        members.insert("changedMembers".to_owned(), json!(changed));
    }
    change.publish(kind, row.id, fact);
    Ok(())
}

/// What other services need of a person ([`shared_types::facts::PersonFact`]): no address and
/// no telephone. The feed leaves the gender out.
fn fact(row: &entity::Model, municipality: Option<Uuid>) -> Value {
    json!({
        "personId": row.id, "organisationId": row.organisation_id, "municipalityId": municipality,
        "departmentId": row.department_id, "managerId": row.manager_id, "kind": row.kind,
        "name": row.name, "language": row.language, "active": row.active, "gender": row.gender,
        "version": row.version,
    })
}

/// The roles that were given to a person.
pub async fn grants(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<RoleGrant>, DatabaseError> {
    let rows = role_assignment::Entity::find()
        .filter(role_assignment::Column::PersonId.eq(person.uuid()))
        .all(connection)
        .await?;
    let grant = |row: role_assignment::Model| {
        Ok(RoleGrant {
            role: column::parse(&row.role)?,
            organisation_id: row.organisation_id.map(OrganisationId::from),
        })
    };
    rows.into_iter().map(grant).collect()
}

/// Gives a role; doing it twice leaves one.
pub async fn grant(
    connection: &impl ConnectionTrait,
    row: role_assignment::Model,
) -> Result<role_assignment::Model, DatabaseError> {
    use role_assignment::Column;
    let (person, role, organisation) = (row.person_id, row.role.clone(), row.organisation_id);
    let columns = [Column::PersonId, Column::Role, Column::OrganisationId];
    role_assignment::Entity::insert(row.clone().into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    let given = role_assignment::Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::Role.eq(role))
        .filter(Column::OrganisationId.eq(organisation))
        .one(connection)
        .await?;
    Ok(given.unwrap_or(row))
}

/// Takes everything from a person that the person could call with or was given.
pub async fn forget_rights(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(), DatabaseError> {
    identity::Entity::delete_many()
        .filter(identity::Column::PersonId.eq(person.uuid()))
        .exec(connection)
        .await?;
    claim_entity::Entity::delete_many()
        .filter(claim_entity::Column::PersonId.eq(person.uuid()))
        .exec(connection)
        .await?;
    role_assignment::Entity::delete_many()
        .filter(role_assignment::Column::PersonId.eq(person.uuid()))
        .exec(connection)
        .await?;
    // Whose manager it was has none until somebody names another.
    entity::Entity::update_many()
        .col_expr(entity::Column::ManagerId, Expr::value(None::<Uuid>))
        .filter(entity::Column::ManagerId.eq(person.uuid()))
        .exec(connection)
        .await?;
    Ok(())
}

/// Remembers how an issuer names a person; whoever is named already stays.
pub async fn link(
    connection: &impl ConnectionTrait,
    row: identity::Model,
) -> Result<(), DatabaseError> {
    let columns = [identity::Column::Issuer, identity::Column::Subject];
    identity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// The person whom an issuer names.
pub async fn identified(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<PersonId>, DatabaseError> {
    let key = (issuer.to_owned(), subject.to_owned());
    let found = identity::Entity::find_by_id(key).one(connection).await?;
    Ok(found.map(|row| row.person_id.into()))
}

/// A person under its lock, for a change.
pub async fn lock(
    connection: &impl ConnectionTrait,
    id: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid()).lock_exclusive();
    Ok(select.one(connection).await?)
}

/// Locks people in the order of their ids, so that two who lock the same never wait for each
/// other.
pub async fn lock_all(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(());
    }
    entity::Entity::find()
        .filter(entity::Column::Id.is_in(ids))
        .order_by_asc(entity::Column::Id)
        .lock_exclusive()
        .all(connection)
        .await?;
    Ok(())
}

/// Whether a person is another one, or has that one above them.
pub async fn is_below(
    connection: &impl ConnectionTrait,
    person: Uuid,
    above: Uuid,
) -> Result<bool, DatabaseError> {
    let mut next = Some(person);
    for _ in 0..MOST_LEVELS {
        let Some(id) = next else {
            return Ok(false);
        };
        if id == above {
            return Ok(true);
        }
        let found = find(connection, id.into()).await?;
        next = found.and_then(|found| found.manager_id);
    }
    Ok(true)
}

/// Whether a person holds a role or an office.
pub async fn holds_anything(
    connection: &impl ConnectionTrait,
    id: PersonId,
) -> Result<bool, DatabaseError> {
    let role = role_assignment::Entity::find()
        .filter(role_assignment::Column::PersonId.eq(id.uuid()))
        .one(connection)
        .await?;
    let office = crate::offices::entity::Entity::find()
        .filter(crate::offices::entity::Column::HolderId.eq(id.uuid()))
        .one(connection)
        .await?;
    Ok(role.is_some() || office.is_some())
}

/// Whether an issuer already names a person.
pub async fn is_named_by(
    connection: &impl ConnectionTrait,
    issuer: &str,
    id: PersonId,
) -> Result<bool, DatabaseError> {
    let named = identity::Entity::find()
        .filter(identity::Column::Issuer.eq(issuer))
        .filter(identity::Column::PersonId.eq(id.uuid()));
    Ok(named.one(connection).await?.is_some())
}

/// Whether the organisation has another verified person of the same address.
pub async fn has_verified_twin(
    connection: &impl ConnectionTrait,
    person: &entity::Model,
) -> Result<bool, DatabaseError> {
    let twin = entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(person.organisation_id))
        .filter(entity::Column::EmailKey.eq(person.email_key.as_str()))
        .filter(entity::Column::Verified.eq(true))
        .filter(entity::Column::Id.ne(person.id));
    Ok(twin.one(connection).await?.is_some())
}
