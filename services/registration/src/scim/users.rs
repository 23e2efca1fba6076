//! Changes of users: what a document says becomes what the person is, by the same steps as by
//! hand.

use super::{
    desk::Desk,
    document::{self, Said},
    entity,
    patch::{self, Document},
    refusal::{invalid_value, not_found, uniqueness},
    schema::USERS,
    store::{self, User},
};
use crate::{
    endorsements,
    erasures::forgetting,
    organisations,
    people::{self, entity::Model as Person, model::email_key, role_assignment, roles},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Gender, Language, PersonId, Problem,
    registration::people::{NewPerson, PersonKind},
};
use uuid::Uuid;

/// A user's document without `meta`, and when it was made and changed.
pub async fn show(
    connection: &impl sea_orm::ConnectionTrait,
    desk: &Desk,
    (person, row): User,
) -> Result<(Document, Value), Problem> {
    let known = store::known(connection, desk, std::slice::from_ref(&person)).await?;
    let document = document::user(&person, row.as_ref(), &known, &desk.base)?;
    let shown = finished(desk, document.clone(), &person, row.as_ref());
    Ok((document, shown))
}

/// A document with what is said about it.
pub fn finished(
    desk: &Desk,
    document: Document,
    person: &Person,
    row: Option<&entity::Model>,
) -> Value {
    let location = desk.address(USERS.endpoint, person.id);
    let modified = row.map_or(person.created_at, |row| row.modified_at);
    document::finish(document, USERS.name, &location, person.created_at, modified)
}

/// Adds a user; `id` is the person's, where it was promised before.
pub async fn create(
    change: &mut Change,
    desk: &Desk,
    body: &Value,
    id: Option<PersonId>,
) -> Result<Value, Problem> {
    let said = document::read(patch::whole(&USERS, body)?)?;
    refuse_taken(change, desk, &said, None).await?;
    if let Some(applicant) = applicant(change, desk, &said).await? {
        endorsements::steps::verify_person(change, applicant.into()).await?;
        let user = store::lock(change.tx(), desk.organisation, applicant).await?;
        let user = user.ok_or_else(|| uniqueness("The address is another user's."))?;
        return write(change, desk, user, said, id).await;
    }
    let department_id = department(change, desk, said.department.as_deref()).await?;
    let employer = organisations::store::find(change.tx(), desk.organisation)
        .await?
        .ok_or_else(not_found)?;
    let language: Language = column::parse(&employer.language)?;
    let new = NewPerson {
        name: said.name.clone(),
        email: said.email.clone(),
        phone: said.phone.clone(),
        title: said.title.clone(),
        organisation_id: desk.organisation,
        department_id: department_id.map(Into::into),
        manager_id: None,
        kind: said.kind.unwrap_or(PersonKind::Other),
        gender: Gender::Undisclosed,
        language: said.language.unwrap_or(language),
    };
    let mut person = people::store::row(change, new, true);
    person.active = said.active.unwrap_or(true);
    if let Some(id) = id {
        person.id = id.uuid();
    }
    let manager = manager(change, desk, said.manager.as_deref(), person.id).await?;
    person.manager_id = manager.id;
    let new = vec![(person.clone(), employer.municipality_id)];
    people::store::insert_all(change, new).await?;
    let row = new_row(change, desk, person.id, &said, manager.awaited);
    let row = row::insert::<entity::Entity>(change.tx(), row)
        .await
        .map_err(taken)?;
    arrived(change, desk, &row, None).await?;
    Ok(show(change.tx(), desk, (person, Some(row))).await?.1)
}

/// Changes a user's document.
pub async fn modify(
    change: &mut Change,
    desk: &Desk,
    id: Uuid,
    edit: impl FnOnce(Document) -> Result<Document, Problem>,
) -> Result<Value, Problem> {
    let (person, row) = store::lock(change.tx(), desk.organisation, id)
        .await?
        .ok_or_else(not_found)?;
    let known = store::known(change.tx(), desk, std::slice::from_ref(&person)).await?;
    let document = document::user(&person, row.as_ref(), &known, &desk.base)?;
    desk.check(&document)?;
    let said = document::read(edit(document)?)?;
    refuse_taken(change, desk, &said, Some(person.id)).await?;
    write(change, desk, (person, row), said, None).await
}

/// Replaces a user's document. Whether the person may call changes only where it is said.
pub async fn replace(
    change: &mut Change,
    desk: &Desk,
    id: Uuid,
    body: &Value,
) -> Result<Value, Problem> {
    let new = patch::whole(&USERS, body)?;
    modify(change, desk, id, |_| Ok(new)).await
}

/// Deletes a user: the person has left for good. Roles end, the name and the address are free.
pub async fn remove(change: &mut Change, desk: &Desk, id: Uuid) -> Result<(), Problem> {
    let (mut person, row) = store::lock(change.tx(), desk.organisation, id)
        .await?
        .ok_or_else(not_found)?;
    let known = store::known(change.tx(), desk, std::slice::from_ref(&person)).await?;
    desk.check(&document::user(&person, row.as_ref(), &known, &desk.base)?)?;
    let left = entity::Model {
        person_id: person.id,
        organisation_id: desk.organisation.uuid(),
        user_name: String::new(),
        user_name_key: None,
        external_id: None,
        manager_ref: None,
        attributes: json!({}),
        modified_at: change.actor.at,
        deleted_at: Some(change.actor.at),
    };
    save(change, left, row.is_some()).await?;
    let given = role_assignment::Entity::find()
        .filter(role_assignment::Column::PersonId.eq(person.id))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for role in given {
        roles::take(change, role).await?;
    }
    person.active = false;
    // Nobody vouches for the person any more, so that the address may be somebody else's.
    person.verified = false;
    shared_imports::store::forget_keys(change.tx(), person.id).await?;
    let address = person.email_key.clone();
    people::store::update(change, person, "person.left").await?;
    // Whoever gets the address next begins anew.
    forgetting::address(change, &address).await?;
    Ok(())
}

/// Writes what is said of a person who is there.
async fn write(
    change: &mut Change,
    desk: &Desk,
    (before, row): User,
    said: Said,
    promised: Option<PersonId>,
) -> Result<Value, Problem> {
    let mut person = before.clone();
    let department = department(change, desk, said.department.as_deref()).await?;
    let manager = manager(change, desk, said.manager.as_deref(), person.id).await?;
    person.name.clone_from(&said.name);
    if person.email != said.email {
        person.email_key = email_key(&said.email);
        person.email.clone_from(&said.email);
    }
    person.phone.clone_from(&said.phone);
    person.title.clone_from(&said.title);
    person.department_id = department;
    // A manager whom this key does not see is not what the client takes away by not naming one.
    let unseen = match before.manager_id {
        Some(id) if said.manager.is_none() => {
            let seen = store::find(change.tx(), desk.organisation, id).await?;
            seen.is_none().then_some(id)
        }
        _ => None,
    };
    person.manager_id = manager.id.or(unseen);
    person.kind = said.kind.map_or(person.kind, column::text);
    person.language = said.language.map_or(person.language, column::text);
    person.active = said.active.unwrap_or(person.active);
    let edge = people::model::edge(before.active, person.active);
    if person != before {
        person = people::store::update(change, person, edge).await?;
    }
    let wanted = new_row(change, desk, person.id, &said, manager.awaited);
    let unchanged = row.as_ref().is_some_and(|row| {
        let same = entity::Model {
            modified_at: row.modified_at,
            ..wanted.clone()
        };
        same == *row && person == before
    });
    let now = match row {
        Some(row) if unchanged => row,
        row => save(change, wanted, row.is_some()).await?,
    };
    arrived(change, desk, &now, promised).await?;
    Ok(show(change.tx(), desk, (person, Some(now))).await?.1)
}

fn new_row(
    change: &Change,
    desk: &Desk,
    person: Uuid,
    said: &Said,
    manager_ref: Option<String>,
) -> entity::Model {
    entity::Model {
        person_id: person,
        organisation_id: desk.organisation.uuid(),
        user_name: said.user_name.clone(),
        user_name_key: Some(email_key(&said.user_name)),
        external_id: said.external_id.clone(),
        manager_ref,
        attributes: said.kept.clone(),
        modified_at: change.actor.at,
        deleted_at: None,
    }
}

async fn save(
    change: &mut Change,
    wanted: entity::Model,
    is_there: bool,
) -> Result<entity::Model, Problem> {
    let saved = if is_there {
        row::update::<entity::Entity>(change.tx(), wanted).await
    } else {
        row::insert::<entity::Entity>(change.tx(), wanted).await
    };
    saved.map_err(taken)
}

fn taken(error: DatabaseError) -> Problem {
    if error.violates("scim_users", "user_name_key") {
        uniqueness("Another user has this userName.")
    } else if error.violates("scim_users", "external_id") {
        uniqueness("Another user has this externalId.")
    } else {
        error.into()
    }
}

/// Refuses a name that is another's. The database has the last word; this also sees who is known
/// by an address alone.
async fn refuse_taken(
    change: &Change,
    desk: &Desk,
    said: &Said,
    own: Option<Uuid>,
) -> Result<(), Problem> {
    let others = store::with_user_name(change.tx(), desk.organisation, &said.user_name).await?;
    if others.iter().any(|id| Some(*id) != own) {
        return Err(uniqueness("Another user has this userName."));
    }
    if let Some(external_id) = &said.external_id {
        let other = store::with_external_id(change.tx(), desk.organisation, external_id).await?;
        if other.is_some_and(|id| Some(id) != own) {
            return Err(uniqueness("Another user has this externalId."));
        }
    }
    Ok(())
}

/// Who applied without an account under this address and name: HR says by the user that there is
/// such a person. The address alone says nothing.
async fn applicant(change: &Change, desk: &Desk, said: &Said) -> Result<Option<Uuid>, Problem> {
    let found = store::unverified(change.tx(), desk.organisation, &said.email).await?;
    let plain = |name: &str| {
        name.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    let mut same = found
        .into_iter()
        .filter(|one| plain(&one.name) == plain(&said.name));
    match (same.next(), same.next()) {
        (Some(only), None) => Ok(Some(only.id)),
        _ => Ok(None),
    }
}

/// The department of a name; it is added where there is none.
pub async fn department(
    change: &mut Change,
    desk: &Desk,
    name: Option<&str>,
) -> Result<Option<Uuid>, Problem> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let found = organisations::store::department_named(change, desk.organisation, name);
    Ok(Some(found.await?.id))
}

/// Whom a client means as manager.
struct Manager {
    id: Option<Uuid>,
    /// The name by which the client means somebody who is not there yet.
    awaited: Option<String>,
}

async fn manager(
    change: &Change,
    desk: &Desk,
    named: Option<&str>,
    of: Uuid,
) -> Result<Manager, Problem> {
    let Some(named) = named else {
        return Ok(Manager {
            id: None,
            awaited: None,
        });
    };
    let by_id = match store::person_id(named) {
        Some(id) => store::find(change.tx(), desk.organisation, id.uuid()).await?,
        None => None,
    };
    let id = match by_id {
        Some((person, _)) => Some(person.id),
        None => store::with_external_id(change.tx(), desk.organisation, named).await?,
    };
    let Some(id) = id else {
        let own = named == of.to_string();
        if own {
            return Err(invalid_value("Nobody is their own manager."));
        }
        return Ok(Manager {
            id: None,
            awaited: Some(named.to_owned()),
        });
    };
    if people::store::is_below(change.tx(), id, of).await? {
        return Err(invalid_value("The managers would form a circle."));
    }
    Ok(Manager {
        id: Some(id),
        awaited: None,
    })
}

/// Gives those who waited for this user their manager; some may have been told an id before it was
/// found that the person is here under another.
async fn arrived(
    change: &mut Change,
    desk: &Desk,
    user: &entity::Model,
    promised: Option<PersonId>,
) -> Result<(), Problem> {
    let mut names = vec![user.person_id.to_string()];
    names.extend(promised.map(|id| id.to_string()));
    names.extend(user.external_id.clone());
    let waiting = store::waiting_for(change.tx(), desk.organisation, names).await?;
    let ids = waiting.iter().map(|one| one.person_id);
    people::store::lock_all(change.tx(), ids).await?;
    for mut one in waiting {
        if people::store::is_below(change.tx(), user.person_id, one.person_id).await? {
            return Err(invalid_value("The managers would form a circle."));
        }
        let Some(mut person) = people::store::find(change.tx(), one.person_id.into()).await? else {
            continue;
        };
        person.manager_id = Some(user.person_id);
        people::store::update(change, person, "person.changed").await?;
        one.manager_ref = None;
        one.modified_at = change.actor.at;
        save(change, one, true).await?;
    }
    Ok(())
}
