//! What registration does with a file: who may see it, and which rule takes each row.

use super::{departments, offices, people, sheets};
use crate::{State, organisations, scim};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use shared_database::{Change, Database};
use shared_imports::{
    row::Row,
    sheet::Sheet,
    trouble::Refused,
    work::{self, Done, Importer, Reference, Task},
};
use shared_types::{Problem, imports::ImportKind};
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

    fn sheet(&self, kind: ImportKind) -> &'static Sheet {
        match kind {
            ImportKind::Departments => &sheets::DEPARTMENTS,
            ImportKind::Offices => &sheets::OFFICES,
            ImportKind::People | ImportKind::Venues | ImportKind::Mentors => &sheets::PEOPLE,
        }
    }

    async fn seen(&self, context: &Context) -> Result<Vec<Uuid>, Problem> {
        let (read, caller) = (self.database.read(), &context.caller);
        let near = organisations::store::near(read, caller).await?;
        let kept = organisations::store::kept(read, caller, near, context.now).await?;
        Ok(kept.into_iter().collect())
    }

    async fn import(&self, change: &mut Change, task: &Task, row: &Row) -> Result<Done, Refused> {
        let contract = &self.core.contract;
        match task.kind {
            ImportKind::Departments => departments::import(contract, change, task, row).await,
            ImportKind::Offices => offices::import(contract, change, task, row).await,
            ImportKind::People | ImportKind::Venues | ImportKind::Mentors => {
                people::import(contract, change, task, row).await
            }
        }
    }
}

/// The person whom a key in a column means: one of the file's, one of another file's, or one of
/// whom SCIM has told.
pub(super) async fn person(
    change: &Change,
    task: &Task,
    row: &Row,
    (column, key): (&'static str, &str),
) -> Result<Reference, Refused> {
    let found = task
        .reference(change, row, ImportKind::People, (column, key))
        .await?;
    if found != Reference::Unknown {
        return Ok(found);
    }
    let organisation = task.organisation.into();
    let told = scim::store::with_external_id(change.tx(), organisation, key).await?;
    told.map(Reference::Known)
        .ok_or_else(|| Refused::unknown(column))
}
