//! What a pair writes is the pair's: a canary text is looked for wherever it must not be.

use crate::world::{Matched, World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{Client, database};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Arc, Mutex},
};

const CANARY: &str = "kanariefågel";

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
    let _guard = tracing::subscriber::set_default(subscriber);
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
        places.insert("metrics".to_owned(), stranger.get("/metrics").await.text);
        places.insert(
            "log".to_owned(),
            String::from_utf8_lossy(&log.0.lock().unwrap()).into(),
        );
        let needles = [CANARY.to_owned(), CANARY.replace('å', "\\u00e5")];
        for (place, text) in &places {
            let hit = needles.iter().any(|needle| text.contains(needle));
            assert!(!hit, "the canary is in: {place}");
        }
        println!("{} places", places.len());
        // And the test can fail: the two do read it.
        let own = matched.mentee().get(&matched.at("export")).await.ok();
        assert_eq!(own.text.matches(CANARY).count(), 6, "{}", own.text);
        let files = file_places(world);
        assert!(
            files
                .iter()
                .all(|bytes| !contains(bytes, CANARY.as_bytes()))
        );
        assert!(world.service.database.is_postgres() || !files.is_empty());
    })
    .await;
}

/// The database's own files, where it has some, its write-ahead log too.
fn file_places(world: &World) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(&world.service.database.folder).unwrap();
    let files = entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    files.filter(|bytes| !bytes.is_empty()).collect()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
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
