//! What scheduling does with a file: who may see it, and how a row becomes a venue.

use super::sheet::VENUES;
use crate::{
    State,
    venues::{
        entity::{self, Model as VenueRow},
        routes as venues,
    },
};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde_json::{Value, json};
use shared_database::{Change, Database, DatabaseError, column};
use shared_imports::{
    row::{Row, read},
    sheet::Sheet,
    trouble::Refused,
    work::{self, Done, Importer, Task},
};
use shared_types::{
    Problem, Role,
    imports::{ImportKind, codes::IMPORT_THING_OTHER},
    scheduling::venues::NewVenue,
};
use shared_web::{Context, contract::Contract};
use uuid::Uuid;

/// Works imports off until the process ends.
pub async fn keep_working(state: Data<State>) {
    work::keep_working(state.get_ref()).await;
}

impl Importer for State {
    fn database(&self) -> &Database {
        &self.database
    }

    fn contract(&self) -> &Contract {
        &self.core.contract
    }

    fn now(&self) -> DateTime<Utc> {
        self.core.clock.now()
    }

    fn sheet(&self, _: ImportKind) -> &'static Sheet {
        &VENUES
    }

    async fn seen(&self, context: &Context) -> Result<Vec<Uuid>, Problem> {
        let organisers = context.caller.scope(Role::Coordinator);
        Ok(organisers.map(Uuid::from).collect())
    }

    async fn import(&self, change: &mut Change, task: &Task, row: &Row) -> Result<Done, Refused> {
        let there = known(change, task, row).await?;
        let new = || json!({ "organiserId": task.organisation });
        let body = there.as_ref().map_or_else(new, as_body);
        let body = row.over(body, &["id"]);
        let body: NewVenue = read(&self.core.contract, "createVenue", body)?;
        let Some(before) = there else {
            return Ok(Done::created(venues::insert(change, &body).await?.id));
        };
        let is_changed = venues::fill(before.id, before.version, &body) != before;
        if is_changed {
            venues::replace(change, &before, &body).await?;
        }
        Ok(Done::known(before.id, is_changed))
    }
}

/// The venue that a row means by its key or its id, under the lock.
async fn known(change: &Change, task: &Task, row: &Row) -> Result<Option<VenueRow>, Refused> {
    let Some(id) = task.meant(change, row).await? else {
        return Ok(None);
    };
    let found = entity::Entity::find_by_id(id)
        .filter(entity::Column::OrganiserId.eq(task.organisation))
        .lock_exclusive()
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if found.is_none() && row.text("id").is_some() {
        return Err(Refused::of(&IMPORT_THING_OTHER, "id"));
    }
    Ok(found)
}

fn as_body(venue: &VenueRow) -> Value {
    let mut body = json!({
        "organiserId": venue.organiser_id, "kind": venue.kind, "name": venue.name,
        "address": venue.address, "beds": venue.beds, "active": venue.active,
    });
    let parts = [
        ("contact", &venue.contact),
        ("accessibility", &venue.accessibility),
    ];
    if let Some(members) = body.as_object_mut() {
        let there = parts
            .into_iter()
            .filter_map(|(name, part)| Some((name, part.clone()?)));
        members.extend(there.map(|(name, part)| (name.to_owned(), column::json(&part))));
    }
    body
}
