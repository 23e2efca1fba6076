//! Departments out of rows.

use crate::{
    organisations::{self, department},
    scim,
};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, DatabaseError};
use shared_imports::{
    row::{Row, read},
    store,
    trouble::Refused,
    work::{Done, Task},
};
use shared_types::{
    imports::codes::IMPORT_THING_OTHER, registration::organisations::NewDepartment,
};
use shared_web::contract::Contract;

/// Makes of a row the department that it means.
pub(super) async fn import(
    contract: &Contract,
    change: &mut Change,
    task: &Task,
    row: &Row,
) -> Result<Done, Refused> {
    let organisation = task.organisation.into();
    let known = by_key(change, task, row).await?;
    let there = known
        .as_ref()
        .map_or_else(|| json!({}), |one| json!({ "name": one.name }));
    let body: NewDepartment = read(contract, "createDepartment", row.over(there, &["id"]))?;
    let name = body.name;
    let known = match known {
        Some(known) => Some(known),
        None => by_name(change, task, (row, &name)).await?,
    };
    let done = match known {
        Some(known) if known.name == name => Done::known(known.id, false),
        Some(known) => {
            let renamed = scim::departments::rename(change, known, name.clone()).await?;
            Done::known(renamed.id, true)
        }
        None => {
            let new = organisations::store::insert_department(change, organisation, name.clone());
            Done::created(new.await?.id)
        }
    };
    Ok(done.claiming(name))
}

async fn by_key(
    change: &Change,
    task: &Task,
    row: &Row,
) -> Result<Option<department::Model>, Refused> {
    let organisation = task.organisation.into();
    let id = match task.meant(change, row).await? {
        Some(id) => Some(id),
        None => scim::departments::with_external_id(change.tx(), organisation, &row.key).await?,
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let found = organisations::store::departments(organisation)
        .filter(department::Column::Id.eq(id))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if found.is_none() && row.text("id").is_some() {
        return Err(Refused::of(&IMPORT_THING_OTHER, "id"));
    }
    Ok(found)
}

/// The organisation has one department of a name: if no other key means it, this one does.
async fn by_name(
    change: &Change,
    task: &Task,
    (row, name): (&Row, &str),
) -> Result<Option<department::Model>, Refused> {
    let found = organisations::store::departments(task.organisation.into())
        .filter(department::Column::Name.eq(name))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let Some(found) = found else {
        return Ok(None);
    };
    let key = store::key_of(change.tx(), task.owner, task.kind, found.id).await?;
    if key.is_some_and(|key| key != row.key) {
        return Err(Refused::of(&IMPORT_THING_OTHER, "name"));
    }
    Ok(Some(found))
}
