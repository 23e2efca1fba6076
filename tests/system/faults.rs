//! What happens to a system at night: processes are killed, the file is locked by somebody else, the
//! network does what networks do. Meanwhile people ask for things, and at the end all databases are
//! read for what was promised.
//!
//! Short in the gate. By hand, longer and with a seed of one's own:
//! `AKADEMI_TEST_FAULTS=1700000000x20 cargo test --test system faults::`.

mod checker;
mod ledger;
mod parts;
mod proxy;

use crate::{
    installation::{self, until},
    program::Api,
};
use checker::{Findings, check};
use ledger::{Entry, Work};
use parts::Parts;
use proxy::Way;
use serde_json::{Value, json};
use shared_testing::database::{postgres_server, tamper};
use std::{
    path::Path,
    process::Command,
    rc::Rc,
    time::{Duration, Instant},
};

const WORKERS: usize = 4;
const SEATS: i64 = 30;

/// A fault.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Killed(&'static str),
    AllKilled,
    /// Somebody else writes to the database for longer than anybody waits.
    Locked,
    Network(Way),
}

const FAULTS: [Fault; 11] = [
    Fault::Killed("registration"),
    Fault::Killed("scheduling"),
    Fault::Killed("mentorship"),
    Fault::Killed("evaluation"),
    Fault::Killed("gateway"),
    Fault::AllKilled,
    Fault::Locked,
    Fault::Network(Way::Late),
    Fault::Network(Way::Garbage),
    Fault::Network(Way::Cut),
    Fault::Network(Way::HalfOpen),
];

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        // Knuth's constants; the high bits are the good ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// All faults, in an order of its own.
    fn shuffled(&mut self) -> Vec<Fault> {
        let mut faults = FAULTS.to_vec();
        for last in (1..faults.len()).rev() {
            let other = self.below(u64::try_from(last + 1).unwrap());
            faults.swap(last, usize::try_from(other).unwrap());
        }
        faults
    }
}

/// The seed, and how often all faults come.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings module; how long this one runs is all it reads"
)]
fn asked_for() -> (u64, usize) {
    let seed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    let text = std::env::var("AKADEMI_TEST_FAULTS").unwrap_or_default();
    let (own, times) = text.split_once('x').unwrap_or_default();
    (
        own.parse().unwrap_or(seed.as_secs()),
        times.parse().unwrap_or(1),
    )
}

/// A round with few seats, and whom they are held for.
async fn stage(parts: &Parts) -> Work {
    let api = Api::new(&parts.url);
    let post = async |path: &str, body: Value| -> String {
        let path = format!("/registration/v1/{path}");
        let (status, made) = api.post(&parts.key, &path, &body).await;
        assert!(status < 300, "{path}: {made}");
        made["id"].as_str().unwrap_or_default().to_owned()
    };
    let (_, all) = api
        .get(Some(&parts.key), "/registration/v1/organisations")
        .await;
    let organiser = all["items"][0]["id"].as_str().unwrap().to_owned();
    let text = |words: &str| json!({ "sv": words });
    let programme = json!({
        "organiserId": organiser, "name": text("Chefsprogram"),
        "purpose": text("Gemensam plattform"), "audience": text("Alla chefer"),
    });
    let programme = post("programmes", programme).await;
    post(&format!("programmes/{programme}/publication"), json!({})).await;
    let round = json!({
        "programmeId": programme, "name": text("Hösten"), "seats": SEATS, "language": "sv",
        "timeZone": "Europe/Stockholm", "opensOn": "2030-01-11", "closesOn": "2030-02-12",
    });
    let company = json!({
        "kind": "company", "name": "Bolaget", "language": "sv", "timeZone": "Europe/Stockholm",
    });
    Work {
        url: parts.url.clone(),
        key: parts.key.clone(),
        round: post("rounds", round).await,
        organisation: post("organisations", company).await,
        is_over: Rc::default(),
    }
}

/// Lets a fault happen, and takes it back.
async fn happens(fault: Fault, parts: &mut Parts, dice: &mut Dice, longest: &mut Duration) {
    let pause = |dice: &mut Dice| Duration::from_millis(200 + dice.below(500));
    match fault {
        Fault::Killed(part) => {
            parts.kill(part);
            tokio::time::sleep(pause(dice)).await;
            parts.start_again(part);
            parts.ready(part).await;
        }
        Fault::AllKilled => {
            installation::parts().for_each(|part| parts.kill(part));
            tokio::time::sleep(pause(dice)).await;
            installation::parts().for_each(|part| parts.start_again(part));
            for part in installation::parts() {
                parts.ready(part).await;
            }
        }
        Fault::Locked => {
            let other = parts.installation.database("registration").await;
            let held = other.begin().await.unwrap();
            if other.is_postgres() {
                use sea_orm::ConnectionTrait as _;
                // What every change writes to.
                let lock = "LOCK TABLE idempotency IN ACCESS EXCLUSIVE MODE";
                held.connection().execute_unprepared(lock).await.unwrap();
            }
            tokio::time::sleep(Duration::from_secs(7)).await;
            held.commit().await.unwrap();
        }
        Fault::Network(way) => {
            parts.proxy.set(way);
            let ends = Instant::now() + Duration::from_secs(6);
            while Instant::now() < ends {
                *longest = (*longest).max(elsewhere(parts).await);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            parts.proxy.set(Way::Passes);
        }
    }
}

/// How long another route takes, which has nothing to do with the one that is in trouble.
async fn elsewhere(parts: &Parts) -> Duration {
    let started = Instant::now();
    let (status, _) = Api::new(&parts.url)
        .get(None, "/scheduling/v1/api-info")
        .await;
    assert_eq!(status, 200, "another service's route");
    started.elapsed()
}

/// How long it takes until registration answers again through the gateway.
async fn recovered(parts: &Parts) -> Duration {
    let started = Instant::now();
    let api = Api::new(&parts.url);
    until("registration answers through the gateway", async || {
        let asked = api.get(Some(&parts.key), "/registration/v1/rounds");
        let answered = tokio::time::timeout(Duration::from_secs(2), asked).await;
        answered.is_ok_and(|(status, _)| status == 200)
    })
    .await;
    started.elapsed()
}

fn write(name: &str, seed: u64, figures: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/promises");
    std::fs::create_dir_all(&folder).unwrap();
    let commit = Command::new("git").args(["rev-parse", "HEAD"]).output();
    let commit = commit.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    let text = json!({
        "seed": seed, "commit": commit.unwrap_or_default(), "figures": figures,
    });
    std::fs::write(folder.join(format!("{name}.json")), format!("{text:#}\n")).unwrap();
    println!("{name}: seed {seed}, {figures}");
}

async fn night(is_postgres: bool) {
    let (seed, times) = asked_for();
    println!("AKADEMI_TEST_FAULTS={seed}x{times}");
    let mut dice = Dice(seed);
    let mut parts = Parts::start(is_postgres).await;
    let work = stage(&parts).await;
    let workers: Vec<_> = (0..WORKERS)
        .map(|number| {
            let (folder, work) = (parts.installation.folder.clone(), work.clone());
            actix_web::rt::spawn(async move { ledger::work(number, &folder, work).await })
        })
        .collect();
    let (mut longest, mut slowest, mut count) = (Duration::ZERO, Duration::ZERO, 0);
    for fault in (0..times).flat_map(|_| dice.shuffled()).collect::<Vec<_>>() {
        tokio::time::sleep(Duration::from_millis(200 + dice.below(600))).await;
        happens(fault, &mut parts, &mut dice, &mut longest).await;
        let took = recovered(&parts).await;
        println!("{fault:?}: answers again after {} ms", took.as_millis());
        slowest = slowest.max(took);
        count += 1;
    }
    work.is_over.set(true);
    let mut entries: Vec<Entry> = Vec::new();
    for worker in workers {
        entries.extend(worker.await.unwrap());
    }
    parts.installation.settled().await;
    let mut findings = check(&parts, &entries).await;
    // One slow service does not slow the others down, and its own trouble ends soon.
    if longest > Duration::from_secs(2) {
        findings
            .broken
            .push(format!("P14: another route took {longest:?}"));
    }
    if slowest > Duration::from_secs(10) {
        findings
            .broken
            .push(format!("P14: answered again after {slowest:?}"));
    }
    let name = if is_postgres {
        "faults-postgres"
    } else {
        "faults-sqlite"
    };
    let mut figures = json!(findings.figures);
    figures["faults"] = json!(count);
    figures["broken"] = json!(findings.broken.len());
    figures["longest_elsewhere_ms"] = json!(longest.as_millis());
    figures["longest_recovery_ms"] = json!(slowest.as_millis());
    write(name, seed, &figures);
    assert!(findings.broken.is_empty(), "{:#?}", findings.broken);
    assert!(findings.figures["confirmed"] > 20, "there was work");
    assert_eq!(findings.figures["seats_held"], SEATS, "the round was full");
    assert!(findings.figures["repeated"] > 0, "something was unknown");
    a_checker_that_sees_nothing_is_no_checker(&parts, &entries).await;
    parts.stop();
}

/// What is broken by hand is found, promise by promise.
async fn a_checker_that_sees_nothing_is_no_checker(parts: &Parts, entries: &[Entry]) {
    let registration = parts.installation.database("registration").await;
    let scheduling = parts.installation.database("scheduling").await;
    let kept: Findings = check(parts, entries).await;
    assert!(kept.broken.is_empty());
    for (promise, database, statement) in [
        (
            "P1",
            &registration,
            "UPDATE rounds SET seats_used = seats_used - 1",
        ),
        ("P2", &registration, lost(&registration)),
        (
            "P3",
            &registration,
            "UPDATE organisations SET name = 'Verk 0-1' WHERE name = 'Verk 0-0'",
        ),
        (
            "P4",
            &scheduling,
            "DELETE FROM known_organisations WHERE name = 'Verk 0-1'",
        ),
    ] {
        tamper(database, statement).await;
        let found = check(parts, entries).await;
        assert!(found.breaks(promise), "{promise} is not seen: {found:?}");
    }
}

/// Loses one hold that was confirmed.
fn lost(database: &shared_database::Database) -> &'static str {
    if database.is_postgres() {
        "DELETE FROM holds WHERE id IN (SELECT id FROM holds LIMIT 1)"
    } else {
        "DELETE FROM holds WHERE rowid = (SELECT MIN(rowid) FROM holds)"
    }
}

#[actix_web::test]
async fn after_a_bad_night_on_files_everything_is_as_promised() {
    night(false).await;
}

#[actix_web::test]
async fn after_a_bad_night_on_a_server_everything_is_as_promised() {
    if postgres_server().is_none() {
        println!("NOT RUN: AKADEMI_TEST_POSTGRES_URL names no server");
        return;
    }
    night(true).await;
}
