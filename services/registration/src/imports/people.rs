//! People out of rows.

use super::steps;
use crate::{
    organisations::{self, store::department_named},
    people::{self, entity::Model as Person, model::email_key},
    scim,
};
use serde_json::{Value, json};
use shared_database::{Change, DatabaseError, column};
use shared_imports::{
    row::{Row, read},
    trouble::Refused,
    work::{Done, Reference, Task},
};
use shared_types::{
    Gender, OrganisationId, Problem,
    imports::{ImportKind, codes::IMPORT_THING_OTHER},
    registration::{
        codes::ORGANISATION_UNKNOWN,
        people::{NewPerson, PersonChange, PersonKind},
    },
};
use shared_web::contract::Contract;
use uuid::Uuid;

/// Columns that are no members of a person.
const OTHERS: [&str; 7] = [
    "id",
    "givenName",
    "familyName",
    "department",
    "departmentKey",
    "managerKey",
    "active",
];

/// Makes of a row the person that it means.
pub(super) async fn import(
    contract: &Contract,
    change: &mut Change,
    task: &Task,
    row: &Row,
) -> Result<Done, Refused> {
    let there = known(change, task, row).await?;
    let own = there.as_ref().map(|person| person.id);
    let mut body = match &there {
        Some(person) => as_body(person)?,
        None => blank(change, task.organisation.into()).await?,
    };
    body = row.over(body, &OTHERS);
    lay_name(&mut body, row);
    lay_department(&mut body, change, task, row).await?;
    lay_manager(&mut body, change, task, (row, own)).await?;
    let body: NewPerson = read(contract, "createPerson", body)?;
    let active = active(contract, row)?;
    let claims = email_key(&body.email);
    let done = match there {
        Some(person) => revise(change, task, person, (body, active)).await?,
        None => add(change, body, active).await?,
    };
    Ok(done.claiming(claims))
}

/// The person whom a row means, under the lock. Who has left is nobody's colleague any more, and
/// the key may be somebody else's.
async fn known(change: &Change, task: &Task, row: &Row) -> Result<Option<Person>, Refused> {
    let organisation = OrganisationId::from(task.organisation);
    let id = match task.meant(change, row).await? {
        Some(id) => Some(id),
        None => scim::store::with_external_id(change.tx(), organisation, &row.key).await?,
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let found = people::store::lock(change.tx(), id.into()).await?;
    let found = found.filter(|one| one.verified && one.organisation_id == task.organisation);
    if found.is_none() && row.text("id").is_some() {
        return Err(Refused::of(&IMPORT_THING_OTHER, "id"));
    }
    Ok(found)
}

/// What a new person is unless the row says otherwise.
async fn blank(change: &Change, organisation: OrganisationId) -> Result<Value, Problem> {
    let employer = organisations::store::find(change.tx(), organisation).await?;
    let employer = employer.ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    Ok(json!({
        "organisationId": organisation, "kind": PersonKind::Other, "gender": Gender::Undisclosed,
        "language": employer.language,
    }))
}

fn as_body(person: &Person) -> Result<Value, DatabaseError> {
    Ok(column::json(&NewPerson {
        name: person.name.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        title: person.title.clone(),
        organisation_id: person.organisation_id.into(),
        department_id: person.department_id.map(Into::into),
        manager_id: person.manager_id.map(Into::into),
        kind: column::parse(&person.kind)?,
        gender: column::parse(&person.gender)?,
        language: column::parse(&person.language)?,
    }))
}

fn set(body: &mut Value, member: &str, value: Option<Value>) {
    let Some(members) = body.as_object_mut() else {
        return;
    };
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
}

/// Many systems keep the two parts of a name apart.
fn lay_name(body: &mut Value, row: &Row) {
    let parts = [row.text("givenName"), row.text("familyName")];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    if !row.says("name") && !parts.is_empty() {
        set(body, "name", Some(parts.join(" ").into()));
    }
}

/// The department of a key, else that of a name, which is added where there is none.
async fn lay_department(
    body: &mut Value,
    change: &mut Change,
    task: &Task,
    row: &Row,
) -> Result<(), Refused> {
    let id = if row.says("departmentKey") {
        match row.text("departmentKey") {
            Some(key) => Some(department(change, task, row, key).await?),
            None => None,
        }
    } else if row.says("department") {
        match row.text("department") {
            Some(name) => {
                let organisation = task.organisation.into();
                Some(department_named(change, organisation, name).await?.id)
            }
            None => None,
        }
    } else {
        return Ok(());
    };
    set(body, "departmentId", id.map(|id| json!(id)));
    Ok(())
}

async fn department(change: &Change, task: &Task, row: &Row, key: &str) -> Result<Uuid, Refused> {
    let column = "departmentKey";
    let found = task
        .reference(change, row, ImportKind::Departments, (column, key))
        .await?;
    if let Some(id) = found.thing() {
        return Ok(id);
    }
    let organisation = task.organisation.into();
    let told = scim::departments::with_external_id(change.tx(), organisation, key).await?;
    told.ok_or_else(|| Refused::unknown(column))
}

async fn lay_manager(
    body: &mut Value,
    change: &Change,
    task: &Task,
    (row, own): (&Row, Option<Uuid>),
) -> Result<(), Refused> {
    let column = "managerKey";
    if !row.says(column) {
        return Ok(());
    }
    let found = match row.text(column) {
        Some(key) => steps::person(change, task, row, (column, key)).await?,
        None => Reference::Unknown,
    };
    if let (Some(manager), Some(own)) = (found.thing(), own)
        && people::store::is_below(change.tx(), manager, own).await?
    {
        return Err(Refused::unknown(column));
    }
    set(body, "managerId", found.thing().map(|id| json!(id)));
    Ok(())
}

/// Whether the person may call, where the row says so.
fn active(contract: &Contract, row: &Row) -> Result<Option<bool>, Refused> {
    let Some(value) = row.said.get("active").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let change: PersonChange = read(contract, "updatePerson", json!({ "active": value }))?;
    Ok(change.active)
}

async fn add(change: &mut Change, body: NewPerson, active: Option<bool>) -> Result<Done, Refused> {
    let mut person = people::store::insert(change, body, true).await?;
    let id = person.id;
    if active == Some(false) {
        person.active = false;
        people::store::update(change, person, "person.deactivated").await?;
    }
    Ok(Done::created(id))
}

async fn revise(
    change: &mut Change,
    task: &Task,
    before: Person,
    (body, active): (NewPerson, Option<bool>),
) -> Result<Done, Refused> {
    people::store::check_place(change, &body).await?;
    let id = before.id;
    let active = active.unwrap_or(before.active);
    let recognition = PersonChange {
        email: (body.email != before.email).then(|| body.email.clone()),
        active: (active != before.active).then_some(active),
        ..PersonChange::default()
    };
    people::routes::guard_recognition(change.tx(), &before, &recognition, &task.caller).await?;
    let after = Person {
        name: body.name,
        email_key: email_key(&body.email),
        email: body.email,
        phone: body.phone,
        title: body.title,
        department_id: body.department_id.map(Uuid::from),
        manager_id: body.manager_id.map(Uuid::from),
        kind: column::text(body.kind),
        gender: column::text(body.gender),
        language: column::text(body.language),
        active,
        ..before.clone()
    };
    let is_changed = after != before;
    if is_changed {
        let edge = people::model::edge(before.active, after.active);
        people::store::update(change, after, edge).await?;
    }
    Ok(Done::known(id, is_changed))
}
