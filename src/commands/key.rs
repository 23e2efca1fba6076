//! `akademi key`: the keys with which systems call.

use super::{state, told};
use crate::{Fault, say, settings::Key};
use registration::init::{create_key, revoke_key};
use std::process::ExitCode;

pub(super) async fn run(command: Key) -> Result<ExitCode, Fault> {
    match command {
        Key::Create {
            name,
            role,
            organisation,
            storage,
        } => {
            let state = state(&storage).await?;
            let key = create_key(&state, &name, role, organisation).await;
            let key = key.map_err(|problem| told(&problem))?;
            say::line(format_args!("id       {}", key.id));
            say::line(format_args!("API key  {}", key.api_key));
            say::line("The key is shown this once. Send it as a bearer token.");
        }
        Key::Revoke { id, storage } => {
            let state = state(&storage).await?;
            let revoked = revoke_key(&state, id).await;
            revoked.map_err(|problem| told(&problem))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
