//! `akademi keys`: key pairs of processes, and the key that signs certificates.

use crate::{Fault, say, settings::Keys};
use evaluation::certificates::keys::IssuerKeys;
use shared_envelope::file::Identity;
use shared_web::key::{KeyPair, write_secret};
use std::{path::Path, process::ExitCode};

pub(super) fn run(command: &Keys) -> Result<ExitCode, Fault> {
    let path = match command {
        Keys::Generate { path } => path,
        Keys::Backup { path } => return backup(path),
        Keys::Issuer { name } => {
            say::line(IssuerKeys::generate(name)?);
            return Ok(ExitCode::SUCCESS);
        }
    };
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or("the path names no file")?;
    // Kept where it exists: what trusts the public key already would trust it no more.
    let pair = KeyPair::load_or_generate(name, path)?;
    say::line(pair.public());
    Ok(ExitCode::SUCCESS)
}

/// A key pair for encrypted copies. One that is there is not written over: copies may need it.
fn backup(path: &Path) -> Result<ExitCode, Fault> {
    if path.exists() {
        return Err(format!("{} is there already", path.display()).into());
    }
    let identity = Identity::generate()?;
    let public = identity.recipient()?;
    write_secret(
        path,
        &format!("# public key: {public}\n{}\n", identity.secret()),
    )?;
    say::line(public);
    Ok(ExitCode::SUCCESS)
}
