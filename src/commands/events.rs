//! `akademi events`: what a service could not apply, for its operator.

use crate::{
    Fault, say, services,
    settings::{Events, PartName, Storage},
};
use shared_database::Database;
use shared_events::held;
use std::process::ExitCode;

pub(super) async fn run(command: Events) -> Result<ExitCode, Fault> {
    match command {
        Events::Held { part, storage } => {
            let database = open(part, &storage).await?;
            let held = held::list(&database).await?;
            for row in &held {
                // Never its body: facts are about people.
                say::line(format_args!(
                    "{}  {}  from {}  subject {}  {} attempts  {}",
                    row.event_id, row.kind, row.source, row.subject, row.attempts, row.last_error
                ));
            }
            say::line(format_args!("{} events are held", held.len()));
            Ok(ExitCode::SUCCESS)
        }
        Events::Drop { part, id, storage } => {
            let database = open(part, &storage).await?;
            if held::drop(&database, id).await? {
                say::line(format_args!("{id} is given up"));
                return Ok(ExitCode::SUCCESS);
            }
            say::fault(format_args!("no event {id} is held"));
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn open(part: PartName, storage: &Storage) -> Result<Database, Fault> {
    if part == PartName::Gateway {
        return Err("the gateway has no database".into());
    }
    let url = services::database_url(part.name(), storage)?;
    Ok(Database::connect(&url, part.name()).await?)
}
