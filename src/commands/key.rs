//! `akademi key`: the keys with which systems call.

use super::{state, told};
use crate::{Fault, say, settings::Key};
use registration::api_keys::store::{NewKey, create, revoke};
use std::process::ExitCode;

pub(super) async fn run(command: Key) -> Result<ExitCode, Fault> {
    match command {
        Key::Create {
            name,
            role,
            organisation,
            scopes,
            storage,
        } => {
            let state = state(&storage).await?;
            let new = NewKey {
                scopes: (!scopes.is_empty()).then_some(scopes),
                ..NewKey::unlimited(&name, role, organisation)
            };
            let key = create(&state, new).await;
            let (id, secret) = key.map_err(|problem| told(&problem))?;
            say::line(format_args!("id       {id}"));
            say::line(format_args!("API key  {}", secret.text));
            say::line("The key is shown this once. Send it as a bearer token.");
        }
        Key::Revoke { id, storage } => {
            let state = state(&storage).await?;
            let revoked = revoke(&state, id).await;
            revoked.map_err(|problem| told(&problem))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
