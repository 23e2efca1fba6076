//! What mentorship does with a file: who may see it, and how a row becomes a mentor.

use super::sheet::MENTORS;
use crate::{
    State, known,
    mentors::{self, entity::Model as MentorRow},
};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shared_database::{Change, Database, column};
use shared_imports::{
    row::{Row, read},
    sheet::Sheet,
    trouble::Refused,
    work::{self, Done, Importer, Task},
};
use shared_types::{
    Language, Problem, Role, codes,
    imports::{ImportKind, codes::IMPORT_THING_OTHER},
    mentorship::mentors::{MentorChange, NewMentor},
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
        &MENTORS
    }

    async fn seen(&self, context: &Context) -> Result<Vec<Uuid>, Problem> {
        let organisers = context.caller.scope(Role::Coordinator);
        Ok(organisers.map(Uuid::from).collect())
    }

    async fn import(&self, change: &mut Change, task: &Task, row: &Row) -> Result<Done, Refused> {
        let there = meant(change, task, row).await?;
        let body = there.as_ref().map_or_else(|| json!({}), as_body);
        let body: NewMentor = read(&self.core.contract, "createMentor", row.over(body, &["id"]))?;
        let claims = body.person_id.to_string();
        let done = match there {
            Some(there) => revise(change, there, body).await?,
            None => add(change, task, body).await?,
        };
        Ok(done.claiming(claims))
    }
}

/// The mentor whom a row means by its key or its id, under the lock.
async fn meant(change: &Change, task: &Task, row: &Row) -> Result<Option<MentorRow>, Refused> {
    let Some(id) = task.meant(change, row).await? else {
        return Ok(None);
    };
    let found = mentors::store::lock(change, id).await?;
    let found = found.filter(|mentor| mentor.round_id == task.owner);
    if found.is_none() && row.text("id").is_some() {
        return Err(Refused::of(&IMPORT_THING_OTHER, "id"));
    }
    Ok(found)
}

fn as_body(mentor: &MentorRow) -> Value {
    json!({ "personId": mentor.person_id, "capacity": mentor.capacity, "profile": mentor.profile })
}

async fn add(change: &mut Change, task: &Task, body: NewMentor) -> Result<Done, Refused> {
    let round = known::round(change.tx(), task.owner.into()).await?;
    let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let mentor = mentors::steps::insert(change, &round, body).await?;
    Ok(Done::created(mentor.id))
}

async fn revise(change: &mut Change, before: MentorRow, body: NewMentor) -> Result<Done, Refused> {
    // Another person is another mentor.
    if body.person_id.uuid() != before.person_id {
        return Err(Refused::of(&IMPORT_THING_OTHER, "personId"));
    }
    let (id, capacity) = (before.id, before.capacity);
    let profile = column::json(&body.profile);
    let is_changed = capacity != body.capacity || before.profile != profile;
    if is_changed {
        let wanted = MentorChange {
            capacity: Some(body.capacity),
            profile: Some(body.profile),
            wishes: None,
        };
        mentors::steps::revise(change, before, wanted, Language::English).await?;
    }
    Ok(Done::known(id, is_changed))
}
