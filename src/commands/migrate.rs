//! `akademi migrate`: brings a service's database to the newest version before the service starts.

use crate::{
    Fault, say, services,
    settings::{PartName, Storage},
};
use shared_database::{DatabaseError, migrate};
use std::process::ExitCode;

pub(super) async fn run(part: PartName, storage: &Storage) -> Result<ExitCode, Fault> {
    let name = part.name();
    let url = services::database_url(name, storage)?;
    let before = pending(part, &url).await?;
    match part {
        PartName::Gateway => return Err("the gateway has no database".into()),
        PartName::Registration => migrate::run::<registration::migrations::Migrator>(&url).await?,
        PartName::Scheduling => migrate::run::<scheduling::migrations::Migrator>(&url).await?,
        PartName::Mentorship => migrate::run::<mentorship::migrations::Migrator>(&url).await?,
        PartName::Evaluation => migrate::run::<evaluation::migrations::Migrator>(&url).await?,
    }
    let count = before.len();
    say::line(format_args!(
        "{name}: {count} migrations were pending, none is now"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Names of the migrations that a database has not had yet.
pub(super) async fn pending(part: PartName, url: &str) -> Result<Vec<String>, DatabaseError> {
    match part {
        PartName::Gateway => Ok(Vec::new()),
        PartName::Registration => migrate::pending::<registration::migrations::Migrator>(url).await,
        PartName::Scheduling => migrate::pending::<scheduling::migrations::Migrator>(url).await,
        PartName::Mentorship => migrate::pending::<mentorship::migrations::Migrator>(url).await,
        PartName::Evaluation => migrate::pending::<evaluation::migrations::Migrator>(url).await,
    }
}
