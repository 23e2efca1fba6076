//! `akademi restore`: brings back what `akademi backup` has copied.

use super::{
    audit,
    backup::{KEYS, SUMS, copy_private, digest},
    erasures,
};
use crate::{Fault, home::Home, say, settings::Storage};
use shared_database::copy;
use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt as _,
    path::Path,
    process::ExitCode,
};

pub(super) async fn run(
    folder: &Path,
    only_check: bool,
    storage: &Storage,
) -> Result<ExitCode, Fault> {
    let names = check(folder).await?;
    say::line(format_args!("{} is whole", folder.display()));
    if only_check {
        return Ok(ExitCode::SUCCESS);
    }
    if storage.database_url.is_some() {
        return Err(
            "AKADEMI_DATABASE_URL is set, and this is for SQLite files in a data folder: \
             for PostgreSQL there is deploy/postgres/backup.sh"
                .into(),
        );
    }
    let data = &storage.data_dir;
    is_free(data)?;
    Home::new(data).make()?;
    bring_keys(folder, data, &names)?;
    for name in names.iter().filter(|name| !name.contains('/')) {
        // Under its own name only when it is whole.
        let unfinished = data.join(format!("{name}.restored"));
        if unfinished.exists() {
            fs::remove_file(&unfinished)?;
        }
        copy_private(&folder.join(name), &unfinished)?;
        fs::rename(&unfinished, data.join(name))?;
    }
    File::open(data)?.sync_all()?;
    say::line(format_args!("brought back to {}", data.display()));
    let home = Home::new(data);
    let ledger = storage.erasure_ledger.clone();
    let ledger = ledger.unwrap_or_else(|| home.erasure_ledger());
    if !ledger.exists() {
        let ledger = ledger.display();
        say::line(format_args!(
            "no ledger of erasures at {ledger}: whoever was erased since the copy was made is back"
        ));
    }
    erasures::repeat(storage).await?;
    Ok(ExitCode::SUCCESS)
}

/// The files of a copy, if all are there, unchanged and sound.
async fn check(folder: &Path) -> Result<Vec<String>, Fault> {
    let list = folder.join(SUMS);
    let list = fs::read_to_string(&list)
        .map_err(|error| format!("{}: no copy of akademi backup: {error}", list.display()))?;
    let mut names = Vec::new();
    for line in list.lines() {
        let (sum, name) = line
            .split_once("  ")
            .ok_or("the list of files is damaged")?;
        let known = is_known(name);
        if !known || digest(&folder.join(name))? != sum {
            return Err(format!("{}: not what was copied", folder.join(name).display()).into());
        }
        names.push(name.to_owned());
    }
    for service in audit::SERVICES {
        let name = format!("{service}.sqlite");
        if !names.contains(&name) {
            return Err(format!("{}: no copy of {service}", folder.display()).into());
        }
        if !copy::is_sound(&folder.join(&name)).await? {
            return Err(format!("{}: {name} is damaged", folder.display()).into());
        }
    }
    Ok(names)
}

/// A list may come from anywhere: nothing is read or written but databases and keys.
fn is_known(name: &str) -> bool {
    let database = name.strip_suffix(".sqlite");
    let key = name
        .strip_prefix(KEYS)
        .and_then(|rest| rest.strip_prefix('/'));
    let is_plain = |key: &str| !key.is_empty() && !key.contains('/') && !key.starts_with('.');
    database.is_some_and(|service| audit::SERVICES.contains(&service)) || key.is_some_and(is_plain)
}

/// Whether there is nothing that a copy would replace.
fn is_free(data: &Path) -> Result<(), Fault> {
    for service in audit::SERVICES {
        for end in ["sqlite", "sqlite-wal", "sqlite-shm"] {
            let file = data.join(service).with_extension(end);
            if file.exists() {
                return Err(format!(
                    "{} is there: stop what runs, and move the old databases elsewhere first",
                    file.display()
                )
                .into());
            }
        }
    }
    Ok(())
}

/// Keys that are there stay; without any, much of what comes back could not be read.
fn bring_keys(folder: &Path, data: &Path, names: &[String]) -> Result<(), Fault> {
    let mut keys = names.iter().filter(|name| name.contains('/')).peekable();
    let to = data.join(KEYS);
    if keys.peek().is_none() && !to.exists() {
        let to = to.display();
        return Err(format!("the copy is without keys: bring the folder {to} back first").into());
    }
    if !to.exists() {
        DirBuilder::new().mode(0o700).create(&to)?;
    }
    for name in keys.filter(|name| !data.join(name).exists()) {
        copy_private(&folder.join(name), &data.join(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_leads_nowhere_else() {
        for name in ["registration.sqlite", "keys/link", "keys/needs"] {
            assert!(is_known(name), "{name}");
        }
        for name in [
            "",
            "other.sqlite",
            "../registration.sqlite",
            "keys/",
            "keys/../link",
            "keys/..",
            "keys/a/b",
            "/etc/passwd",
            "mail/x.eml",
        ] {
            assert!(!is_known(name), "{name}");
        }
    }
}
