//! Departments as groups.

use super::{
    department_entity as entity,
    desk::Desk,
    document,
    patch::{self, Document},
    refusal::{invalid_value, too_many, uniqueness},
    schema::{GROUP, GROUPS},
    store,
};
use crate::{
    organisations::{self, department},
    people::{self, entity as person},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::{Value, json};
use shared_database::{Change, DatabaseError, row};
use shared_types::{DepartmentId, OrganisationId, Problem};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Members of one group that are answered or changed at once.
pub const MOST_MEMBERS: u64 = 10_000;
/// Departments of one organisation that are looked through.
pub const MOST_DEPARTMENTS: u64 = 5000;
/// How the names of roles begin.
pub const ROLE: &str = "role:";

/// A department with what SCIM says of it.
pub type Group = (department::Model, Option<entity::Model>);

/// All departments, by id.
pub async fn list(connection: &impl ConnectionTrait, desk: &Desk) -> Result<Vec<Group>, Problem> {
    let all = organisations::store::departments(desk.organisation)
        .order_by_asc(department::Column::Id)
        .limit(MOST_DEPARTMENTS + 1)
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    if all.len() as u64 > MOST_DEPARTMENTS {
        return Err(too_many(format!("More than {MOST_DEPARTMENTS} groups.")));
    }
    let rows = entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(desk.organisation.uuid()))
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let mut rows: HashMap<Uuid, entity::Model> = rows
        .into_iter()
        .map(|row| (row.department_id, row))
        .collect();
    Ok(all
        .into_iter()
        .map(|department| {
            let row = rows.remove(&department.id);
            (department, row)
        })
        .collect())
}

/// A department.
pub async fn find(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    id: Uuid,
) -> Result<Option<Group>, Problem> {
    let found = organisations::store::departments(desk.organisation)
        .filter(department::Column::Id.eq(id))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    let Some(found) = found else {
        return Ok(None);
    };
    let row = entity::Entity::find_by_id(id)
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    Ok(Some((found, row)))
}

/// Who belongs to departments, by department.
pub async fn members(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    only: Option<Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>, Problem> {
    let mut select = store::scoped(desk.organisation)
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::DepartmentId)
        .filter(person::Column::DepartmentId.is_not_null());
    if let Some(id) = only {
        select = select.filter(person::Column::DepartmentId.eq(id));
    }
    let found: Vec<(Uuid, Uuid)> = select
        .order_by_asc(person::Column::Id)
        .limit(MOST_MEMBERS + 1)
        .into_tuple()
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    if found.len() as u64 > MOST_MEMBERS {
        return Err(too_many(format!(
            "More than {MOST_MEMBERS} members; ask with excludedAttributes=members."
        )));
    }
    let mut members: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (id, department) in found {
        members.entry(department).or_default().push(id);
    }
    Ok(members)
}

/// A department's document without `meta`.
pub fn document(desk: &Desk, (department, row): &Group, members: &[Uuid]) -> Document {
    let external_id = row.as_ref().and_then(|row| row.external_id.clone());
    group(
        desk,
        &department.id.to_string(),
        &department.name,
        external_id,
        members,
    )
}

/// The document of a group.
pub fn group(
    desk: &Desk,
    id: &str,
    name: &str,
    external_id: Option<String>,
    members: &[Uuid],
) -> Document {
    let mut document = Document::new();
    document.insert("schemas".into(), json!([GROUP]));
    document.insert("id".into(), id.into());
    document.insert("displayName".into(), name.into());
    if let Some(external_id) = external_id {
        document.insert("externalId".into(), external_id.into());
    }
    if !members.is_empty() {
        let member =
            |id: &Uuid| json!({ "value": id, "$ref": desk.address("/Users", id), "type": "User" });
        document.insert("members".into(), members.iter().map(member).collect());
    }
    document
}

/// A department's document with what is said about it.
pub fn finished(desk: &Desk, group: &Group, members: &[Uuid]) -> Value {
    let (created, modified) = times(group);
    let location = desk.address(GROUPS.endpoint, group.0.id);
    let document = document(desk, group, members);
    document::finish(document, GROUPS.name, &location, created, modified)
}

/// When a department was added and changed; of one that was added by hand its id says it.
fn times((department, row): &Group) -> (DateTime<Utc>, DateTime<Utc>) {
    let of_id = || {
        let (seconds, nanos) = department.id.get_timestamp()?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    };
    if let Some(row) = row {
        return (row.created_at, row.modified_at);
    }
    let made = of_id().unwrap_or_default();
    (made, made)
}

/// What a document says of a group.
#[derive(Debug)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// The client's own id.
    pub external_id: Option<String>,
    /// Ids of its members.
    pub members: HashSet<Uuid>,
}

/// Reads a group's document.
pub fn read(document: &Document) -> Result<Said, Problem> {
    let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::trim);
    let name = text("displayName").filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| invalid_value("displayName is required."))?;
    let mut members = HashSet::new();
    let all = document.get("members").and_then(Value::as_array);
    for member in all.into_iter().flatten() {
        let kind = member.get("type").and_then(Value::as_str);
        if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("User")) {
            return Err(invalid_value("A group's members are users."));
        }
        let id = member
            .get("value")
            .and_then(Value::as_str)
            .unwrap_or_default();
        members.insert(member_id(id)?);
    }
    Ok(Said {
        name: name.to_owned(),
        external_id: text("externalId").map(str::to_owned),
        members,
    })
}

fn member_id(text: &str) -> Result<Uuid, Problem> {
    let id = store::person_id(text);
    id.map(Into::into).ok_or_else(|| unknown_member(text))
}

fn unknown_member(text: &str) -> Problem {
    let text: String = text.chars().take(100).collect();
    invalid_value(format!("There is no user {text:?} to be a member."))
}

/// Adds a department; a name that another has, by hand or not, is refused.
pub async fn create(change: &mut Change, desk: &Desk, body: &Value) -> Result<Group, Problem> {
    let said = read(&patch::whole(&GROUPS, body)?)?;
    refuse_roles_name(&said.name)?;
    let known = organisations::store::departments(desk.organisation)
        .filter(department::Column::Name.eq(said.name.as_str()))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if known.is_some() {
        return Err(uniqueness("Another group has this displayName."));
    }
    let new = organisations::store::insert_department(change, desk.organisation, said.name.clone());
    let group = (new.await.map_err(taken)?, None);
    write(change, desk, group, said).await
}

/// Changes a department.
pub async fn write(
    change: &mut Change,
    desk: &Desk,
    (mut department, before): Group,
    said: Said,
) -> Result<Group, Problem> {
    refuse_roles_name(&said.name)?;
    let renamed = department.name != said.name;
    let version = before.as_ref().map_or(1, |row| row.version) + i32::from(renamed);
    if renamed {
        department.name.clone_from(&said.name);
        let renaming = organisations::store::rename_department(change, department, version);
        department = renaming.await.map_err(taken)?;
    }
    settle(change, desk, department.id, &said.members).await?;
    let row = entity::Model {
        department_id: department.id,
        organisation_id: desk.organisation.uuid(),
        external_id: said.external_id,
        created_at: before
            .as_ref()
            .map_or(change.actor.at, |row| row.created_at),
        modified_at: change.actor.at,
        version,
    };
    let saved = if before.is_some() {
        row::update::<entity::Entity>(change.tx(), row).await
    } else {
        row::insert::<entity::Entity>(change.tx(), row).await
    };
    Ok((department, Some(saved.map_err(taken)?)))
}

/// Gives a department another name; which version that is stands in the row beside it.
pub async fn rename(
    change: &mut Change,
    department: department::Model,
    name: String,
) -> Result<department::Model, DatabaseError> {
    let before = entity::Entity::find_by_id(department.id)
        .one(change.tx())
        .await?;
    let is_there = before.is_some();
    let mut row = before.unwrap_or(entity::Model {
        department_id: department.id,
        organisation_id: department.organisation_id,
        external_id: None,
        created_at: change.actor.at,
        modified_at: change.actor.at,
        version: 1,
    });
    row.version += 1;
    row.modified_at = change.actor.at;
    let version = row.version;
    if is_there {
        row::update::<entity::Entity>(change.tx(), row).await?;
    } else {
        row::insert::<entity::Entity>(change.tx(), row).await?;
    }
    let renamed = department::Model { name, ..department };
    organisations::store::rename_department(change, renamed, version).await
}

/// The department that a client knows by an `externalId`.
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
    Ok(found.map(|row| row.department_id))
}

/// Lets exactly these people belong to a department.
async fn settle(
    change: &mut Change,
    desk: &Desk,
    department: Uuid,
    wanted: &HashSet<Uuid>,
) -> Result<(), Problem> {
    let now = members(change.tx(), desk, Some(department)).await?;
    let now: HashSet<Uuid> = now.into_values().flatten().collect();
    let mut moved: Vec<Uuid> = now.symmetric_difference(wanted).copied().collect();
    moved.sort_unstable();
    people::store::lock_all(change.tx(), moved.iter().copied()).await?;
    for id in moved {
        let user = store::find(change.tx(), desk.organisation, id).await?;
        let Some((mut person, _)) = user else {
            return Err(unknown_member(&id.to_string()));
        };
        person.department_id = wanted.contains(&id).then_some(department);
        people::store::update(change, person, "person.changed").await?;
    }
    Ok(())
}

/// Deletes a department; its people stay, without one.
pub async fn remove(
    change: &mut Change,
    desk: &Desk,
    (department, row): Group,
) -> Result<(), Problem> {
    settle(change, desk, department.id, &HashSet::new()).await?;
    // Who has left, and who is not vouched for, is no member and may still belong to it.
    let others = person::Entity::find()
        .filter(person::Column::DepartmentId.eq(department.id))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for other in others {
        if let Some(mut person) = people::store::lock(change.tx(), other.id.into()).await? {
            person.department_id = None;
            people::store::update(change, person, "person.changed").await?;
        }
    }
    if let Some(row) = row {
        entity::Entity::delete_by_id(row.department_id)
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
    }
    organisations::store::delete_department(change, department).await?;
    Ok(())
}

fn refuse_roles_name(name: &str) -> Result<(), Problem> {
    let start = name.get(..ROLE.len()).unwrap_or_default();
    if start.eq_ignore_ascii_case(ROLE) {
        return Err(invalid_value(
            "Names that begin with role: are those of roles.",
        ));
    }
    Ok(())
}

fn taken(error: DatabaseError) -> Problem {
    if error.violates("departments", "name") || error.violates("departments", "organisation_id") {
        uniqueness("Another group has this displayName.")
    } else if error.violates("scim_departments", "external_id")
        || error.violates("scim_departments", "organisation_id")
    {
        uniqueness("Another group has this externalId.")
    } else {
        error.into()
    }
}

/// The id of a department, if a text is one.
pub fn department_id(text: &str) -> Option<Uuid> {
    text.parse::<DepartmentId>().ok().map(Into::into)
}
