//! What participants need: read by few, encrypted, counted, erased.

use crate::world::{Announced, World, needs_keys, on_each_database, text};
use registration::needs::rotation::rotate;
use serde_json::{Value, json};
use shared_testing::{Client, Reply, TestDatabase, database};
use shared_types::{OrganisationId, Role};
use std::{
    io,
    sync::{Arc, Mutex},
};

/// Words that stand nowhere but in the encrypted text.
const CANARY: &str = "celery-canary-7f3a";

fn needs() -> Value {
    json!({
        "diets": ["vegan", "nut_free"], "accessNeeds": ["hearing_loop"], "nights": "some",
        "roomSharing": "may_share", "note": CANARY,
    })
}

async fn put(client: &Client, application: &str, body: Value) -> Reply {
    let path = format!("applications/{application}/needs");
    client.change("PUT", &path, "*", body).await
}

async fn read(client: &Client, application: &str) -> Reply {
    client
        .get(&format!("applications/{application}/needs"))
        .await
}

async fn counts(world: &World, announced: &Announced) -> Reply {
    let path = format!("rounds/{}/needs-counts", announced.round);
    world.coordinator.get(&path).await.ok()
}

fn count_of(reply: &Reply, value: &str) -> i64 {
    let counts = reply["counts"].as_array().unwrap();
    let found = counts.iter().find(|one| one["value"] == value);
    found.map_or(0, |one| one["count"].as_i64().unwrap())
}

/// Published counts, the latest last.
async fn told(world: &World) -> Vec<String> {
    let query =
        "SELECT CAST(data AS TEXT) AS row FROM outbox WHERE kind = 'needs.counted' ORDER BY id";
    database::texts(&world.service.state().database, query).await
}

#[actix_web::test]
async fn needs_are_stated_read_changed_and_taken_back_by_the_participant() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let (own, id) = (announced.person(0), announced.application(0));
        read(own, id).await.refused("needs_missing");
        let stated = put(own, id, needs()).await.ok();
        assert_eq!(stated["diets"], json!(["vegan", "nut_free"]));
        assert_eq!(stated["applicationId"], id);
        for reader in [own, &world.coordinator] {
            let seen = read(reader, id).await.ok();
            assert_eq!(seen.json, stated.json);
            assert_eq!(seen.tag(), stated.tag());
        }
        let path = format!("applications/{id}/needs");
        let changed = own
            .change("PUT", &path, &stated.tag(), json!({ "nights": "none" }))
            .await
            .ok();
        assert_eq!(changed["diets"], json!([]));
        assert_eq!(changed["note"], Value::Null);
        let stale = own.change("PUT", &path, &stated.tag(), needs()).await;
        stale.refused("version_stale");
        let deleted = own
            .change("DELETE", &path, &changed.tag(), Value::Null)
            .await;
        assert_eq!(deleted.status, 204);
        read(own, id).await.refused("needs_missing");
        let again = own.change("DELETE", &path, "*", Value::Null).await;
        again.refused("needs_missing");
    })
    .await;
}

#[actix_web::test]
async fn nobody_but_the_participant_and_the_coordinator_knows_of_them() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let (own, id) = (announced.person(0), announced.application(0));
        put(own, id, needs()).await.ok();
        let stranger = world.service.stranger();
        let hr = stranger.system(Role::Hr, Some(world.municipalities[0].id));
        let director = &world.municipalities[0].director.client;
        for reader in [&hr, director] {
            read(reader, id).await.refused("forbidden");
            let history = reader.get(&format!("applications/{id}/history")).await.ok();
            assert!(!history.text.contains("needs"), "{}", history.text);
        }
        for writer in [&hr, director, &world.coordinator] {
            put(writer, id, needs()).await.refused("forbidden");
            let path = format!("applications/{id}/needs");
            let deleted = writer.change("DELETE", &path, "*", Value::Null).await;
            deleted.refused("forbidden");
        }
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        for caller in [
            &other,
            announced.person(1),
            &world.municipalities[1].director.client,
        ] {
            read(caller, id).await.refused("not_found");
            put(caller, id, needs()).await.refused("not_found");
        }
        read(&stranger, id).await.refused("unauthenticated");
        let path = format!("rounds/{}/needs-counts", announced.round);
        for caller in [&other, own, director] {
            caller.get(&path).await.refused("forbidden");
        }
        stranger.get(&path).await.refused("unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn needs_are_asked_after_admission_only_and_judged_by_the_document() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let waiting = put(announced.person(2), announced.application(2), needs()).await;
        waiting.refused("needs_not_asked");
        let round = world.open_round(json!({})).await;
        let (person, id) = world.applicant(1, &round).await;
        put(&person.client, &id, needs())
            .await
            .refused("needs_not_asked");
        for (body, place) in [
            (json!({ "diets": ["gravel"] }), "/diets/0"),
            (json!({ "note": "" }), "/note"),
            (json!({ "nights": "all", "illness": "x" }), "/illness"),
        ] {
            let refused = put(announced.person(0), announced.application(0), body).await;
            let violations = refused.refused("invalid_body").violations();
            assert_eq!(violations[0].0, place);
        }
    })
    .await;
}

#[actix_web::test]
async fn counts_are_told_without_people_and_follow_who_takes_part() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        for index in 0..2 {
            announced.answer(index, "accept").await.ok();
            put(
                announced.person(index),
                announced.application(index),
                needs(),
            )
            .await
            .ok();
        }
        let counted = counts(world, &announced).await;
        assert_eq!(counted["statedCount"], 2);
        assert_eq!(count_of(&counted, "vegan"), 2);
        assert_eq!(count_of(&counted, "some"), 2);
        assert!(told(world).await.is_empty());
        world.service.sweep().await;
        world.service.sweep().await;
        let events = told(world).await;
        assert_eq!(events.len(), 1, "once for what changed between two looks");
        for secret in [CANARY, announced.application(0), announced.application(1)] {
            assert!(!events[0].contains(secret), "{}", events[0]);
        }
        announced.withdraw(0).await.ok();
        assert_eq!(counts(world, &announced).await["statedCount"], 1);
        world.service.sweep().await;
        assert_eq!(world.service.count("needs").await, 1);
        assert_eq!(told(world).await.len(), 2);
        put(announced.person(0), announced.application(0), needs())
            .await
            .refused("needs_not_asked");
    })
    .await;
}

#[actix_web::test]
async fn needs_are_erased_some_days_after_the_round_and_the_counts_stay() {
    on_each_database(async |world| {
        let members =
            json!({ "startsOn": "2022-08-24", "endsOn": "2022-09-10", "needsKeptDays": 20 });
        let announced = world.announced(2, members).await;
        for index in 0..2 {
            announced.answer(index, "accept").await.ok();
            put(
                announced.person(index),
                announced.application(index),
                needs(),
            )
            .await
            .ok();
        }
        for step in ["start", "completion"] {
            world
                .step(&format!("rounds/{}/{step}", announced.round))
                .await
                .ok();
        }
        let id = announced.application(0);
        world.service.set_clock("2022-09-30T21:59:59Z");
        world.service.sweep().await;
        read(announced.person(0), id).await.ok();
        let before = counts(world, &announced).await;
        assert_eq!(before["erasedAt"], Value::Null);
        world.service.set_clock("2022-09-30T22:00:00Z");
        world.service.sweep().await;
        world.service.sweep().await;
        for reader in [announced.person(0), &world.coordinator] {
            read(reader, id).await.refused("needs_erased");
        }
        put(announced.person(0), id, needs())
            .await
            .refused("needs_erased");
        let after = counts(world, &announced).await;
        assert_eq!(after["counts"], before["counts"]);
        assert_eq!(after["statedCount"], 2);
        assert!(after["erasedAt"].is_string());
        let kept =
            "SELECT COUNT(*) AS row FROM needs WHERE body IS NOT NULL OR wrapped_key IS NOT NULL";
        assert_eq!(
            database::number(&world.service.state().database, kept).await,
            0
        );
        assert_eq!(world.service.count("needs").await, 2);
        assert_eq!(told(world).await.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn needs_that_nobody_can_read_any_more_are_erased_all_the_same() {
    on_each_database(async |world| {
        let members =
            json!({ "startsOn": "2022-08-24", "endsOn": "2022-09-10", "needsKeptDays": 20 });
        let announced = world.announced(1, members).await;
        announced.answer(0, "accept").await.ok();
        let id = announced.application(0);
        put(announced.person(0), id, needs()).await.ok();
        world.service.sweep().await;
        let told_before = told(world).await;
        assert!(told_before[0].contains(&world.organiser.to_string()));
        let lost = "UPDATE needs SET key_id = 'lost'";
        database::tamper(&world.service.state().database, lost).await;
        for step in ["start", "completion"] {
            let path = format!("rounds/{}/{step}", announced.round);
            world.step(&path).await.ok();
        }
        world.service.set_clock("2022-09-30T22:00:00Z");
        world.service.sweep().await;
        read(announced.person(0), id).await.refused("needs_erased");
        let after = counts(world, &announced).await;
        assert_eq!(after["statedCount"], 1);
        assert_eq!(told(world).await, told_before);
    })
    .await;
}

#[actix_web::test]
async fn a_cancelled_rounds_needs_are_gone_with_the_next_sweep() {
    on_each_database(async |world| {
        let announced = world.announced(1, json!({})).await;
        put(announced.person(0), announced.application(0), needs())
            .await
            .ok();
        let path = format!("rounds/{}/cancellation", announced.round);
        world
            .coordinator
            .post(&path, json!({ "reason": "x" }))
            .await
            .ok();
        world.service.sweep().await;
        assert_eq!(world.service.count("needs").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_new_master_key_takes_over_beside_the_running_service() {
    for database in shared_testing::databases().await {
        let mut world = World::new(database, 1).await;
        let announced = world.announced(2, json!({})).await;
        for index in 0..2 {
            put(
                announced.person(index),
                announced.application(index),
                needs(),
            )
            .await
            .ok();
        }
        world.service.needs_keys = needs_keys(&["second", "first"]);
        let both = world.service.instance().await;
        let of = |key: &str| format!("SELECT COUNT(*) AS row FROM needs WHERE key_id = '{key}'");
        let database = &both.state.database;
        assert_eq!(rotate(&both.state).await.unwrap(), 2);
        assert_eq!(rotate(&both.state).await.unwrap(), 0);
        assert_eq!(database::number(database, &of("first")).await, 0);
        assert_eq!(database::number(database, &of("second")).await, 2);
        world.service.needs_keys = needs_keys(&["second"]);
        let alone = world.service.instance().await;
        let reader = announced.person(0).at(&alone.origin);
        assert_eq!(
            read(&reader, announced.application(0)).await.ok()["note"],
            CANARY
        );
        // Whoever has the old key alone opens nothing, and says nothing of why.
        let refused = read(announced.person(0), announced.application(0)).await;
        assert!(!refused.text.contains("second"));
        refused.refused("internal_error");
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every byte that a database keeps, as far as it can be read.
async fn kept(world: &World, database: &TestDatabase) -> Vec<u8> {
    let contents = database::contents(&world.service.state().database).await;
    let mut bytes = format!("{contents:?}").into_bytes();
    if !database.is_postgres() {
        for file in std::fs::read_dir(&database.folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_file() {
                bytes.extend(std::fs::read(path).unwrap());
            }
        }
    }
    bytes
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

#[actix_web::test]
async fn what_somebody_needs_is_nowhere_in_clear() {
    let captured = Captured::default();
    let writer = captured.clone();
    let logger = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // Several tests of one process may want to be heard: only the first is.
    let listening = tracing::subscriber::set_global_default(logger).is_ok();
    on_each_database(async |world| {
        let announced = world.announced(2, json!({})).await;
        let (own, id) = (announced.person(0), announced.application(0));
        let path = format!("applications/{id}/needs");
        let call = own.call("PUT".parse().unwrap(), &path).json(&needs());
        let call = call
            .header("if-match", "*")
            .header("idempotency-key", "once");
        call.send().await.ok();
        read(&world.coordinator, id).await.ok();
        let wrong = json!({ "note": CANARY, "diets": [CANARY] });
        put(own, id, wrong).await.refused("invalid_body");
        world.service.sweep().await;
        let mails = world.service.mails().await;
        assert!(!mails.iter().any(|mail| mail.whole.contains(CANARY)));
        let bytes = kept(world, &world.service.database).await;
        assert!(!holds(&bytes, CANARY));
        // Control: what stands in clear is found, so that the search above can fail.
        assert!(holds(&bytes, "Anna Applicant"));
        for path in [
            format!("applications/{id}/history"),
            format!("rounds/{}/history", announced.round),
        ] {
            let history = world.coordinator.get(&path).await.ok();
            assert!(!text(&history["entries"]).contains(CANARY) && !history.text.contains(CANARY));
        }
    })
    .await;
    let log = captured.0.lock().unwrap();
    assert!(!holds(&log, CANARY));
    assert!(
        !listening || holds(&log, "needs"),
        "control: something was logged"
    );
}
