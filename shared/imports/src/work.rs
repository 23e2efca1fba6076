//! Works imports off: some rows at a time, each in the same steps as the API's own operation.
//!
//! A chunk is one transaction: what became of its rows is written beside what was made of them,
//! so that an import goes on after a crash where it was, and any number of replicas may work. A
//! row is a part that may be refused by itself. For a dry run every row is undone and what would
//! have become of it stays.
//!
//! A row may refer to another one of its file, wherever that stands: it waits, and is looked at
//! again in the next pass. When a pass has decided nothing, whoever still waits refers to nothing,
//! or in a circle.
//!
//! All or nothing is a dry run first. If no row is refused, the rows are written in one
//! transaction, in the order in which they could be decided; a row that is refused then after all
//! undoes it.

use crate::{
    entity, key_entity,
    row::Row,
    row_entity,
    sheet::Sheet,
    store,
    trouble::{Refused, Trouble},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use serde_json::Value;
use shared_database::{Change, Database, DatabaseError, column, row};
use shared_types::{
    Actor, Caller, Problem, Refusal,
    imports::{
        ImportKind, ImportMode, ImportState, RowOutcome,
        codes::{IMPORT_ROW_FORGOTTEN, IMPORT_THING_OTHER, IMPORT_VALUE_REPEATED},
    },
};
use shared_web::{Context, contract::Contract};
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

/// Rows of one chunk: on SQLite everybody who writes waits for it.
const AT_A_TIME: u64 = 50;
/// Rows after which a large transaction writes its history and events.
const FLUSHED: u64 = 500;
/// Rows that refer to each other one after the other; more are a circle.
const MOST_PASSES: i32 = 50;
/// Files that have come are looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What a service does with its kinds of files.
pub trait Importer {
    /// The service's database.
    fn database(&self) -> &Database;

    /// The service's API document: rows are judged by it as bodies are.
    fn contract(&self) -> &Contract;

    /// The domain's time.
    fn now(&self) -> DateTime<Utc>;

    /// The columns of a kind.
    fn sheet(&self, kind: ImportKind) -> &'static Sheet;

    /// The organisations whose imports a caller may see.
    fn seen(&self, context: &Context) -> impl Future<Output = Result<Vec<Uuid>, Problem>>;

    /// Makes of a row what it says, in the open change.
    fn import(
        &self,
        change: &mut Change,
        task: &Task,
        row: &Row,
    ) -> impl Future<Output = Result<Done, Refused>>;
}

/// What a row belongs to.
#[derive(Clone, Debug)]
pub struct Task {
    /// The import.
    pub import: Uuid,
    /// What the file is of.
    pub kind: ImportKind,
    /// Whose things they are.
    pub organisation: Uuid,
    /// Within what keys are unique: the organisation, or the round.
    pub owner: Uuid,
    /// Who handed the file in, with the roles of that moment.
    pub caller: Caller,
    /// Whether everything is undone again: a reference to a row of the same file may then lead
    /// to nothing that is there.
    pub is_trial: bool,
}

/// What was made of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its thing.
    pub thing: Uuid,
    /// What became of it.
    pub outcome: RowOutcome,
    /// What no other row of the file may say too; the database itself sees only what is written.
    pub claims: Option<String>,
}

impl Done {
    /// A thing that was added.
    pub fn created(thing: Uuid) -> Self {
        Self::of(thing, RowOutcome::Created)
    }

    /// A thing that was known, and whether it was changed.
    pub fn known(thing: Uuid, is_changed: bool) -> Self {
        let outcome = if is_changed {
            RowOutcome::Changed
        } else {
            RowOutcome::Unchanged
        };
        Self::of(thing, outcome)
    }

    fn of(thing: Uuid, outcome: RowOutcome) -> Self {
        Self {
            thing,
            outcome,
            claims: None,
        }
    }

    /// Says what no other row of the file may say too.
    pub fn claiming(mut self, claims: impl Into<String>) -> Self {
        self.claims = Some(claims.into());
        self
    }
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A thing that is there.
    Known(Uuid),
    /// A thing that the same file would add; in a trial only.
    Coming,
    /// Nothing that an import knows.
    Unknown,
}

impl Reference {
    /// The thing, if it is there.
    pub fn thing(self) -> Option<Uuid> {
        match self {
            Self::Known(thing) => Some(thing),
            Self::Coming | Self::Unknown => None,
        }
    }
}

impl Task {
    fn of(import: &entity::Model, is_trial: bool) -> Result<Self, DatabaseError> {
        Ok(Self {
            import: import.id,
            kind: column::parse(&import.kind)?,
            organisation: import.organisation_id,
            owner: import.owner_id,
            caller: column::from_json(import.caller.clone())?,
            is_trial,
        })
    }

    /// The thing that a row means by its key, or by the id in the column `id`, which have to mean
    /// the same; `None` where neither means anything yet.
    pub async fn meant(&self, change: &Change, row: &Row) -> Result<Option<Uuid>, Refused> {
        let other = || Refused::of(&IMPORT_THING_OTHER, "id");
        let Some(named) = row.text("id") else {
            return Ok(row.known);
        };
        let id: Uuid = named.parse().map_err(|_| other())?;
        if row.known.is_some_and(|known| known != id) {
            return Err(other());
        }
        let key = store::key_of(change.tx(), self.owner, self.kind, id).await?;
        if key.is_some_and(|key| key != row.key) {
            return Err(other());
        }
        Ok(Some(id))
    }

    /// What a key in a column leads to: a thing that some import of the same owner has named so,
    /// or a row of this file.
    pub async fn reference(
        &self,
        change: &Change,
        row: &Row,
        kind: ImportKind,
        (column, key): (&'static str, &str),
    ) -> Result<Reference, Refused> {
        let known = store::things(change.tx(), self.owner, kind, [key.to_owned()]).await?;
        if let Some(thing) = known.get(key) {
            return Ok(Reference::Known(*thing));
        }
        if kind != self.kind {
            return Ok(Reference::Unknown);
        }
        if key == row.key {
            return Err(Refused::unknown(column));
        }
        match store::outcome_of_key(change.tx(), self.import, key).await? {
            None => Ok(Reference::Unknown),
            Some(RowOutcome::Waiting) => Err(Refused::Waits(column)),
            Some(RowOutcome::Refused) => Err(Refused::unknown(column)),
            Some(_) if self.is_trial => Ok(Reference::Coming),
            Some(_) => Ok(Reference::Unknown),
        }
    }
}

/// Works off again and again, until the process ends.
pub async fn keep_working(importer: &impl Importer) {
    loop {
        match step(importer).await {
            Ok(true) => {}
            // A file is no hurry: nobody else's change makes this ask.
            Ok(false) => tokio::time::sleep(LOOK_EVERY).await,
            Err(problem) => {
                let (code, cause) = (problem.code().name, problem.cause());
                tracing::warn!(code, cause, "an import could not be worked on");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// Works off all that there is.
pub async fn work_off(importer: &impl Importer) -> Result<(), Problem> {
    while step(importer).await? {}
    Ok(())
}

/// Works some rows off; says whether there was something to do.
async fn step(importer: &impl Importer) -> Result<bool, Problem> {
    let Some(import) = store::next(importer.database().read()).await? else {
        return Ok(false);
    };
    if is_to_be_written(&import)? {
        write_all(importer, &import).await?;
    } else {
        let work = async |change: &mut Change| look_at_some(importer, change, import.id).await;
        let actor = actor(importer, &import)?;
        importer.database().change(actor, work).await?;
    }
    Ok(true)
}

fn actor(importer: &impl Importer, import: &entity::Model) -> Result<Actor, DatabaseError> {
    let caller: Caller = column::from_json(import.caller.clone())?;
    Ok(Actor {
        subject: caller.subject,
        ..Actor::system(importer.now())
    })
}

fn mode(import: &entity::Model) -> Result<ImportMode, DatabaseError> {
    column::parse(&import.mode)
}

/// Whether every row of an import that is all or nothing was looked at, and none was refused.
fn is_to_be_written(import: &entity::Model) -> Result<bool, DatabaseError> {
    let all = import.decided() == import.rows_count;
    Ok(mode(import)? == ImportMode::AllOrNothing && all && import.refused_count == 0)
}

async fn look_at_some(
    importer: &impl Importer,
    change: &mut Change,
    id: Uuid,
) -> Result<(), Problem> {
    let Some(mut import) = open(change.tx(), id).await? else {
        return Ok(());
    };
    let rows = store::waiting(change.tx(), id, import.pass, AT_A_TIME).await?;
    if rows.is_empty() {
        return turn(change, import).await;
    }
    let task = Task::of(&import, mode(&import)? != ImportMode::RowByRow)?;
    let named = rows.iter().filter_map(|row| row.external_key.clone());
    let things = store::things(change.tx(), task.owner, task.kind, named).await?;
    for row in rows {
        let decided = match open_row(&row, &things) {
            None => Err(Refused::Because(vec![Trouble::of(&IMPORT_ROW_FORGOTTEN)])),
            Some(open) => try_row(importer, change, &task, (&row, &open)).await?,
        };
        settle(change, &mut import, row, decided).await?;
    }
    import.state = column::text(ImportState::Running);
    store::save(change, import).await?;
    Ok(())
}

/// The import under its lock, if there is still something to do.
async fn open(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    let open = [ImportState::Waiting, ImportState::Running].map(column::text);
    let found = store::lock(connection, id).await?;
    Ok(found.filter(|import| open.contains(&import.state)))
}

fn open_row(row: &row_entity::Model, things: &HashMap<String, Uuid>) -> Option<Row> {
    let key = row.external_key.clone()?;
    let Some(Value::Object(said)) = row.content.clone() else {
        return None;
    };
    Some(Row {
        id: row.id,
        known: things.get(&key).copied(),
        key,
        said,
    })
}

/// What a trial undoes.
enum Undone {
    Tried(Done),
    Refused(Refused),
}

/// Makes of a row what it says; what is refused, and what was only a trial, is undone.
async fn try_row(
    importer: &impl Importer,
    change: &mut Change,
    task: &Task,
    (kept, row): (&row_entity::Model, &Row),
) -> Result<Result<Done, Refused>, Problem> {
    let work = async |change: &mut Change| {
        let done = importer.import(change, task, row).await;
        let done = done.map_err(Undone::Refused)?;
        if task.is_trial {
            return Err(Undone::Tried(done));
        }
        remember(change, task, row, &done)
            .await
            .map_err(|error| Undone::Refused(error.into()))?;
        Ok(done)
    };
    let done = match change.attempt(work).await? {
        Ok(done) | Err(Undone::Tried(done)) => done,
        Err(Undone::Refused(Refused::Failed(problem))) => return Err(problem),
        Err(Undone::Refused(refused)) => return Ok(Err(refused)),
    };
    if let Some(claimed) = done.claims.as_deref().filter(|_| task.is_trial)
        && let Some(line) = store::claimed_by_other(change.tx(), kept, claimed).await?
    {
        let refusal = Refusal::of(&IMPORT_VALUE_REPEATED).value("line", line);
        return Ok(Err(Refused::Because(vec![Trouble::told(&refusal, None)])));
    }
    Ok(Ok(done))
}

async fn remember(
    change: &Change,
    task: &Task,
    row: &Row,
    done: &Done,
) -> Result<(), DatabaseError> {
    if row.known == Some(done.thing) {
        return Ok(());
    }
    let key = key_entity::Model {
        owner_id: task.owner,
        kind: column::text(task.kind),
        external_key: row.key.clone(),
        thing_id: done.thing,
    };
    store::remember(change.tx(), key).await
}

/// Notes what became of a row, and forgets what it said, unless that is still needed.
async fn settle(
    change: &Change,
    import: &mut entity::Model,
    mut row: row_entity::Model,
    decided: Result<Done, Refused>,
) -> Result<(), Problem> {
    let all_or_nothing = mode(import)? == ImportMode::AllOrNothing;
    let outcome = match decided {
        Ok(done) => {
            // What a trial has added is not there any more.
            let is_there =
                mode(import)? == ImportMode::RowByRow || done.outcome != RowOutcome::Created;
            row.thing_id = is_there.then_some(done.thing);
            row.claimed = done.claims;
            done.outcome
        }
        Err(Refused::Waits(column)) => {
            row.pass += 1;
            if row.pass <= MOST_PASSES {
                row::update::<row_entity::Entity>(change.tx(), row).await?;
                return Ok(());
            }
            refuse(&mut row, Refused::unknown(column))?
        }
        Err(refused) => refuse(&mut row, refused)?,
    };
    if !all_or_nothing {
        row.content = None;
    }
    count(import, outcome);
    row.outcome = column::text(outcome);
    row::update::<row_entity::Entity>(change.tx(), row).await?;
    Ok(())
}

fn refuse(row: &mut row_entity::Model, refused: Refused) -> Result<RowOutcome, Problem> {
    match refused {
        Refused::Because(troubles) => row.problems = Some(column::json(&troubles)),
        Refused::Waits(column) => return refuse(row, Refused::unknown(column)),
        Refused::Failed(problem) => return Err(problem),
    }
    Ok(RowOutcome::Refused)
}

fn count(import: &mut entity::Model, outcome: RowOutcome) {
    match outcome {
        RowOutcome::Created => import.created_count += 1,
        RowOutcome::Changed => import.changed_count += 1,
        RowOutcome::Unchanged => import.unchanged_count += 1,
        RowOutcome::Refused => import.refused_count += 1,
        RowOutcome::Waiting => {}
    }
}

/// What comes when a pass is over: the next one, or the end.
async fn turn(change: &mut Change, mut import: entity::Model) -> Result<(), Problem> {
    let decided = import.decided();
    if decided < import.rows_count {
        // Whoever waits now would wait for ever: a pass that decides nothing changes nothing.
        let is_last = decided == import.decided_before;
        let rows = store::waiting(change.tx(), import.id, import.pass + 1, AT_A_TIME).await?;
        if is_last && !rows.is_empty() {
            for mut row in rows {
                row.pass = import.pass;
                let column = waited_for(&row);
                settle(change, &mut import, row, Err(Refused::unknown(&column))).await?;
            }
            import.decided_before = import.decided();
            // The next look finds what is left of this pass in the same place.
            store::save(change, import).await?;
            return Ok(());
        }
        import.decided_before = decided;
        import.pass += 1;
        store::save(change, import).await?;
        return Ok(());
    }
    if is_to_be_written(&import)? {
        return Ok(());
    }
    end(change, import).await
}

/// The column of a row that refers to another one.
fn waited_for(row: &row_entity::Model) -> String {
    let members = row.content.as_ref().and_then(Value::as_object);
    let mut names = members.into_iter().flat_map(|members| members.keys());
    let named = names.find(|name| name.ends_with("Key"));
    named.cloned().unwrap_or_default()
}

async fn end(change: &mut Change, mut import: entity::Model) -> Result<(), Problem> {
    let nothing = mode(&import)? == ImportMode::AllOrNothing && import.refused_count > 0;
    import.state = column::text(if nothing {
        ImportState::Refused
    } else {
        ImportState::Done
    });
    import.ended_at = Some(change.actor.at);
    store::forget_contents(change.tx(), import.id).await?;
    change.record("import", import.id, "import.ended", None);
    store::save(change, import).await?;
    Ok(())
}

/// Why all is undone.
enum Stop {
    Row(Uuid, Vec<Trouble>),
    Problem(Problem),
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Writes every row of an import in one transaction, or none.
async fn write_all(importer: &impl Importer, import: &entity::Model) -> Result<(), Problem> {
    let id = import.id;
    let work = async |change: &mut Change| write_each(importer, change, id).await;
    let written = importer.database().change(actor(importer, import)?, work);
    let (row, troubles) = match written.await {
        Ok(()) => return Ok(()),
        Err(Stop::Problem(problem)) => return Err(problem),
        Err(Stop::Row(row, troubles)) => (row, troubles),
    };
    let work = async |change: &mut Change| {
        let Some(mut import) = open(change.tx(), id).await? else {
            return Ok(());
        };
        let found = store::rows(id).filter(row_entity::Column::Id.eq(row));
        let found = found.one(change.tx()).await.map_err(DatabaseError::from)?;
        if let Some(mut row) = found {
            uncount(&mut import, column::parse(&row.outcome)?);
            row.thing_id = None;
            settle(change, &mut import, row, Err(Refused::Because(troubles))).await?;
        }
        end(change, import).await
    };
    let actor = actor(importer, import)?;
    importer.database().change(actor, work).await
}

fn uncount(import: &mut entity::Model, outcome: RowOutcome) {
    match outcome {
        RowOutcome::Created => import.created_count -= 1,
        RowOutcome::Changed => import.changed_count -= 1,
        RowOutcome::Unchanged => import.unchanged_count -= 1,
        RowOutcome::Refused => import.refused_count -= 1,
        RowOutcome::Waiting => {}
    }
}

async fn write_each(importer: &impl Importer, change: &mut Change, id: Uuid) -> Result<(), Stop> {
    let Some(mut import) = open(change.tx(), id).await? else {
        return Ok(());
    };
    let task = Task::of(&import, false)?;
    for pass in 0..=import.pass {
        let mut after = Uuid::nil();
        loop {
            let rows = store::decided(change.tx(), id, (pass, after), FLUSHED).await?;
            let Some(last) = rows.last() else {
                break;
            };
            after = last.id;
            let named = rows.iter().filter_map(|row| row.external_key.clone());
            let things = store::things(change.tx(), task.owner, task.kind, named).await?;
            for row in rows {
                write_one(importer, change, (&task, &mut import), row, &things).await?;
            }
            change.flush().await?;
        }
    }
    Ok(end(change, import).await?)
}

async fn write_one(
    importer: &impl Importer,
    change: &mut Change,
    (task, import): (&Task, &mut entity::Model),
    mut row: row_entity::Model,
    things: &HashMap<String, Uuid>,
) -> Result<(), Stop> {
    let Some(open) = open_row(&row, things) else {
        return Err(Stop::Row(row.id, vec![Trouble::of(&IMPORT_ROW_FORGOTTEN)]));
    };
    let done = match importer.import(change, task, &open).await {
        Ok(done) => done,
        Err(Refused::Failed(problem)) => return Err(problem.into()),
        Err(Refused::Because(troubles)) => return Err(Stop::Row(row.id, troubles)),
        Err(Refused::Waits(column)) => {
            let Refused::Because(troubles) = Refused::unknown(column) else {
                return Ok(());
            };
            return Err(Stop::Row(row.id, troubles));
        }
    };
    remember(change, task, &open, &done).await?;
    uncount(import, column::parse(&row.outcome)?);
    count(import, done.outcome);
    row.outcome = column::text(done.outcome);
    row.thing_id = Some(done.thing);
    row::update::<row_entity::Entity>(change.tx(), row).await?;
    Ok(())
}
