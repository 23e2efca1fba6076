//! The ledger of erasures: a file outside the database, one line for each.
//!
//! Whoever restores a backup brings people back who have been erased since. The ledger is kept
//! apart from backups, and when the service starts it erases again whoever stands in it and is
//! there. It holds ids and times alone. Lines that stand in it twice, as when two replicas write
//! at once, do no harm.

use super::{entity, steps, store};
use crate::{State, people};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError};
use shared_types::{Actor, PersonId, Problem};
use std::{
    collections::BTreeSet,
    io::{self, ErrorKind, SeekFrom},
    path::Path,
};
use tokio::{
    fs,
    io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _},
};

const REASON: &str = "Erased before; the data came back with a restored backup.";

/// One erasure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    person_id: PersonId,
    requested_at: DateTime<Utc>,
}

/// Erases again whoever stands in the ledger and came back. Says how many did.
pub async fn reapply(state: &Data<State>) -> Result<usize, Problem> {
    let lines = read(&state.erasure_ledger)
        .await
        .map_err(|error| unreadable(&error))?;
    let mut again = 0;
    for person in lines {
        let actor = Actor::system(state.core.clock.now());
        let erased = state
            .database
            .change(actor, async |change: &mut Change| {
                let erased = store::of_person(change.tx(), person).await?.is_some();
                let row = people::store::lock(change.tx(), person).await?;
                match row.filter(|_| !erased) {
                    Some(row) => steps::erase(change, row, REASON).await.map(|_| true),
                    None => Ok(false),
                }
            })
            .await?;
        again += usize::from(erased);
    }
    Ok(again)
}

fn unreadable(error: &io::Error) -> Problem {
    Problem::internal(format!("the ledger of erasures: {error}"))
}

/// Writes what is not in the ledger yet.
pub async fn write(state: &State) -> Result<(), Problem> {
    let rows = store::unwritten(state.database.read()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    append(&state.erasure_ledger, &rows)
        .await
        .map_err(|error| unreadable(&error))?;
    let transaction = state.database.begin().await?;
    let ids = rows.iter().map(|row| row.id);
    store::mark_written(transaction.connection(), ids).await?;
    Ok(transaction.commit().await?)
}

async fn append(path: &Path, rows: &[entity::Model]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).await?;
    }
    let mut text = String::new();
    for row in rows {
        let line = Line {
            person_id: row.person_id.into(),
            requested_at: row.requested_at,
        };
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    let mut file = fs::OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)
        .await?;
    if !is_whole(&mut file).await? {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes()).await?;
    file.sync_all().await
}

/// Whether the last line was written to its end: another must not begin within it.
async fn is_whole(file: &mut fs::File) -> io::Result<bool> {
    if file.metadata().await?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1)).await?;
    Ok(file.read_u8().await? == b'\n')
}

/// Whoever stands in the ledger. A last line that was not written whole is of an erasure that
/// the database knows.
async fn read(path: &Path) -> io::Result<BTreeSet<PersonId>> {
    let text = match fs::read_to_string(path).await {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(error),
    };
    let line = |line: &str| serde_json::from_str::<Line>(line).ok();
    Ok(text
        .lines()
        .filter_map(line)
        .map(|line| line.person_id)
        .collect())
}

/// Starts every erasure again, so that services whose data came back forget once more. Says how
/// many there are.
pub async fn repeat_all(state: &State) -> Result<usize, Problem> {
    use sea_orm::EntityTrait as _;
    let all = entity::Entity::find()
        .all(state.database.read())
        .await
        .map_err(DatabaseError::from)?;
    let count = all.len();
    for erasure in all {
        let actor = Actor::system(state.core.clock.now());
        let work = async |change: &mut Change| match store::lock(change, erasure.person_id.into())
            .await?
        {
            Some(erasure) => steps::repeat(change, erasure).await,
            None => Ok(()),
        };
        state.database.change(actor, work).await?;
    }
    Ok(count)
}
