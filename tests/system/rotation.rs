//! `akademi needs rotate` beside a running service: what participants need can be read and stated
//! all the time, before, meanwhile and after.

use crate::{
    program::{Place, Program},
    stage::Stage,
};
use futures_util::future::join3;
use serde_json::json;
use shared_database::Database;
use shared_envelope::Keys;
use shared_testing::database::{number, tamper};
use std::{cell::Cell, fs, path::PathBuf, process::Command};
use uuid::Uuid;

/// More than one batch of the rotation.
const FURTHER: i64 = 250;

fn keys(place: &Place) -> PathBuf {
    place.folder.join("keys").join("needs")
}

/// Changes the list of keys as an operator does.
fn edit(place: &Place, change: impl FnOnce(&str) -> String) {
    let path = keys(place);
    let list = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(list.trim())).unwrap();
}

fn rotate(place: &Place) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command
        .args(["needs", "rotate", "--data-dir"])
        .arg(&place.folder);
    if let Some(url) = place.database_urls().get("registration") {
        command.args(["--database-url", url.as_str()]);
    }
    Program::start(command)
}

/// A participant who may state needs, with the address of these.
async fn participant(stage: &Stage) -> (String, String) {
    let municipality = stage.municipality("Kinda kommun", "SE-0513").await;
    let person = stage.person(&municipality, "Anna").await;
    let round = stage
        .round(json!({ "endorsement": "not_required", "seats": 400 }))
        .await;
    let application = stage.apply(&person, &round).await;
    stage
        .post(&format!("rounds/{round}/closing"), json!({}))
        .await;
    let proposals = format!("rounds/{round}/admission-proposals");
    let proposal = stage.post(&proposals, json!({})).await;
    let proposal = proposal["id"].as_str().unwrap();
    let publication = format!("admission-proposals/{proposal}/publication");
    stage.post(&publication, json!({})).await;
    let token = stage.token(&person);
    let path = format!("/registration/v1/applications/{application}/answer");
    stage
        .post_as(&token, &path, json!({ "verdict": "accept" }))
        .await;
    (token, format!("applications/{application}/needs"))
}

async fn database(place: &Place) -> Database {
    let file = format!(
        "sqlite://{}",
        place.folder.join("registration.sqlite").display()
    );
    let url = place.database_urls().get("registration").cloned();
    Database::connect(&url.unwrap_or(file), "test")
        .await
        .unwrap()
}

/// Fills the table as if many more took part: as many needs, each sealed by the oldest key.
async fn fill(place: &Place) {
    let list = fs::read_to_string(keys(place)).unwrap();
    let oldest: Keys = list.trim().rsplit(',').next().unwrap().parse().unwrap();
    let id = |id: Uuid| {
        if place.is_sqlite() {
            format!("X'{}'", id.simple())
        } else {
            format!("UUID '{id}'")
        }
    };
    let copied = "round_id, programme_id, organiser_id, person_id, organisation_id, \
        municipality_id, endorsement, admission, seat, version";
    let mut all = Vec::new();
    for _ in 0..FURTHER {
        let (application, needs) = (Uuid::now_v7(), Uuid::now_v7());
        let text = r#"{"diets":[],"accessNeeds":[],"nights":"none"}"#;
        let sealed = oldest.seal(needs.as_bytes(), text.as_bytes()).unwrap();
        all.push(format!(
            "INSERT INTO applications (id, state, live, {copied}) SELECT {}, state, FALSE, {copied} \
             FROM applications WHERE live = TRUE",
            id(application)
        ));
        all.push(format!(
            "INSERT INTO needs (id, application_id, round_id, key_id, wrapped_key, body, stated_at, \
             version) SELECT {}, {}, round_id, '{}', '{}', '{}', stated_at, 1 FROM needs LIMIT 1",
            id(needs),
            id(application),
            sealed.key_id,
            sealed.wrapped_key,
            sealed.body
        ));
    }
    tamper(&database(place).await, &all.join("; ")).await;
}

/// How many are sealed by a key.
async fn sealed_by(place: &Place, key: &str) -> i64 {
    let query = format!("SELECT COUNT(*) AS row FROM needs WHERE key_id = '{key}'");
    number(&database(place).await, &query).await
}

#[actix_web::test]
async fn needs_are_read_and_stated_while_their_keys_are_rotated() {
    for place in Place::all().await {
        let stage = Stage::set(place).await;
        let (token, path) = participant(&stage).await;
        let needs = |note: &str| json!({ "diets": ["vegan"], "accessNeeds": [], "nights": "none", "note": note });
        stage.put(&token, &path, needs("before")).await;
        assert_eq!(sealed_by(&stage.place, "1").await, 1);

        let second = Keys::generate("2").unwrap();
        let stage = stage
            .again(|place| {
                edit(place, |first| format!("{second},{first}"));
            })
            .await;
        fill(&stage.place).await;
        let read = format!("/registration/v1/{path}");
        let running = Cell::new(true);
        let (reads, writes) = (Cell::new(0), Cell::new(0));
        let reading = async {
            while running.get() || reads.get() < 3 {
                let (status, body) = stage.api.get(Some(&token), &read).await;
                assert_eq!(status, 200, "{body}");
                assert!(body["note"].is_string(), "{body}");
                reads.set(reads.get() + 1);
            }
        };
        let stating = async {
            while running.get() || writes.get() < 3 {
                stage.put(&token, &path, needs("meanwhile")).await;
                writes.set(writes.get() + 1);
            }
        };
        let rotating = async {
            let rotated = tokio::task::spawn_blocking({
                let mut command = rotate(&stage.place);
                move || {
                    let said = command.rest().join("\n");
                    (said, command.ended().success())
                }
            });
            let (said, fine) = rotated.await.unwrap();
            running.set(false);
            assert!(fine && said.contains("sealed anew, all by 2"), "{said}");
        };
        join3(reading, stating, rotating).await;
        assert_eq!(sealed_by(&stage.place, "1").await, 0);
        assert_eq!(sealed_by(&stage.place, "2").await, FURTHER + 1);

        // Without the old key nothing is missing.
        let stage = stage
            .again(|place| {
                edit(place, |both| both.split(',').next().unwrap().to_owned());
            })
            .await;
        let (status, body) = stage.api.get(Some(&token), &read).await;
        assert_eq!((status, body["note"].as_str()), (200, Some("meanwhile")));
        stage.stop().await;
    }
}
