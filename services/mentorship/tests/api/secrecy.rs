//! What a pair writes is the pair's: a canary text is looked for wherever it must not be.

use crate::world::{Matched, World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{Client, database};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    net::TcpListener,
    process::Command,
    sync::{Arc, Mutex},
};

const CANARY: &str = "kanariefågel";
/// What stands in the database in clear, by which a place shows that it was read.
const IN_CLEAR: &str = "Kommun 1";

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the canary into everything that a pair can write.
async fn write(matched: &Matched) -> Vec<String> {
    let (mentor, mentee) = (matched.mentor(), matched.mentee());
    let mut written = Vec::new();
    let agreement = json!({ "meetingDays": 30, "text": format!("{CANARY} agreement") });
    mentee
        .change("PUT", &matched.at("agreement"), "*", agreement)
        .await
        .ok();
    for (path, what) in [
        ("goals", "goal"),
        ("notes", "note"),
        ("messages", "message"),
    ] {
        let body = json!({ "text": format!("{CANARY} {what}") });
        let made = mentor
            .post_once(&matched.at(path), what, body.clone())
            .await
            .created();
        // Repeated, so that an answer would be kept.
        mentor
            .post_once(&matched.at(path), what, body)
            .await
            .created();
        written.push(made.id());
    }
    let meeting = json!({
        "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 60,
        "topic": format!("{CANARY} topic"), "place": format!("{CANARY} place"),
    });
    let made = mentee
        .post_once(&matched.at("meetings"), "meeting", meeting)
        .await
        .created();
    written.push(made.id());
    // What is refused is not kept either, nor told in the problem's words.
    let wrong = json!({ "text": format!("{CANARY} wrong"), "unknown": CANARY });
    let refused = mentor
        .post(&matched.at("notes"), wrong)
        .await
        .refused("invalid_body");
    assert!(
        !refused.text.contains(&format!("{CANARY} wrong")),
        "{}",
        refused.text
    );
    written
}

/// Answers that somebody who is none of the two gets.
async fn answers(world: &World, matched: &Matched, client: &Client) -> BTreeMap<String, String> {
    let round = world.round;
    let mut paths: Vec<String> = [
        "pairs".to_owned(),
        format!("rounds/{round}/pairs"),
        format!("rounds/{round}/mentors"),
        format!("rounds/{round}/mentees"),
        format!("rounds/{round}/alarms"),
        format!("rounds/{round}/matching-runs"),
        format!("rounds/{round}/conflicts"),
        format!("pairs/{}", matched.pair),
        format!("mentees/{}", matched.mentee.application),
        format!("mentors/{}", matched.mentor_id),
    ]
    .into();
    let parts = [
        "meetings",
        "history",
        "agreement",
        "goals",
        "notes",
        "messages",
        "export",
    ];
    paths.extend(parts.map(|part| matched.at(part)));
    let mut found = BTreeMap::new();
    for path in paths {
        let reply = client.get(&path).await;
        found.insert(format!("GET {path}"), reply.text);
    }
    found
}

#[actix_web::test]
async fn what_a_pair_writes_is_found_nowhere_but_by_the_two() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .finish();
    // For all threads: requests are served on others than this one.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let figures = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(shared_web::metrics::start(listener).unwrap());
    on_each_database(async |world| {
        let matched = world.active().await;
        let written = write(&matched).await;
        world.service.set_clock("2022-06-13T14:00:00Z");
        let held = format!("meetings/{}/holding", written[3]);
        let length = json!({ "lengthMinutes": 60 });
        matched.mentor().post(&held, length).await.ok();
        world.service.sweep().await;
        let mut places: BTreeMap<String, String> = BTreeMap::new();
        // Every table is a place: history, events, idempotency, links, alarms and the sealed rows.
        for (table, rows) in database::contents(&world.service.state.database).await {
            places.insert(format!("table {table}"), rows.join("\n"));
        }
        assert!(places.len() >= 20, "{:?}", places.keys());
        let stranger = world.service.stranger();
        let operator = stranger.system(shared_types::Role::Operator, None);
        let hr = stranger.system(shared_types::Role::Hr, Some(world.municipalities[0].id));
        let director = &world.municipalities[0].chief;
        let roles = [(shared_types::Role::Director, world.municipalities[0].id)];
        let director = director.client.person(director.id, &roles);
        for (who, client) in [
            ("coordinator", &world.coordinator),
            ("director", &director),
            ("hr", &hr),
            ("operator", &operator),
        ] {
            for (path, text) in answers(world, &matched, client).await {
                places.insert(format!("{who} {path}"), text);
            }
        }
        for (number, id) in written.iter().enumerate() {
            let noun = ["pair-goals", "pair-notes", "pair-messages", "meetings"][number];
            let reply = world.coordinator.get(&format!("{noun}/{id}")).await;
            places.insert(format!("coordinator {noun}"), reply.text);
        }
        let metrics = stranger.at(&figures).get("/metrics").await.ok();
        places.insert("metrics".to_owned(), metrics.text);
        places.insert(
            "log".to_owned(),
            String::from_utf8_lossy(&log.0.lock().unwrap()).into(),
        );
        places.extend(copies(world));
        let needles = [CANARY.to_owned(), CANARY.replace('å', "\\u00e5")];
        for (place, text) in &places {
            let hit = needles.iter().any(|needle| text.contains(needle));
            assert!(!hit, "the canary is in: {place}");
        }
        println!("{} places", places.len());
        // And the test can fail: each kind of place holds what was said in clear.
        for (place, said) in [
            ("log", "answered"),
            ("metrics", "http_requests_total{"),
            ("table known_organisations", IN_CLEAR),
        ] {
            assert!(places[place].contains(said), "{place}: {said}");
        }
        for (place, text) in copies(world) {
            assert!(text.contains(IN_CLEAR), "{place} was not read");
        }
        // And the two do read it.
        let own = matched.mentee().get(&matched.at("export")).await.ok();
        assert_eq!(own.text.matches(CANARY).count(), 6, "{}", own.text);
    })
    .await;
}

/// Copies of the whole database, as a backup would be: its own files, the write-ahead log too, or
/// what `pg_dump` writes where there is one.
fn copies(world: &World) -> BTreeMap<String, String> {
    let database = &world.service.database;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if database.is_postgres() {
        let dumped = match Command::new("pg_dump").arg(&database.url).output() {
            Ok(dumped) => dumped,
            Err(missing) => {
                println!("no pg_dump: {missing}");
                return BTreeMap::new();
            }
        };
        assert!(dumped.status.success(), "{}", text(&dumped.stderr));
        return BTreeMap::from([("dump".to_owned(), text(&dumped.stdout))]);
    }
    let mut files = String::new();
    for entry in std::fs::read_dir(&database.folder).unwrap() {
        files.push_str(&text(&std::fs::read(entry.unwrap().path()).unwrap()));
    }
    BTreeMap::from([("files".to_owned(), files)])
}

#[actix_web::test]
async fn pairs_are_told_to_others_by_their_dates_alone() {
    on_each_database(async |world| {
        let matched = world.active().await;
        write(&matched).await;
        let cast = if world.service.database.is_postgres() {
            "data::text"
        } else {
            "data"
        };
        let query = format!("SELECT {cast} AS row FROM outbox WHERE kind LIKE 'pair_meeting.%'");
        let rows = database::texts(&world.service.state.database, &query).await;
        let fact: Value = serde_json::from_str(&rows[0]).unwrap();
        assert_eq!(text(&fact["pairId"]), matched.pair);
        let members: Vec<&String> = fact.as_object().unwrap().keys().collect();
        assert_eq!(
            members,
            [
                "lengthMinutes",
                "meetingId",
                "organiserId",
                "pairId",
                "roundId",
                "startsAt",
                "version"
            ]
        );
    })
    .await;
}
