//! `akademi keys`: key pairs of processes, and the key that signs certificates.

use crate::{Fault, say, settings::Keys};
use evaluation::certificates::keys::IssuerKeys;
use shared_web::key::KeyPair;
use std::process::ExitCode;

pub(super) fn run(command: &Keys) -> Result<ExitCode, Fault> {
    let path = match command {
        Keys::Generate { path } => path,
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
