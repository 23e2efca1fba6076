//! From files to a server: what was played on SQLite is served from PostgreSQL, and reads the same.

use crate::program::{Api, Place, Program, SERVICES};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use serde_json::{Value, json};
use shared_database::{Database, migrate};
use shared_testing::{
    TestDatabase,
    database::{number, postgres_server, texts},
};
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// What a coordinator reads, from every service.
const READ: [&str; 12] = [
    "/registration/v1/organisations?limit=100",
    "/registration/v1/people?limit=100",
    "/registration/v1/programmes?limit=100",
    "/registration/v1/rounds?limit=100",
    "/registration/v1/applications?limit=100",
    "/registration/v1/offices?limit=100",
    "/registration/v1/events?limit=100",
    "/scheduling/v1/venues?limit=100",
    "/scheduling/v1/bookings?limit=100",
    "/mentorship/v1/pairs?limit=100",
    "/evaluation/v1/surveys?limit=100",
    "/evaluation/v1/instruments?limit=100",
];

fn akademi(arguments: &[&str], data: &Path) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).arg("--data-dir").arg(data);
    command.env("RUST_LOG", "warn");
    Program::start(command)
}

fn said(arguments: &[&str], data: &Path) -> (String, bool) {
    let mut program = akademi(arguments, data);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

fn serve(more: &[&str], data: &Path) -> (Program, Api) {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--rate-caller", "0"];
    arguments.extend(more);
    let mut served = akademi(&arguments, data);
    let api = Api::new(&served.address());
    (served, api)
}

/// The demo happened years ago: what it told then is due to be forgotten as soon as nobody waits
/// for it, before the move or at the first start after it. What was told today is not.
#[expect(
    clippy::disallowed_methods,
    reason = "the installation that is moved runs in the system's time"
)]
fn lately(feed: &Value) -> Value {
    let today = Utc::now() - TimeDelta::days(1);
    let told_today = |event: &&Value| {
        let time = event["time"].as_str().unwrap();
        DateTime::parse_from_rfc3339(time).unwrap() > today
    };
    let events: Vec<&Value> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(told_today)
        .collect();
    json!({ "items": events, "next": feed["_links"]["next"] })
}

async fn read(api: &Api, key: &str) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for path in READ {
        let (status, mut answer) = api.get(Some(key), path).await;
        assert_eq!(status, 200, "{path}: {answer}");
        let text = answer.to_string().replace(&api.url, "");
        answer = serde_json::from_str(&text).unwrap();
        if path.contains("/events?") {
            answer = lately(&answer);
        }
        all.push((path, answer));
    }
    all
}

/// The same, once what was due has been done: the demo played by a clock of its own.
async fn read_at_rest(api: &Api, key: &str) -> Vec<(&'static str, Value)> {
    let mut before = read(api, key).await;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_secs(3)).await;
        let now = read(api, key).await;
        // The key with which this is read was made today.
        let told = now.iter().find(|(path, _)| path.contains("/events?"));
        let told = told.is_some_and(|(_, feed)| feed["items"] != json!([]));
        if now == before && told {
            return now;
        }
        before = now;
    }
    panic!("what is read never comes to rest");
}

fn assert_same(before: &[(&str, Value)], after: &[(&str, Value)]) {
    for ((path, before), (_, after)) in before.iter().zip(after) {
        assert_eq!(before, after, "{path}");
    }
}

/// A database that has had all migrations but the last.
struct Older;

impl MigratorTrait for Older {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = registration::migrations::Migrator::migrations();
        all.pop();
        all
    }
}

struct Targets(Vec<TestDatabase>);

impl Targets {
    async fn make(server: &str) -> Self {
        let mut all = Vec::new();
        for _ in SERVICES {
            all.push(TestDatabase::postgres(server.to_owned()).await);
        }
        Self(all)
    }

    fn urls(&self) -> String {
        let urls = SERVICES.iter().zip(&self.0);
        let urls: Vec<String> = urls
            .map(|(name, one)| format!("{name}={}", one.url))
            .collect();
        urls.join(",")
    }

    async fn database(&self, at: usize) -> Database {
        Database::connect(&self.0[at].url, SERVICES[at])
            .await
            .unwrap()
    }

    /// Whether nobody has written anything there.
    async fn are_untouched(&self) -> bool {
        for one in &self.0 {
            let database = Database::connect(&one.url, "test").await.unwrap();
            let changes = "SELECT relname::text AS row FROM pg_class WHERE relname = 'changes'";
            if !texts(&database, changes).await.is_empty()
                && number(&database, "SELECT COUNT(*) AS row FROM changes").await > 0
            {
                return false;
            }
        }
        true
    }
}

/// What was moved is counted on behind its last row, and goes on to the others.
async fn goes_on(api: &Api, key: &str, targets: &Targets) {
    let registration = targets.database(0).await;
    let last = "SELECT MAX(sequence) AS row FROM outbox";
    let before = number(&registration, last).await;
    let body = json!({
        "kind": "company", "name": "Efteråt", "language": "sv", "timeZone": "Europe/Stockholm",
    });
    let (status, made) = api.post(key, "/registration/v1/organisations", &body).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(number(&registration, last).await, before + 1);
    let started = Instant::now();
    for (at, service) in SERVICES.iter().enumerate().skip(1) {
        let other = targets.database(at).await;
        let known = "SELECT COUNT(*) AS row FROM known_organisations WHERE name = 'Efteråt'";
        while number(&other, known).await == 0 {
            assert!(started.elapsed() < Duration::from_mins(1), "{service}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[actix_web::test]
async fn what_was_played_on_files_is_served_from_a_server_and_reads_the_same() {
    let Some(server) = postgres_server() else {
        println!("NOT RUN: AKADEMI_TEST_POSTGRES_URL names no server");
        return;
    };
    let place = Place::sqlite();
    let data = place.folder.as_path();
    let mut demo = place.demo(&["--exit"]);
    demo.rest();
    assert!(demo.ended().success());
    let registration = format!("sqlite://{}", data.join("registration.sqlite").display());
    let registration = Database::connect(&registration, "test").await.unwrap();
    let organiser = "SELECT lower(hex(organiser_id)) AS row FROM rounds LIMIT 1";
    let organiser = texts(&registration, organiser).await.remove(0);
    drop(registration);
    let create = ["key", "create", "--name", "x", "--role", "coordinator"];
    let create = [create.as_slice(), &["--organisation", &organiser]].concat();
    let (told, fine) = said(&create, data);
    let key = told.split_whitespace().find(|word| word.starts_with("ak_"));
    let key = key.unwrap_or_else(|| panic!("{fine}: {told}"));

    let targets = Targets::make(&server).await;
    let urls = targets.urls();
    let moving = ["move", "--database-urls", &urls];
    // Not while it runs.
    let (served, api) = serve(&[], data);
    let before = read_at_rest(&api, key).await;
    let (told, fine) = said(&moving, data);
    assert!(!fine, "{told}");
    assert!(targets.are_untouched().await);
    let after = read(&api, key).await;
    assert_same(&before, &after);
    assert!(served.terminate().success());
    // Nor by halves.
    let half = urls.rsplit_once(',').unwrap().0;
    assert!(!said(&["move", "--database-urls", half], data).1);
    // Nor to what another release has made.
    let older = Targets::make(&server).await;
    migrate::run::<Older>(&older.0[0].url).await.unwrap();
    let (told, fine) = said(&["move", "--database-urls", &older.urls()], data);
    assert!(!fine && older.are_untouched().await, "{told}");
    // Nor where somebody else lives.
    let strangers = targets.database(3).await;
    shared_testing::database::tamper(&strangers, "CREATE TABLE theirs (id INT)").await;
    assert!(!said(&moving, data).1);
    shared_testing::database::tamper(&strangers, "DROP TABLE theirs").await;
    strangers.read().clone().close().await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;

    let (told, fine) = said(&moving, data);
    assert!(
        fine && told.contains("are the same on both sides"),
        "{told}"
    );
    println!("{}", told.lines().rev().nth(2).unwrap_or_default());
    let (again, fine) = said(&moving, data);
    assert!(!fine, "{again}");
    let verify = ["audit", "verify", "--database-urls", &urls];
    let (told, fine) = said(&verify, data);
    assert!(fine, "{told}");

    // The files are away: nothing comes from them any more.
    for service in SERVICES {
        std::fs::remove_file(data.join(format!("{service}.sqlite"))).unwrap();
    }
    let (served, api) = serve(&["--database-urls", &urls], data);
    let there = read(&api, key).await;
    assert_same(&before, &there);
    goes_on(&api, key, &targets).await;
    assert!(served.terminate().success());
    let (told, fine) = said(&verify, data);
    assert!(fine, "{told}");
}
