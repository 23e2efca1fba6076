//! Groups: departments, and the roles that the key's holder could give by hand.

use super::{
    departments,
    desk::Desk,
    document,
    patch::{self, Document},
    refusal::{mutability, not_found},
    schema::GROUPS,
    store,
};
use crate::people::{self, role_assignment, roles};
use chrono::DateTime;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::Value;
use shared_database::{Change, DatabaseError, column};
use shared_types::{PersonId, Problem, Role};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How the ids of roles begin.
const ROLE: &str = "role-";

/// What an id means.
enum Named {
    Department(Uuid),
    Role(Role),
}

/// A group of this key's, by its id.
fn named(desk: &Desk, id: &str) -> Result<Named, Problem> {
    if let Some(word) = id.strip_prefix(ROLE) {
        let role: Role = column::parse(word).map_err(|_| not_found())?;
        return if store::roles(desk).contains(&role) {
            Ok(Named::Role(role))
        } else {
            Err(not_found())
        };
    }
    let id = departments::department_id(id).ok_or_else(not_found)?;
    Ok(Named::Department(id))
}

/// A group.
pub async fn find(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    id: &str,
    with_members: bool,
) -> Result<Value, Problem> {
    match named(desk, id)? {
        Named::Department(id) => {
            let group = departments::find(connection, desk, id).await?;
            let group = group.ok_or_else(not_found)?;
            let mut members = if with_members {
                departments::members(connection, desk, Some(id)).await?
            } else {
                HashMap::new()
            };
            let members = members.remove(&id).unwrap_or_default();
            Ok(departments::finished(desk, &group, &members))
        }
        Named::Role(role) => {
            let holders = holders(connection, desk, role).await?;
            Ok(role_finished(desk, role, &holders))
        }
    }
}

/// All groups of a key: the roles first, then the departments by id.
pub async fn all(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    with_members: bool,
) -> Result<Vec<Value>, Problem> {
    let mut all = Vec::new();
    for role in store::roles(desk) {
        let holders = holders(connection, desk, role).await?;
        all.push(role_finished(desk, role, &holders));
    }
    let members = if with_members {
        departments::members(connection, desk, None).await?
    } else {
        HashMap::new()
    };
    for group in departments::list(connection, desk).await? {
        let members = members.get(&group.0.id).map(Vec::as_slice);
        all.push(departments::finished(
            desk,
            &group,
            members.unwrap_or_default(),
        ));
    }
    Ok(all)
}

/// Adds a department.
pub async fn create(change: &mut Change, desk: &Desk, body: &Value) -> Result<Value, Problem> {
    let group = departments::create(change, desk, body).await?;
    find(change.tx(), desk, &group.0.id.to_string(), true).await
}

/// Changes a group's document.
pub async fn modify(
    change: &mut Change,
    desk: &Desk,
    id: &str,
    edit: impl FnOnce(Document) -> Result<Document, Problem>,
) -> Result<Value, Problem> {
    match named(desk, id)? {
        Named::Department(department) => {
            let group = departments::find(change.tx(), desk, department).await?;
            let group = group.ok_or_else(not_found)?;
            let mut members = departments::members(change.tx(), desk, Some(department)).await?;
            let members = members.remove(&department).unwrap_or_default();
            let document = departments::document(desk, &group, &members);
            desk.check(&document)?;
            let said = departments::read(&edit(document)?)?;
            departments::write(change, desk, group, said).await?;
        }
        Named::Role(role) => {
            let holders = holders(change.tx(), desk, role).await?;
            let document = role_document(desk, role, &ids(&holders));
            desk.check(&document)?;
            let said = departments::read(&edit(document)?)?;
            if said.name != role_name(role) || said.external_id.is_some() {
                return Err(document::refuse_renaming(&role_name(role)));
            }
            give(change, desk, role, &holders, &said.members).await?;
        }
    }
    find(change.tx(), desk, id, true).await
}

/// Replaces a group's document; what can't change may be left out.
pub async fn replace(
    change: &mut Change,
    desk: &Desk,
    id: &str,
    body: &Value,
) -> Result<Value, Problem> {
    let new = patch::whole(&GROUPS, body)?;
    modify(change, desk, id, |_| Ok(new)).await
}

/// Deletes a department.
pub async fn remove(change: &mut Change, desk: &Desk, id: &str) -> Result<(), Problem> {
    match named(desk, id)? {
        Named::Department(id) => {
            let group = departments::find(change.tx(), desk, id).await?;
            let group = group.ok_or_else(not_found)?;
            let mut members = departments::members(change.tx(), desk, Some(id)).await?;
            let members = members.remove(&id).unwrap_or_default();
            desk.check(&departments::document(desk, &group, &members))?;
            departments::remove(change, desk, group).await
        }
        Named::Role(_) => Err(mutability("A role can't be deleted.")),
    }
}

/// The assignments of a role in the key's organisation, of its users alone.
async fn holders(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    role: Role,
) -> Result<Vec<role_assignment::Model>, Problem> {
    let given = role_assignment::Entity::find()
        .filter(role_assignment::Column::OrganisationId.eq(desk.organisation.uuid()))
        .filter(role_assignment::Column::Role.eq(column::text(role)))
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    if given.is_empty() {
        return Ok(given);
    }
    let own = store::scoped(desk.organisation)
        .filter(people::entity::Column::Id.is_in(given.iter().map(|row| row.person_id)))
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let own: HashSet<Uuid> = own.into_iter().map(|row| row.id).collect();
    let mut given = given;
    given.retain(|row| own.contains(&row.person_id));
    given.sort_by_key(|row| row.person_id);
    Ok(given)
}

fn ids(holders: &[role_assignment::Model]) -> Vec<Uuid> {
    holders.iter().map(|row| row.person_id).collect()
}

fn role_name(role: Role) -> String {
    format!("{}{}", departments::ROLE, column::text(role))
}

fn role_document(desk: &Desk, role: Role, holders: &[Uuid]) -> Document {
    let id = format!("{ROLE}{}", column::text(role));
    departments::group(desk, &id, &role_name(role), None, holders)
}

fn role_finished(desk: &Desk, role: Role, holders: &[role_assignment::Model]) -> Value {
    let document = role_document(desk, role, &ids(holders));
    let location = desk.address(GROUPS.endpoint, format!("{ROLE}{}", column::text(role)));
    // A role was there before everybody who has it.
    let always = DateTime::UNIX_EPOCH;
    document::finish(document, GROUPS.name, &location, always, always)
}

/// Lets exactly these people have a role, as whoever holds the key could by hand.
async fn give(
    change: &mut Change,
    desk: &Desk,
    role: Role,
    holders: &[role_assignment::Model],
    wanted: &HashSet<Uuid>,
) -> Result<(), Problem> {
    people::model::judge_role(role)?;
    let (context, organisation) = (&desk.context, desk.organisation);
    roles::allow_giving(change.tx(), context, role, organisation).await?;
    for row in holders {
        if !wanted.contains(&row.person_id) {
            roles::take(change, row.clone()).await?;
        }
    }
    let now: HashSet<Uuid> = ids(holders).into_iter().collect();
    let mut new: Vec<Uuid> = wanted.difference(&now).copied().collect();
    new.sort_unstable();
    for id in new {
        let user = store::lock(change.tx(), organisation, id).await?;
        let active = user.filter(|(person, _)| person.active);
        if active.is_none() {
            let words = format!("There is no active user {id} to have the role.");
            return Err(super::refusal::invalid_value(words));
        }
        roles::insert(change, PersonId::from(id), role, organisation).await?;
    }
    Ok(())
}
