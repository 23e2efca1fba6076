//! `akademi update-check`: whether this release may start while the one before still runs.

use super::audit;
use crate::{
    Fault, say,
    settings::{PartName, UpdateCheck},
    update::{self, Step},
};
use shared_database::migrate::Level;
use std::process::ExitCode;

pub(super) async fn run(command: UpdateCheck) -> Result<ExitCode, Fault> {
    let urls = match &command.database_urls {
        Some(urls) => audit::known(urls.0.clone())?,
        None => audit::in_folder(&command.data_dir)?,
    };
    let mut may_roll = true;
    for part in PartName::SERVICES {
        let Some(url) = urls.get(part.name()) else {
            continue;
        };
        if !audit::is_there(url) {
            return Err(format!("the database of {} is not there", part.name()).into());
        }
        may_roll &= tell(part, &update::level(part, url).await?);
    }
    say::line(if may_roll {
        "may roll: start this release beside the one that runs"
    } else {
        "may not roll: stop every process of the older release first, then start this one"
    });
    Ok(if may_roll {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Says what is pending; whether the older release may go on meanwhile.
fn tell(part: PartName, level: &Level) -> bool {
    let name = part.name();
    for newer in &level.newer {
        say::line(format_args!(
            "{name}: {newer} was done by a newer release, beside which this one runs"
        ));
    }
    if level.is_new {
        say::line(format_args!("{name}: an empty database, nobody uses it"));
        return true;
    }
    if level.pending.is_empty() {
        say::line(format_args!("{name}: nothing pending"));
    }
    let mut may_roll = true;
    for migration in &level.pending {
        match update::step(part, migration) {
            Some(Step::Expands) => {
                say::line(format_args!("{name}: {migration} pending, expands"));
            }
            Some(Step::Stops(why)) => {
                say::line(format_args!("{name}: {migration} pending, STOPS: {why}"));
                may_roll = false;
            }
            None => {
                say::line(format_args!("{name}: {migration} pending, STOPS: unknown"));
                may_roll = false;
            }
        }
    }
    if !level.pending.is_empty() && !level.newer.is_empty() {
        say::line(format_args!(
            "{name}: the database is of another line of releases: this one does not start on it"
        ));
        may_roll = false;
    }
    may_roll
}
