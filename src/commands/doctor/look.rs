//! What is looked at, thing by thing.

use super::Finding;
use crate::{
    commands::{audit, migrate, serve},
    home::Home,
    services,
    settings::{PartName, Serve},
};
use shared_database::{Database, DatabaseError, Server};
use shared_events::{Broker, BrokerUrl, held};
use shared_web::{clock, key::KeyPair, outgoing, probe};
use std::{collections::BTreeMap, path::Path, time::Duration};

/// The services, in the order in which they are looked at.
const SERVICES: [PartName; 4] = [
    PartName::Registration,
    PartName::Scheduling,
    PartName::Mentorship,
    PartName::Evaluation,
];
/// By how much clocks may differ before tokens that live for seconds are at risk.
const CLOCK_MILLIS: i64 = 500;
/// Free space below which it hurts, and below which nothing can be written soon.
const LITTLE_BYTES: u64 = 2 << 30;
const NO_BYTES: u64 = 200 << 20;
/// How long the database has to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The oldest PostgreSQL that is supported.
const OLDEST_POSTGRES: i64 = 150_000;

pub(super) async fn at_all_in_one(settings: &Serve) -> Vec<Finding> {
    let folder = &settings.storage.data_dir;
    let home = Home::new(folder);
    let mut findings = vec![serving(serve::check_all_in_one(settings))];
    findings.push(room(folder));
    for part in SERVICES {
        let elsewhere = settings.database_urls.as_ref();
        let url = elsewhere.and_then(|urls| urls.0.get(part.name()).cloned());
        let url = url.unwrap_or_else(|| home.database_url(part.name()));
        findings.extend(at_database(part, &url).await);
    }
    findings.push(at_key_folder(folder));
    findings.extend(at_mail_and_ledger(settings).await);
    findings.extend(at_issuers(settings).await);
    findings
}

pub(super) async fn at_service(part: PartName, settings: &Serve) -> Vec<Finding> {
    let storage = &settings.storage;
    let mut findings = vec![serving(serve::check_service(part, settings))];
    // Not asked of whoever would make the folder.
    let own = || Home::new(&storage.data_dir).database_url(part.name());
    let url = storage.database_url.clone().unwrap_or_else(own);
    findings.extend(at_database(part, &url).await);
    findings.push(at_key(part, settings));
    if let Some(url) = &settings.events_url {
        findings.push(at_broker(part, settings, url).await);
    } else if let Some(peers) = &settings.peers {
        findings.extend(at_peers(part, &peers.0).await);
    }
    if part == PartName::Registration {
        findings.extend(at_mail_and_ledger(settings).await);
    }
    if storage.database_url.is_none() {
        findings.push(room(&storage.data_dir));
    }
    findings
}

pub(super) async fn at_gateway(settings: &Serve) -> Vec<Finding> {
    let mut findings = vec![serving(serve::check_gateway(settings))];
    findings.push(at_key(PartName::Gateway, settings));
    if let Some(upstreams) = &settings.upstreams {
        findings.extend(at_peers(PartName::Gateway, &upstreams.0).await);
    }
    findings.extend(at_issuers(settings).await);
    findings
}

fn serving(checked: Result<(), crate::Fault>) -> Finding {
    match checked {
        Ok(()) => Finding::well("settings", "complete"),
        Err(fault) => Finding::broken("settings", fault),
    }
}

async fn at_database(part: PartName, url: &str) -> Vec<Finding> {
    let name = part.name();
    let thing = format!("database {name}");
    if !audit::is_there(url) {
        return vec![Finding::worrying(
            thing,
            "no file yet; it is made at the first start",
        )];
    }
    let looked = tokio::time::timeout(PATIENCE, look_into(part, url, name)).await;
    match looked {
        Ok(Ok(findings)) => findings,
        Ok(Err(error)) => vec![Finding::broken(thing, error)],
        Err(_) => vec![Finding::broken(thing, "no answer within 5 s")],
    }
}

async fn look_into(
    part: PartName,
    url: &str,
    name: &'static str,
) -> Result<Vec<Finding>, DatabaseError> {
    let database = Database::connect(url, name).await?;
    let pending = migrate::pending(part, url).await?;
    let before = now_millis();
    let server = database.server().await?;
    let mut findings = vec![at_server(name, server)];
    let thing = format!("migrations {name}");
    findings.push(match pending.len() {
        0 => Finding::well(thing, "none pending"),
        count => Finding::worrying(
            thing,
            format!(
                "{count} pending, from {}; the next start does them",
                pending.first().map_or("", String::as_str)
            ),
        ),
    });
    if let Server::Postgres { clock_millis, .. } = server {
        findings.push(at_clock(name, clock_millis, before, now_millis()));
    }
    if pending.is_empty() {
        findings.push(match held::count(&database).await? {
            0 => Finding::well(format!("events {name}"), "none held"),
            count => Finding::worrying(
                format!("events {name}"),
                format!("{count} held: see `akademi events held {name}`"),
            ),
        });
    }
    Ok(findings)
}

fn at_server(name: &str, server: Server) -> Finding {
    let thing = format!("database {name}");
    match server {
        Server::Postgres { version, .. } => {
            let text = format!("PostgreSQL {}.{}", version / 10_000, version % 10_000);
            if version < OLDEST_POSTGRES {
                Finding::broken(thing, format!("{text}: 15 is the oldest"))
            } else {
                Finding::well(thing, text)
            }
        }
        Server::Sqlite { is_sound: true } => Finding::well(thing, "SQLite, file sound"),
        Server::Sqlite { is_sound: false } => Finding::broken(thing, "SQLite: file damaged"),
    }
}

/// Its clock, asked between two looks at ours.
fn at_clock(name: &str, theirs: i64, before: i64, after: i64) -> Finding {
    let apart = (theirs - after).max(before - theirs).max(0);
    let thing = format!("clock {name}");
    let text = format!("{apart} ms from the database's");
    if apart > CLOCK_MILLIS {
        let text = format!("{text}; more than {CLOCK_MILLIS} is a risk for tokens");
        Finding::worrying(thing, text)
    } else {
        Finding::well(thing, text)
    }
}

fn now_millis() -> i64 {
    clock::system_micros() / 1000
}

fn at_key(part: PartName, settings: &Serve) -> Finding {
    let Some(file) = &settings.key_file else {
        return Finding::broken("key", "AKADEMI_KEY_FILE is not set");
    };
    match KeyPair::load(part.name(), file) {
        Err(error) => Finding::broken("key", error),
        Ok(pair) => match settings
            .trusted_keys
            .as_ref()
            .map(|keys| keys.get(part.name()))
        {
            Some(Some(public)) if public != pair.public() => Finding::broken(
                "key",
                "AKADEMI_TRUSTED_KEYS names another public key for it",
            ),
            Some(None) => Finding::broken("key", "AKADEMI_TRUSTED_KEYS does not name it"),
            _ => Finding::well("key", format!("public half {}", pair.public())),
        },
    }
}

fn at_key_folder(folder: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt as _;
    let keys = folder.join("keys");
    if !keys.exists() {
        return Finding::worrying("keys", "none yet; they are made at the first start");
    }
    let open =
        std::fs::metadata(folder).is_ok_and(|folder| folder.permissions().mode() & 0o077 != 0);
    if open {
        let text = format!("others may enter {}: chmod 700", folder.display());
        Finding::worrying("keys", text)
    } else {
        Finding::well("keys", keys.display())
    }
}

/// Where mails go, and where erasures are written.
async fn at_mail_and_ledger(settings: &Serve) -> Vec<Finding> {
    let home = Home::new(&settings.storage.data_dir);
    let ledger = settings.storage.erasure_ledger.clone();
    let ledger = ledger.unwrap_or_else(|| home.erasure_ledger());
    vec![
        at_mail(settings, &home).await,
        writable("erasures", "noted in", &ledger),
    ]
}

async fn at_mail(settings: &Serve, home: &Home) -> Finding {
    let outgoing = services::outgoing(&settings.storage, &settings.outgoing_networks);
    let outgoing = match outgoing {
        Ok(outgoing) => outgoing,
        Err(fault) => return Finding::broken("mail", fault),
    };
    let Some(server) = &outgoing.smtp else {
        let folder = settings.storage.mail_dir.clone();
        let folder = folder.unwrap_or_else(|| home.mail_dir());
        return writable("mail", "written to", &folder);
    };
    let greeted = tokio::time::timeout(PATIENCE, server.connect(outgoing.sender.domain())).await;
    match greeted {
        Ok(Ok(session)) => {
            session.close().await;
            Finding::well("mail", "the mail server answers")
        }
        // What is to be sent waits.
        Ok(Err(error)) => Finding::worrying("mail", error),
        Err(_) => Finding::worrying("mail", "no answer of the mail server within 5 s"),
    }
}

/// Whether a file or folder can be written, or made where it is missing.
fn writable(thing: &str, how: &str, path: &Path) -> Finding {
    match rustix::fs::access(nearest(path), rustix::fs::Access::WRITE_OK) {
        Ok(()) => Finding::well(thing, format!("{how} {}", path.display())),
        Err(error) => Finding::broken(thing, format!("{}: {error}", path.display())),
    }
}

/// What is there of a path: itself, or the folder in which it would be made.
fn nearest(path: &Path) -> &Path {
    let there = path.ancestors().find(|one| one.exists());
    // Of a path that begins here, the last one is empty.
    there.unwrap_or(Path::new("."))
}

fn room(folder: &Path) -> Finding {
    match rustix::fs::statvfs(nearest(folder)) {
        Err(error) => Finding::broken("disk", format!("{}: {error}", folder.display())),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let text = format!("{} MiB free at {}", free >> 20, folder.display());
            if free < NO_BYTES {
                Finding::broken("disk", text)
            } else if free < LITTLE_BYTES {
                Finding::worrying("disk", text)
            } else {
                Finding::well("disk", text)
            }
        }
    }
}

async fn at_peers(own: PartName, peers: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, url) in peers.iter().filter(|(name, _)| *name != own.name()) {
        let thing = format!("service {name}");
        findings.push(match probe::status(&format!("{url}/health/ready")).await {
            Ok(200) => Finding::well(thing, "ready"),
            Ok(status) => Finding::worrying(thing, format!("answers {status} at /health/ready")),
            Err(error) => Finding::worrying(thing, error),
        });
    }
    findings
}

async fn at_issuers(settings: &Serve) -> Vec<Finding> {
    let mut findings = Vec::new();
    for issuer in &settings.oidc_issuers.0 {
        let thing = "identity provider";
        findings.push(match keys_at(&issuer.jwks_url).await {
            Ok(0) => Finding::broken(thing, format!("{}: no keys", issuer.jwks_url)),
            Ok(count) => Finding::well(thing, format!("{count} keys at {}", issuer.jwks_url)),
            Err(error) => Finding::broken(thing, format!("{}: {error}", issuer.jwks_url)),
        });
    }
    findings
}

async fn keys_at(url: &str) -> Result<usize, crate::Fault> {
    let client = outgoing::internal([url])?;
    let request = client.request(outgoing::Method::GET, url)?;
    let answer = request.send().await?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("answers {}", status.as_u16()).into());
    }
    let keys: serde_json::Value = answer.json().await?;
    let keys = keys.get("keys").and_then(serde_json::Value::as_array);
    Ok(keys.ok_or("no set of keys")?.len())
}

async fn at_broker(part: PartName, settings: &Serve, url: &str) -> Finding {
    let name = part.name();
    let look = async {
        let url: BrokerUrl = url.parse()?;
        let file = settings
            .key_file
            .as_deref()
            .ok_or("AKADEMI_KEY_FILE is not set")?;
        let broker = Broker::new(url, std::sync::Arc::new(KeyPair::load(name, file)?));
        Ok::<_, crate::Fault>(broker.version().await?)
    };
    match look.await {
        Ok(version) => Finding::well("broker", format!("NATS {version}")),
        Err(error) => Finding::broken("broker", error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::State;

    #[test]
    fn an_old_server_and_a_damaged_file_are_broken_and_a_clock_that_is_off_is_a_worry() {
        let server = |version| Server::Postgres {
            version,
            clock_millis: 0,
        };
        assert_eq!(at_server("x", server(150_000)).state, State::Well);
        assert_eq!(at_server("x", server(140_011)).state, State::Broken);
        let file = |is_sound| at_server("x", Server::Sqlite { is_sound }).state;
        assert_eq!([file(true), file(false)], [State::Well, State::Broken]);
        let clock = |theirs| at_clock("x", theirs, 10_000, 10_100).state;
        assert_eq!(clock(10_050), State::Well);
        assert_eq!(clock(10_600), State::Well);
        assert_eq!(clock(10_601), State::Worrying);
        assert_eq!(clock(9_499), State::Worrying);
    }
}
