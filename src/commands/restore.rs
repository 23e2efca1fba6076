//! `akademi restore`: brings back what `akademi backup` has copied.

use super::{
    audit,
    backup::{ENCRYPTED, KEYS, SUMS, copy_private, digest},
    erasures,
};
use crate::{Fault, home::Home, say, settings::Storage};
use shared_database::copy;
use shared_envelope::file::{self, Identity};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufReader, BufWriter, Write},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
    process::ExitCode,
};

pub(super) async fn run(
    folder: &Path,
    only_check: bool,
    identity: Option<&Path>,
    storage: &Storage,
) -> Result<ExitCode, Fault> {
    let names = check(folder).await?;
    let is_encrypted = names.iter().any(|name| name.ends_with(ENCRYPTED));
    let identity = identity.map(read_identity).transpose()?;
    let copy = Copy {
        folder,
        names,
        identity,
    };
    if is_encrypted && copy.identity.is_none() {
        if only_check {
            say::line(format_args!(
                "{}: every file is what was written; they are encrypted, and only with \
                 --identity their content is looked at",
                folder.display()
            ));
            return Ok(ExitCode::SUCCESS);
        }
        return Err(
            "the copy is encrypted: name the file with its private key, --identity FILE".into(),
        );
    }
    if only_check {
        for name in &copy.names {
            copy.open(name, &mut io::sink())?;
        }
        say::line(format_args!("{} is whole", folder.display()));
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
    copy.has_keys(data)?;
    let unfinished = |service: &str| data.join(format!("{service}.sqlite.restored"));
    for service in audit::SERVICES {
        copy.bring(&format!("{service}.sqlite"), &unfinished(service))?;
        if !copy::is_sound(&unfinished(service)).await? {
            return Err(format!("{}: {service} is damaged", folder.display()).into());
        }
    }
    copy.bring_keys(data)?;
    // Under their own names only when all are whole.
    for service in audit::SERVICES {
        fs::rename(unfinished(service), data.join(format!("{service}.sqlite")))?;
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
        let is_plain = names.contains(&name);
        if !is_plain && !names.contains(&format!("{name}{ENCRYPTED}")) {
            return Err(format!("{}: no copy of {service}", folder.display()).into());
        }
        if is_plain && !copy::is_sound(&folder.join(&name)).await? {
            return Err(format!("{}: {name} is damaged", folder.display()).into());
        }
    }
    Ok(names)
}

/// A list may come from anywhere: nothing is read or written but databases and keys.
fn is_known(name: &str) -> bool {
    let name = name.strip_suffix(ENCRYPTED).unwrap_or(name);
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

fn read_identity(file: &Path) -> Result<Identity, Fault> {
    let text = fs::read_to_string(file);
    let text = text.map_err(|error| format!("{}: {error}", file.display()))?;
    let identity = text.parse();
    Ok(identity.map_err(|error| format!("{}: {error}", file.display()))?)
}

/// A copy that was looked through.
struct Copy<'a> {
    folder: &'a Path,
    names: Vec<String>,
    identity: Option<Identity>,
}

impl Copy<'_> {
    /// Reads a file of the copy, in the clear.
    fn open(&self, name: &str, to: &mut impl Write) -> Result<(), Fault> {
        let path = self.folder.join(name);
        let mut from = BufReader::new(File::open(&path)?);
        match &self.identity {
            Some(identity) if name.ends_with(ENCRYPTED) => {
                let opened = file::decrypt(identity, &mut from, to);
                opened.map_err(|error| format!("{}: {error}", path.display()))?;
            }
            _ => {
                io::copy(&mut from, to)?;
            }
        }
        Ok(())
    }

    /// Brings a file back, encrypted or not, for its owner alone; it is on the disk when this
    /// returns.
    fn bring(&self, name: &str, to: &Path) -> Result<(), Fault> {
        if to.exists() {
            fs::remove_file(to)?;
        }
        if self.names.iter().any(|one| one == name) {
            return copy_private(&self.folder.join(name), to);
        }
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(to)?;
        let mut file = BufWriter::new(file);
        let opened = self.open(&format!("{name}{ENCRYPTED}"), &mut file);
        if opened.is_err() {
            // Half a file in the clear is nobody's.
            fs::remove_file(to)?;
        }
        opened?;
        Ok(file.get_ref().sync_all()?)
    }

    /// Names of the keys, as they are called in a data folder.
    fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = self.names.iter().filter(|name| name.contains('/'));
        keys.map(|name| name.strip_suffix(ENCRYPTED).unwrap_or(name))
    }

    /// Without any keys, much of what comes back could not be read.
    fn has_keys(&self, data: &Path) -> Result<(), Fault> {
        let to = data.join(KEYS);
        if self.keys().next().is_none() && !to.exists() {
            let to = to.display();
            return Err(
                format!("the copy is without keys: bring the folder {to} back first").into(),
            );
        }
        Ok(())
    }

    /// Keys that are there stay.
    fn bring_keys(&self, data: &Path) -> Result<(), Fault> {
        let to = data.join(KEYS);
        if !to.exists() {
            DirBuilder::new().mode(0o700).create(&to)?;
        }
        for name in self.keys().filter(|name| !data.join(name).exists()) {
            self.bring(name, &data.join(name))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_leads_nowhere_else() {
        for name in [
            "registration.sqlite",
            "registration.sqlite.age",
            "keys/link",
            "keys/needs.age",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in [
            "",
            "other.sqlite",
            "../registration.sqlite",
            "keys/",
            "keys/../link",
            "keys/..",
            "keys/.age",
            "../registration.sqlite.age",
            "keys/a/b",
            "/etc/passwd",
            "mail/x.eml",
        ] {
            assert!(!is_known(name), "{name}");
        }
    }
}
