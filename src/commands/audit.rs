//! `akademi audit verify`: whether the history is what was sealed.

use crate::{Fault, home::Home, say, settings::Audit};
use shared_database::{Database, verify::Report};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::ExitCode,
};

/// The services, each with a history of its own.
pub(super) const SERVICES: [&str; 4] = [
    registration::api::NAME,
    scheduling::api::NAME,
    mentorship::api::NAME,
    evaluation::api::NAME,
];

pub(super) async fn run(command: Audit) -> Result<ExitCode, Fault> {
    let Audit::Verify {
        database_urls,
        heads,
        data_dir,
    } = command;
    let urls = match database_urls {
        Some(urls) => known(urls.0)?,
        None => in_folder(&data_dir)?,
    };
    let mut sound = true;
    let mut met = BTreeSet::new();
    let mut reports = Vec::new();
    for (name, url) in urls {
        let name = SERVICES
            .into_iter()
            .find(|service| *service == name)
            .unwrap_or("history");
        let report = verify(&url, name, &heads).await?;
        met.extend(report.heads_met.iter().cloned());
        reports.push((name, report));
    }
    for (name, report) in &reports {
        tell(name, report);
        sound &= report.is_sound();
    }
    for head in heads.iter().filter(|head| !met.contains(*head)) {
        say::line(format_args!(
            "no seal has the noted hash {head}: the newest seals were cut off, or the chain was written anew"
        ));
        sound = false;
    }
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(super) fn known(urls: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Fault> {
    match urls.keys().find(|name| !SERVICES.contains(&name.as_str())) {
        Some(name) => Err(format!("there is no service called {name:?}").into()),
        None => Ok(urls),
    }
}

/// The databases that are in a data folder; none at all is a fault, not a sound history.
pub(super) fn in_folder(folder: &Path) -> Result<BTreeMap<String, String>, Fault> {
    let home = Home::new(folder);
    let urls = SERVICES.map(|name| (name.to_owned(), home.database_url(name)));
    let there: BTreeMap<_, _> = urls.into_iter().filter(|(_, url)| is_there(url)).collect();
    if there.is_empty() {
        return Err(format!("{} holds no database of a service", folder.display()).into());
    }
    Ok(there)
}

/// Whether a SQLite file exists: opening it would make it.
pub(super) fn is_there(url: &str) -> bool {
    let path = url
        .strip_prefix("sqlite://")
        .map(|rest| rest.split('?').next().unwrap_or(rest));
    path.is_none_or(|path| Path::new(path).exists())
}

async fn verify(url: &str, name: &'static str, heads: &[String]) -> Result<Report, Fault> {
    if !is_there(url) {
        return Err(format!("the database of {name} is not there").into());
    }
    let database = Database::connect(url, name).await?;
    let report = shared_database::verify::verify(&database, heads).await;
    Ok(report.map_err(|error| format!("the history of {name} can't be read: {error}"))?)
}

fn tell(name: &str, report: &Report) {
    let head = match &report.head {
        Some((number, hash)) => format!("head {number} {hash}"),
        None => "no seal yet".to_owned(),
    };
    say::line(format_args!(
        "{name}: {} changes under {} seals, {head}",
        report.sealed, report.seals
    ));
    if let Some(oldest) = report.oldest_waiting {
        let waiting = report.waiting;
        say::line(format_args!(
            "{name}: {waiting} changes not sealed yet, the oldest of {oldest}"
        ));
    }
    for fault in &report.faults {
        say::line(format_args!("{name}: {fault}"));
    }
    let named = u64::try_from(report.faults.len()).unwrap_or(u64::MAX);
    if report.faults_count > named {
        let further = report.faults_count - named;
        say::line(format_args!("{name}: and {further} further faults"));
    }
}
