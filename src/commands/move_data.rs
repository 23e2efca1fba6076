//! `akademi move`: from SQLite files to PostgreSQL, once and whole.
//!
//! Nothing lasts before all four databases are copied and compared. Nobody else can use them
//! meanwhile.

use super::audit;
use crate::{
    Fault,
    home::Home,
    say,
    settings::{Addresses, PartName},
    update,
};
use shared_database::{
    migrate::Level,
    transfer::{self, Tables, Transfer},
};
use std::{
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

pub(super) async fn run(data: &Path, targets: Addresses) -> Result<ExitCode, Fault> {
    let started = Instant::now();
    let targets = audit::known(targets.0)?;
    let home = Home::new(data);
    let empty = Empty::make(data)?;
    let mut under_way = Vec::new();
    for part in PartName::SERVICES {
        let name = part.name();
        let to = targets.get(name);
        let to =
            to.ok_or_else(|| format!("--database-urls lacks {name}: all four move at once"))?;
        let from = home.database_url(name);
        let begun = begin(part, &from, to, &empty).await;
        under_way.push((part, begun.map_err(|error| format!("{name}: {error}"))?));
    }
    let (mut rows, mut tables) = (0, 0);
    for (part, transfer) in &mut under_way {
        let copied = copy(*part, transfer).await;
        let contents = copied.map_err(|error| format!("{}: {error}", part.name()))?;
        rows += contents.values().map(|one| one.rows).sum::<u64>();
        tables += contents.len();
    }
    for (_, transfer) in under_way {
        transfer.commit().await?;
    }
    say::line(format_args!(
        "{rows} rows in {tables} tables are the same on both sides, {} ms",
        started.elapsed().as_millis()
    ));
    say::line(format_args!(
        "keep {} and the ledger of erasures: every service on PostgreSQL needs the keys",
        home.keys_dir().display()
    ));
    say::line("then move the SQLite files elsewhere, so that nothing serves from them again");
    Ok(ExitCode::SUCCESS)
}

/// Begins a move, if both sides are of this release and nothing is on the other.
async fn begin(part: PartName, from: &str, to: &str, empty: &Empty) -> Result<Transfer, Fault> {
    if !to.starts_with("postgres") {
        return Err("the target has to be postgres://…".into());
    }
    if !audit::is_there(from) {
        return Err(format!("{from} is not there").into());
    }
    at_this_release("the SQLite file", &update::level(part, from).await?)?;
    let there = transfer::tables_there(to).await?;
    let level = update::level(part, to).await?;
    if level.is_new {
        if let Some(table) = there.iter().find(|name| *name != "seaql_migrations") {
            return Err(format!("the target has a table {table} that is not ours").into());
        }
        update::migrate(part, to).await?;
    } else {
        at_this_release("the target", &level)?;
    }
    let untouched = empty.url(part);
    update::migrate(part, &untouched).await?;
    let mut transfer = Transfer::begin(from, to).await?;
    // What migrations themselves have written is nobody's.
    let made = transfer::contents_of_file(&untouched, &transfer).await?;
    for (table, contents) in transfer.target_contents().await? {
        if made.get(&table) != Some(&contents) {
            return Err(format!("the target is not empty: {table} has {contents}").into());
        }
    }
    Ok(transfer)
}

fn at_this_release(side: &str, level: &Level) -> Result<(), Fault> {
    match (level.pending.as_slice(), level.newer.as_slice()) {
        ([], []) => Ok(()),
        ([first, ..], _) => Err(format!(
            "{side} has not had {first} yet: start this release on it once, or `akademi migrate`"
        )
        .into()),
        ([], [first, ..]) => {
            Err(format!("{side} has had {first} of a newer release: move by that one").into())
        }
    }
}

/// Copies, and compares what each side reads from its own tables.
async fn copy(part: PartName, transfer: &mut Transfer) -> Result<Tables, Fault> {
    transfer.copy().await?;
    let before = transfer.source_contents().await?;
    let after = transfer.target_contents().await?;
    for (table, contents) in &before {
        let there = after.get(table);
        if there != Some(contents) {
            let there = there.map_or_else(|| "nothing".to_owned(), ToString::to_string);
            return Err(format!("{table}: {contents} became {there}; nothing was moved").into());
        }
        if contents.rows > 0 {
            say::line(format_args!("{:<13} {table:<28} {contents}", part.name()));
        }
    }
    Ok(before)
}

/// Databases as migrations alone leave them, beside the real ones; gone at the end.
struct Empty(PathBuf);

impl Empty {
    fn make(data: &Path) -> Result<Self, Fault> {
        let folder = data.join(".move");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        if !data.exists() {
            return Err(format!("{} is not there", data.display()).into());
        }
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }

    fn url(&self, part: PartName) -> String {
        Home::new(&self.0).database_url(part.name())
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
