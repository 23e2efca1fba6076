//! `akademi migrate`: brings a service's database to the newest version before the service starts.

use crate::{
    Fault, say, services,
    settings::{PartName, Storage},
    update,
};
use shared_database::DatabaseError;
use std::process::ExitCode;

pub(super) async fn run(part: PartName, storage: &Storage) -> Result<ExitCode, Fault> {
    let name = part.name();
    if part == PartName::Gateway {
        return Err("the gateway has no database".into());
    }
    let url = services::database_url(name, storage)?;
    let before = pending(part, &url).await?;
    update::migrate(part, &url).await?;
    let count = before.len();
    say::line(format_args!(
        "{name}: {count} migrations were pending, none is now"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Names of the migrations that a database has not had yet.
pub(super) async fn pending(part: PartName, url: &str) -> Result<Vec<String>, DatabaseError> {
    Ok(update::level(part, url).await?.pending)
}
