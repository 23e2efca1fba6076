//! Reads all databases and says which promises are not kept.

use super::{ledger::Entry, parts::Parts};
use crate::program::SERVICES;
use shared_database::Database;
use shared_testing::database::{number, texts};
use std::collections::{BTreeMap, BTreeSet};

/// What was found: a sentence for each promise that is broken, and how much was looked at.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) broken: Vec<String>,
    pub(crate) figures: BTreeMap<&'static str, i64>,
}

impl Findings {
    fn expect(&mut self, promise: &str, is_kept: bool, what: impl FnOnce() -> String) {
        if !is_kept {
            self.broken.push(format!("{promise}: {}", what()));
        }
    }

    /// Whether a promise is among those that are broken.
    pub(crate) fn breaks(&self, promise: &str) -> bool {
        let promise = format!("{promise}:");
        self.broken.iter().any(|one| one.starts_with(&promise))
    }
}

fn hex(id: &str) -> String {
    id.replace('-', "")
}

/// An id as both databases write it when asked like this.
fn id(database: &Database, column: &str) -> String {
    if database.is_postgres() {
        format!("replace({column}::text, '-', '')")
    } else {
        format!("lower(hex({column}))")
    }
}

async fn column(database: &Database, column: &str, rest: &str) -> Vec<String> {
    let query = format!("SELECT {} AS row {rest}", id(database, column));
    texts(database, &query).await
}

/// Looks at everything, once nothing is on its way any more.
pub(crate) async fn check(parts: &Parts, entries: &[Entry]) -> Findings {
    let mut findings = Findings::default();
    let registration = parts.installation.database("registration").await;
    seats(&registration, &mut findings).await;
    acknowledged(&registration, entries, &mut findings).await;
    for service in SERVICES.into_iter().skip(1) {
        let other = parts.installation.database(service).await;
        effects(&registration, &other, service, &mut findings).await;
    }
    let (told, sound) = parts.histories_verify();
    findings.expect("P16", sound, || told);
    findings
}

/// P1: no more seats are held or taken than there are.
async fn seats(registration: &Database, findings: &mut Findings) {
    let used = "SELECT CAST(COALESCE(SUM(seats - seats_used), 0) AS BIGINT) FROM holds \
         WHERE holds.round_id = rounds.id AND holds.state = 'held'";
    let oversold = format!(
        "SELECT COUNT(*) AS row FROM rounds WHERE ({used}) > rounds.seats \
         OR ({used}) <> rounds.seats_used"
    );
    let oversold = number(registration, &oversold).await;
    findings.expect("P1", oversold == 0, || {
        format!("{oversold} rounds count seats wrongly")
    });
    let held = "SELECT COUNT(*) AS row FROM holds WHERE state = 'held'";
    findings
        .figures
        .insert("seats_held", number(registration, held).await);
}

/// P2, P3 and P16: what was confirmed is there, once, with its history; what was refused is not.
async fn acknowledged(registration: &Database, entries: &[Entry], findings: &mut Findings) {
    let organisations: BTreeSet<String> = column(registration, "id", "FROM organisations")
        .await
        .into_iter()
        .collect();
    let holds: BTreeSet<String> = column(registration, "id", "FROM holds")
        .await
        .into_iter()
        .collect();
    let mut marks: BTreeMap<String, usize> = BTreeMap::new();
    let made = "SELECT name AS row FROM organisations WHERE name LIKE 'Verk %'";
    // A hold's reason stands at the round's change, too.
    let reasons = "SELECT reason AS row FROM change_reasons \
         JOIN changes ON changes.id = change_reasons.change_id \
         WHERE reason LIKE 'Verk %' AND changes.kind = 'hold'";
    for mark in texts(registration, made)
        .await
        .into_iter()
        .chain(texts(registration, reasons).await)
    {
        *marks.entry(mark).or_default() += 1;
    }
    let told: BTreeSet<String> = column(registration, "thing_id", "FROM changes")
        .await
        .into_iter()
        .collect();
    for entry in entries {
        let times = marks.remove(&entry.mark).unwrap_or(0);
        match &entry.outcome {
            Ok(made) => {
                let made = hex(made);
                let all = if entry.is_hold {
                    &holds
                } else {
                    &organisations
                };
                findings.expect("P2", all.contains(&made), || {
                    format!("{} was confirmed and is lost", entry.mark)
                });
                findings.expect("P3", times <= 1, || {
                    format!("{} was done {times} times", entry.mark)
                });
                findings.expect("P16", told.contains(&made), || {
                    format!("{} has no history", entry.mark)
                });
            }
            Err(code) => findings.expect("P3", times == 0, || {
                format!("{} was refused ({code}) and done", entry.mark)
            }),
        }
    }
    findings.expect("P3", marks.is_empty(), || {
        format!("nobody asked for {marks:?}")
    });
    let confirmed = entries.iter().filter(|entry| entry.outcome.is_ok());
    let repeats: usize = entries.iter().map(|entry| entry.sent - 1).sum();
    let count = |number: usize| i64::try_from(number).unwrap();
    findings
        .figures
        .insert("confirmed", count(confirmed.count()));
    findings.figures.insert("asked", count(entries.len()));
    findings.figures.insert("repeated", count(repeats));
}

/// P4: every event has had its effect at every other service, and none twice.
async fn effects(
    registration: &Database,
    other: &Database,
    service: &str,
    findings: &mut Findings,
) {
    let own = column(registration, "id", "FROM organisations ORDER BY 1").await;
    let known = column(other, "id", "FROM known_organisations ORDER BY 1").await;
    findings.expect("P4", own == known, || {
        format!(
            "{service} knows {} of {} organisations",
            known.len(),
            own.len()
        )
    });
    // Those that every other service is told; what is only in the feed goes to none of them.
    let told = "FROM outbox WHERE subject IN (SELECT subject FROM outbox WHERE kind LIKE 'organisation.%')";
    let events: BTreeSet<String> = column(registration, "id", told).await.into_iter().collect();
    let received = column(other, "event_id", "FROM inbox").await;
    let received: BTreeSet<String> = received.into_iter().collect();
    let missing = events.difference(&received).count();
    findings.expect("P4", missing == 0, || {
        format!("{service} has not had {missing} events")
    });
    let events = i64::try_from(events.len()).unwrap();
    findings.figures.insert("events", events);
}
