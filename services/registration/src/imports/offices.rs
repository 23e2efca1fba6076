//! Offices out of rows.

use super::steps;
use crate::{
    offices::{self, entity::Model as Office},
    organisations,
};
use serde_json::{Value, json};
use shared_database::{Change, column};
use shared_imports::{
    row::{Row, read},
    store,
    trouble::Refused,
    work::{Done, Task},
};
use shared_types::{
    OfficeId, Problem,
    imports::codes::IMPORT_THING_OTHER,
    registration::{
        codes::ORGANISATION_UNKNOWN,
        offices::{NewOffice, OfficeKind},
    },
};
use shared_web::contract::Contract;
use uuid::Uuid;

/// Columns that are no members of an office.
const OTHERS: [&str; 3] = ["id", "title", "holderKey"];

/// Makes of a row the office that it means.
pub(super) async fn import(
    contract: &Contract,
    change: &mut Change,
    task: &Task,
    row: &Row,
) -> Result<Done, Refused> {
    let there = known(change, task, row).await?;
    let new =
        || json!({ "organisationId": task.organisation, "kind": OfficeKind::MunicipalDirector });
    let mut body = row.over(there.as_ref().map_or_else(new, as_body), &OTHERS);
    lay_title(&mut body, change, task, row).await?;
    lay_holder(&mut body, change, task, row).await?;
    let body: NewOffice = read(contract, "createOffice", body)?;
    let claims = column::text(body.kind);
    let done = match there {
        Some(there) => revise(change, there, body).await?,
        None => Done::created(offices::routes::insert(change, body).await?.id),
    };
    Ok(done.claiming(claims))
}

/// The office that a row means, under the lock: by its key, or by its kind, since an organisation
/// has one office of each.
async fn known(change: &Change, task: &Task, row: &Row) -> Result<Option<Office>, Refused> {
    if let Some(id) = task.meant(change, row).await? {
        let found = offices::store::lock(change.tx(), OfficeId::from(id)).await?;
        let found = found.filter(|one| one.organisation_id == task.organisation);
        if found.is_some() || row.text("id").is_none() {
            return Ok(found);
        }
        return Err(Refused::of(&IMPORT_THING_OTHER, "id"));
    }
    let kind = match row.text("kind") {
        None => OfficeKind::MunicipalDirector,
        Some(kind) => match column::parse(kind) {
            Ok(kind) => kind,
            // The document says so in its own words.
            Err(_) => return Ok(None),
        },
    };
    let organisation = task.organisation.into();
    let found = offices::store::of_municipality(change.tx(), organisation, kind).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let key = store::key_of(change.tx(), task.owner, task.kind, found.id).await?;
    if key.is_some_and(|key| key != row.key) {
        return Err(Refused::of(&IMPORT_THING_OTHER, "kind"));
    }
    Ok(offices::store::lock(change.tx(), OfficeId::from(found.id)).await?)
}

fn as_body(office: &Office) -> Value {
    let mut body = json!({
        "organisationId": office.organisation_id, "kind": office.kind, "title": office.title,
    });
    if let Some(members) = body.as_object_mut() {
        let email = office.email.as_ref().map(|email| json!(email));
        let holder = office.holder_id.map(|holder| json!(holder));
        members.extend(email.map(|email| ("email".to_owned(), email)));
        members.extend(holder.map(|holder| ("holderId".to_owned(), holder)));
    }
    body
}

/// A title without a language is in the organisation's.
async fn lay_title(
    body: &mut Value,
    change: &Change,
    task: &Task,
    row: &Row,
) -> Result<(), Problem> {
    let (Some(title), Some(members)) = (row.said.get("title"), body.as_object_mut()) else {
        return Ok(());
    };
    if title.is_null() {
        return Ok(());
    }
    let organisation = organisations::store::find(change.tx(), task.organisation.into()).await?;
    let organisation = organisation.ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    let titles = members.entry("title").or_insert_with(|| json!({}));
    if let Some(titles) = titles.as_object_mut() {
        titles.insert(organisation.language, title.clone());
    }
    Ok(())
}

async fn lay_holder(
    body: &mut Value,
    change: &Change,
    task: &Task,
    row: &Row,
) -> Result<(), Refused> {
    let column = "holderKey";
    let (Some(_), Some(members)) = (row.said.get(column), body.as_object_mut()) else {
        return Ok(());
    };
    match row.text(column) {
        Some(key) => {
            let holder = steps::person(change, task, row, (column, key)).await?;
            members.insert("holderId".to_owned(), json!(holder.thing()));
        }
        None => drop(members.remove("holderId")),
    }
    Ok(())
}

async fn revise(change: &mut Change, before: Office, body: NewOffice) -> Result<Done, Refused> {
    if column::text(body.kind) != before.kind {
        return Err(Refused::of(&IMPORT_THING_OTHER, "kind"));
    }
    let id = before.id;
    let after = Office {
        title: column::json(&body.title),
        email: body.email,
        holder_id: body.holder_id.map(Uuid::from),
        ..before.clone()
    };
    let is_changed = after != before;
    if is_changed {
        offices::routes::revise(change, &before, after).await?;
    }
    Ok(Done::known(id, is_changed))
}
