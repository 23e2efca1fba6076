//! `akademi backup`: a copy of an installation's SQLite files, as of one moment, beside what runs.
//!
//! While the copies are made nobody writes to any of the databases: so no copy knows of a fact that
//! another service's copy has not told, and none was told that it has not got.

use super::audit;
use crate::{Fault, say};
use sha2::{Digest as _, Sha256};
use shared_database::{Database, copy};
use shared_envelope::file::{self, Recipient};
use shared_web::command::hex;
use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File, OpenOptions},
    io::{BufReader, BufWriter, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// The list of files with their digests, as `sha256sum --check` reads it.
pub(super) const SUMS: &str = "SHA256SUMS";
/// The folder of keys, in a copy as in a data folder.
pub(super) const KEYS: &str = "keys";
/// How the name of an encrypted file ends.
pub(super) const ENCRYPTED: &str = ".age";

pub(super) async fn run(
    folder: &Path,
    with_keys: bool,
    encrypt_to: Option<Recipient>,
    data: &Path,
) -> Result<ExitCode, Fault> {
    if folder.exists() {
        return Err(format!("{} is there already", folder.display()).into());
    }
    let started = Instant::now();
    let there = audit::in_folder(data)?;
    let unfinished = unfinished(folder)?;
    let mut names = match encrypt_to {
        None => copies(&unfinished, &there, with_keys, data).await?,
        Some(recipient) => {
            // Never in the clear where copies are kept; here all is in the clear in any case.
            let scratch = Scratch::make(data)?;
            let names = copies(&scratch.0, &there, with_keys, data).await?;
            encrypted(&recipient, &scratch.0, &unfinished, &names)?
        }
    };
    names.sort();
    write_sums(&unfinished, &names)?;
    if unfinished.join(KEYS).exists() {
        File::open(unfinished.join(KEYS))?.sync_all()?;
    }
    File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, folder)?;
    if let Some(parent) = folder.parent().filter(|one| !one.as_os_str().is_empty()) {
        File::open(parent)?.sync_all()?;
    }
    say::line(format_args!(
        "{} files in {}, {} ms",
        names.len(),
        folder.display(),
        started.elapsed().as_millis()
    ));
    if !with_keys {
        say::line(format_args!(
            "without the keys: keep {} too, elsewhere",
            data.join(KEYS).display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder beside the one that is to be, so that half a copy is never taken for a whole one. What
/// an attempt before has left is begun anew.
fn unfinished(folder: &Path) -> Result<PathBuf, Fault> {
    let name = folder.file_name().ok_or("the copy's folder needs a name")?;
    let mut name = name.to_owned();
    name.push(".unfinished");
    let unfinished = folder.with_file_name(name);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    let mut folders = DirBuilder::new();
    folders.recursive(true).mode(0o700).create(&unfinished)?;
    Ok(unfinished)
}

/// A folder for copies that are not encrypted yet; gone with what is in it at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn make(data: &Path) -> Result<Self, Fault> {
        let folder = data.join(".backup");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies what belongs to an installation; answers the files' names.
async fn copies(
    to: &Path,
    there: &BTreeMap<String, String>,
    with_keys: bool,
    data: &Path,
) -> Result<Vec<String>, Fault> {
    let mut names = databases(to, there).await?;
    if with_keys {
        names.extend(keys(to, data)?);
    }
    Ok(names)
}

/// Encrypts copies to another folder; answers the names that they have there.
fn encrypted(
    recipient: &Recipient,
    from: &Path,
    to: &Path,
    names: &[String],
) -> Result<Vec<String>, Fault> {
    let mut there = Vec::new();
    for name in names {
        let sealed = format!("{name}{ENCRYPTED}");
        let path = to.join(&sealed);
        if let Some(folder) = path.parent() {
            let mut folders = DirBuilder::new();
            folders.recursive(true).mode(0o700).create(folder)?;
        }
        let mut options = OpenOptions::new();
        let opened = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        let mut from = BufReader::new(File::open(from.join(name))?);
        let mut to = BufWriter::new(opened);
        file::encrypt(recipient, &mut from, &mut to)?;
        to.get_ref().sync_all()?;
        there.push(sealed);
    }
    Ok(there)
}

/// Copies every service's database; answers the files' names.
async fn databases(
    unfinished: &Path,
    there: &BTreeMap<String, String>,
) -> Result<Vec<String>, Fault> {
    let mut open = Vec::new();
    for service in audit::SERVICES {
        let url = there.get(service);
        let url = url.ok_or_else(|| format!("there is no database of {service}"))?;
        open.push((service, Database::connect(url, service).await?));
    }
    let mut still = Vec::new();
    for (_, database) in &open {
        still.push(database.begin().await?);
    }
    let waiting = Instant::now();
    let mut names = Vec::new();
    for (service, database) in &open {
        let name = format!("{service}.sqlite");
        database.copy_to(&unfinished.join(&name)).await?;
        names.push(name);
    }
    // Nothing was written in them.
    for transaction in still {
        transaction.commit().await?;
    }
    say::line(format_args!(
        "nobody could write for {} ms",
        waiting.elapsed().as_millis()
    ));
    for name in &names {
        let file = unfinished.join(name);
        if !copy::is_sound(&file).await? {
            return Err(format!("{}: the database is damaged", file.display()).into());
        }
        File::open(&file)?.sync_all()?;
    }
    Ok(names)
}

/// Copies the keys; answers the files' names.
fn keys(unfinished: &Path, data: &Path) -> Result<Vec<String>, Fault> {
    let to = unfinished.join(KEYS);
    DirBuilder::new().mode(0o700).create(&to)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(data.join(KEYS))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        copy_private(&entry.path(), &to.join(&name))?;
        names.push(format!("{KEYS}/{name}"));
    }
    Ok(names)
}

/// Copies a file for its owner alone; it is on the disk when this returns.
pub(super) fn copy_private(from: &Path, to: &Path) -> Result<(), Fault> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(to)?;
    std::io::copy(&mut File::open(from)?, &mut file)?;
    Ok(file.sync_all()?)
}

fn write_sums(folder: &Path, names: &[String]) -> Result<(), Fault> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(folder.join(SUMS))?;
    for name in names {
        writeln!(file, "{}  {name}", digest(&folder.join(name))?)?;
    }
    Ok(file.sync_all()?)
}

/// A file's SHA-256, in hex.
pub(super) fn digest(file: &Path) -> Result<String, Fault> {
    let mut file = File::open(file)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut block)?;
        if count == 0 {
            return Ok(hex(&digest.finalize()));
        }
        digest.update(block.get(..count).unwrap_or_default());
    }
}
