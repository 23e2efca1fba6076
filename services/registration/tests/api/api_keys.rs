//! API keys: who makes which, what their scopes allow, and when they stop to count.

use crate::world::{Service, World, at, on_each_database, with};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shared_testing::{Client, Reply, TestDatabase, database};
use shared_types::{Caller, OrganisationId, Role};
use shared_web::api_key;
use uuid::Uuid;

fn key(organisation: OrganisationId, role: &str, scopes: &[&str]) -> Value {
    json!({ "name": "Personalsystemet", "role": role, "organisationId": organisation, "scopes": scopes })
}

fn gateway(service: &Service) -> Client {
    service.stranger().caller(Caller {
        subject: "gateway".to_owned(),
        ..Caller::anonymous()
    })
}

/// Whom the gateway is told that a key's text stands for.
async fn resolved(service: &Service, text: &str) -> Reply {
    let (id, digest) = api_key::read(text).unwrap();
    let credential = json!({ "kind": "api_key", "id": id, "digest": digest });
    gateway(service).post("/internal/callers", credential).await
}

fn secret(reply: &Reply) -> String {
    reply["secret"].as_str().unwrap().to_owned()
}

async fn made(world: &World) -> Reply {
    let body = key(world.organiser, "coordinator", &["rounds:read"]);
    world.coordinator.post("api-keys", body).await.created()
}

#[actix_web::test]
async fn a_key_is_made_read_listed_and_changed_and_shows_its_secret_once() {
    on_each_database(async |world| {
        let made = made(world).await;
        let text = secret(&made);
        assert!(text.starts_with("ak_"));
        let path = format!("api-keys/{}", made.id());
        let read = world.coordinator.get(&path).await.ok();
        let mut shown = made.json.clone();
        shown.as_object_mut().unwrap().remove("secret");
        assert_eq!(read.json, shown);
        assert_eq!(read["state"], "active");
        assert_eq!(read["scopes"], json!(["rounds:read"]));
        assert_eq!(read.rels(), ["revocation", "rotation"]);
        assert!(read["createdBy"].as_str().unwrap().starts_with("person:"));
        let by = format!("api-keys?createdBy={}", read["createdBy"].as_str().unwrap());
        let listed = world.coordinator.get(&by).await.ok();
        assert_eq!(listed["items"], json!([read.json]));
        let others = world
            .coordinator
            .get("api-keys?createdBy=system")
            .await
            .ok();
        assert_eq!(others["items"], json!([]));

        let body = json!({ "name": "Kalendern", "scopes": ["rounds:read", "people:read"] });
        let changed = world
            .coordinator
            .change("PATCH", &path, &read.tag(), body.clone())
            .await
            .ok();
        assert_eq!(changed["name"], "Kalendern");
        assert_eq!(changed["scopes"], body["scopes"]);
        world
            .coordinator
            .change("PATCH", &path, &read.tag(), body)
            .await
            .refused("version_stale");
        let told = resolved(&world.service, &text).await.ok();
        assert_eq!(told["scopes"], json!(["rounds:read", "people:read"]));
        assert_eq!(told["roles"][0]["organisationId"], json!(world.organiser));
        assert_eq!(told["subject"], format!("key:{}", made.id()));
    })
    .await;
}

#[actix_web::test]
async fn a_secret_is_in_one_answer_and_in_no_table() {
    on_each_database(async |world| {
        let body = key(world.organiser, "coordinator", &["rounds:read"]);
        let post = async || {
            world
                .coordinator
                .post_once("api-keys", "k", body.clone())
                .await
        };
        let first = post().await.created();
        let again = post().await.created();
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again["secret"], Value::Null);
        assert_eq!(again.id(), first.id());
        let path = format!("api-keys/{}/rotation", first.id());
        let rotate = json!({ "overlapHours": 1 });
        let rotated = world
            .coordinator
            .post_once(&path, "r", rotate.clone())
            .await
            .ok();
        let again = world.coordinator.post_once(&path, "r", rotate).await.ok();
        assert_eq!(again["secret"], Value::Null);
        let kept = database::contents(&world.service.state().database).await;
        let kept = format!("{kept:?}");
        for text in [secret(&first), secret(&rotated)] {
            let random = text.rsplit('_').next().unwrap();
            assert!(!kept.contains(random));
        }
        assert!(kept.contains(&api_key::read(&secret(&rotated)).unwrap().1));
    })
    .await;
}

#[actix_web::test]
async fn a_former_secret_counts_for_as_long_as_was_said() {
    on_each_database(async |world| {
        let made = made(world).await;
        let first = secret(&made);
        let path = format!("api-keys/{}/rotation", made.id());
        let rotate = async |hours: i32| {
            let body = json!({ "overlapHours": hours });
            world.coordinator.post(&path, body).await
        };
        let rotated = rotate(2).await.ok();
        let second = secret(&rotated);
        let [rotated_at, ends_at] =
            ["rotatedAt", "formerEndsAt"].map(|member| at(rotated[member].as_str().unwrap()));
        assert_eq!(ends_at - rotated_at, TimeDelta::hours(2));
        for text in [&first, &second] {
            resolved(&world.service, text).await.ok();
        }
        // A further rotation ends what it replaces, and shortens no promise that was made.
        let third = secret(&rotate(0).await.ok());
        resolved(&world.service, &first).await.ok();
        resolved(&world.service, &second).await.refused("not_found");
        resolved(&world.service, &third).await.ok();
        world.service.clock.set(ends_at - TimeDelta::minutes(1));
        resolved(&world.service, &first).await.ok();
        world.service.clock.set(ends_at);
        resolved(&world.service, &first).await.refused("not_found");
        resolved(&world.service, &third).await.ok();
        let read = world
            .coordinator
            .get(&format!("api-keys/{}", made.id()))
            .await
            .ok();
        assert_eq!(read["formerEndsAt"], Value::Null);
        rotate(169).await.refused("invalid_body");
        rotate(-1).await.refused("invalid_body");
    })
    .await;
}

#[actix_web::test]
async fn a_revoked_or_expired_key_counts_no_more_and_changes_no_more() {
    on_each_database(async |world| {
        let body = key(world.organiser, "coordinator", &["rounds:read"]);
        let body = with(body, json!({ "expiresAt": "2022-04-13T08:00:00Z" }));
        let post = world.coordinator.post("api-keys", body.clone());
        let (expiring, lasting) = (post.await.created(), made(world).await);
        let past = with(body, json!({ "expiresAt": "2022-04-12T08:00:00Z" }));
        let past = world
            .coordinator
            .post("api-keys", past)
            .await
            .refused("invalid_body");
        assert_eq!(past.violations()[0].0, "/expiresAt");
        let path = |made: &Reply| format!("api-keys/{}", made.id());
        let rotate = json!({ "overlapHours": 24 });
        let rotation = |made: &Reply| format!("{}/rotation", path(made));
        let second = secret(
            &world
                .coordinator
                .post(&rotation(&lasting), rotate.clone())
                .await
                .ok(),
        );

        let revocation = format!("{}/revocation", path(&lasting));
        let revoked = world.coordinator.post_empty(&revocation).await.ok();
        assert_eq!(revoked["state"], "revoked");
        for text in [secret(&lasting), second] {
            resolved(&world.service, &text).await.refused("not_found");
        }
        let again = world.coordinator.post_empty(&revocation).await;
        let again = again.refused("api_key_state_forbids");
        assert_eq!(again["transitions"][0]["name"], "rotation");
        world
            .coordinator
            .post(&rotation(&lasting), rotate.clone())
            .await
            .refused("api_key_state_forbids");
        let name = json!({ "name": "Kalendern" });
        world
            .coordinator
            .change("PATCH", &path(&lasting), "*", name)
            .await
            .refused("api_key_state_forbids");

        resolved(&world.service, &secret(&expiring)).await.ok();
        world.service.set_clock("2022-04-13T08:00:00Z");
        let over = resolved(&world.service, &secret(&expiring)).await;
        over.refused("not_found");
        let read = world.coordinator.get(&path(&expiring)).await.ok();
        assert_eq!(read["state"], "expired");
        assert_eq!(read.rels(), ["revocation"]);
        world
            .coordinator
            .post(&rotation(&expiring), rotate)
            .await
            .refused("api_key_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn keys_are_kept_in_ones_own_scope_and_not_there_for_anybody_else() {
    on_each_database(async |world| {
        let made = made(world).await;
        let own = world.municipalities[0].id;
        let stranger = world.service.stranger();
        let hr = stranger.system(Role::Hr, Some(own));
        let hr_key = hr
            .post("api-keys", key(own, "hr", &["people:read"]))
            .await
            .created();
        let operator = stranger.system(Role::Operator, None);
        let body =
            json!({ "name": "Driften", "role": "operator", "scopes": ["registration:read"] });
        let operators = operator.post("api-keys", body.clone()).await.created();
        let owners = [
            (&world.coordinator, &made),
            (&hr, &hr_key),
            (&operator, &operators),
        ];
        for (client, own) in owners {
            let listed = client.get("api-keys?limit=100").await.ok();
            for (_, key) in owners {
                let path = format!("api-keys/{}", key.id());
                let is_own = key.id() == own.id();
                assert_eq!(listed.text.contains(&key.id()), is_own);
                if is_own {
                    client.get(&path).await.ok();
                    continue;
                }
                client.get(&path).await.refused("not_found");
                client
                    .change("PATCH", &path, "*", json!({ "name": "x" }))
                    .await
                    .refused("not_found");
                let rotation = format!("{path}/rotation");
                client
                    .post(&rotation, json!({ "overlapHours": 0 }))
                    .await
                    .refused("not_found");
                client
                    .post_empty(&format!("{path}/revocation"))
                    .await
                    .refused("not_found");
            }
        }
        // Whose they are not to make.
        let other = world.municipalities[1].id;
        let director = &world.municipalities[0].director.client;
        for (client, body) in [
            (&hr, key(other, "hr", &["people:read"])),
            (&hr, key(own, "coordinator", &["people:read"])),
            (&world.coordinator, key(own, "hr", &["people:read"])),
            (&world.coordinator, body),
            (&operator, key(own, "hr", &["people:read"])),
            (director, key(own, "hr", &["people:read"])),
        ] {
            client.post("api-keys", body).await.refused("forbidden");
        }
        let director_key = key(own, "director", &["people:read"]);
        let refused = director.post("api-keys", director_key).await;
        refused.refused("role_not_assignable");
        let nowhere = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let body = key(OrganisationId::new(), "coordinator", &["rounds:read"]);
        nowhere.post("api-keys", body).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn nobody_makes_a_key_that_may_do_more_than_oneself() {
    on_each_database(async |world| {
        let organiser = world.organiser;
        let coordinator = &world.coordinator;
        let exceeds = "api_key_exceeds_caller";
        let evaluator = key(organiser, "evaluator", &["rounds:read"]);
        coordinator
            .post("api-keys", evaluator.clone())
            .await
            .refused(exceeds);
        let body = key(organiser, "coordinator", &["rounds:reed"]);
        coordinator
            .post("api-keys", body)
            .await
            .refused("invalid_body");
        let body = key(organiser, "coordinator", &["sessions:read"]);
        let unknown = coordinator
            .post("api-keys", body)
            .await
            .refused("invalid_body");
        assert_eq!(unknown.violations()[0].0, "/scopes");

        let limited = coordinator.limited(&["registration:read", "api-keys:write"]);
        let post = async |scopes: &[&str]| {
            let body = key(organiser, "coordinator", scopes);
            limited.post("api-keys", body).await
        };
        let narrow = post(&["rounds:read", "api-keys:write"]).await.created();
        for more in ["rounds:write", "registration:write", "scheduling:read"] {
            post(&[more]).await.refused(exceeds);
        }
        let path = format!("api-keys/{}", narrow.id());
        let widen = json!({ "scopes": ["rounds:read", "rounds:write"] });
        limited
            .change("PATCH", &path, "*", widen.clone())
            .await
            .refused(exceeds);
        coordinator.change("PATCH", &path, "*", widen).await.ok();
        // Now it may more than the limited one, who may take from it and not have its secret.
        let rotate = json!({ "overlapHours": 0 });
        let rotation = format!("{path}/rotation");
        limited
            .post(&rotation, rotate.clone())
            .await
            .refused(exceeds);
        let less = json!({ "scopes": ["rounds:write"] });
        limited.change("PATCH", &path, "*", less).await.ok();
        coordinator.post(&rotation, rotate).await.ok();

        // A key with an end makes none that lasts longer.
        let body = with(
            key(organiser, "coordinator", &["api-keys:write"]),
            json!({ "expiresAt": "2022-05-01T00:00:00Z" }),
        );
        let ending = coordinator.post("api-keys", body.clone()).await.created();
        let told = resolved(&world.service, &secret(&ending)).await.ok();
        let itself = world.service.stranger().caller(told.read());
        let lasting = key(organiser, "coordinator", &["api-keys:write"]);
        itself.post("api-keys", lasting).await.refused(exceeds);
        itself.post("api-keys", body).await.created();
        let lasting = coordinator.post(
            "api-keys",
            key(organiser, "coordinator", &["api-keys:write"]),
        );
        let rotation = format!("api-keys/{}/rotation", lasting.await.created().id());
        let rotate = json!({ "overlapHours": 0 });
        itself.post(&rotation, rotate).await.refused(exceeds);
    })
    .await;
}

#[actix_web::test]
async fn a_key_outlives_who_made_it() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let person = world.person(own, "Eva Holm").await;
        let client = person.client.person(person.id, &[(Role::Hr, own)]);
        let made = client
            .post("api-keys", key(own, "hr", &["people:read"]))
            .await
            .created();
        let path = format!("people/{}", person.id);
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        hr.change("PATCH", &path, "*", json!({ "active": false }))
            .await
            .ok();
        resolved(&world.service, &secret(&made)).await.ok();
        let left = format!("api-keys?createdBy=person:{}", person.id);
        let left = hr.get(&left).await.ok();
        assert_eq!(left["items"][0]["id"], made["id"]);
    })
    .await;
}

#[actix_web::test]
async fn the_hour_of_use_is_written_once_and_not_where_the_caller_waits() {
    on_each_database(async |world| {
        let made = made(world).await;
        let path = format!("api-keys/{}", made.id());
        let used = async || world.coordinator.get(&path).await.ok()["lastUsedAt"].clone();
        world.service.set_clock("2022-04-12T08:59:00Z");
        let history = world.service.count("changes").await;
        for _ in 0..3 {
            resolved(&world.service, &secret(&made)).await.ok();
        }
        assert_eq!(used().await, Value::Null, "nothing is written yet");
        world.service.sweep().await;
        assert_eq!(used().await, "2022-04-12T08:00:00Z");
        world.service.set_clock("2022-04-12T09:01:00Z");
        resolved(&world.service, &secret(&made)).await.ok();
        world.service.sweep().await;
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["lastUsedAt"], "2022-04-12T09:00:00Z");
        assert!(read.tag().starts_with("\"1-"), "use is no change");
        assert_eq!(world.service.count("changes").await, history);
        let id = Uuid::new_v4();
        let unknown = json!({ "kind": "api_key", "id": id, "digest": "00" });
        gateway(&world.service)
            .post("/internal/callers", unknown)
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn what_becomes_of_a_key_is_history_and_an_event() {
    on_each_database(async |world| {
        let made = made(world).await;
        let path = format!("api-keys/{}", made.id());
        let rotate = json!({ "overlapHours": 0 });
        world
            .coordinator
            .post(&format!("{path}/rotation"), rotate)
            .await
            .ok();
        world
            .coordinator
            .change("PATCH", &path, "*", json!({ "name": "x" }))
            .await
            .ok();
        world
            .coordinator
            .post_empty(&format!("{path}/revocation"))
            .await
            .ok();
        let database = &world.service.state().database;
        for edge in ["created", "rotated", "changed", "revoked"] {
            let of = |table: &str, column: &str| {
                format!("SELECT COUNT(*) AS row FROM {table} WHERE {column} = 'api_key.{edge}'")
            };
            for query in [of("changes", "edge"), of("outbox", "kind")] {
                assert_eq!(database::number(database, &query).await, 1, "{query}");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_limited_caller_is_told_so_by_me() {
    let world = World::new(TestDatabase::sqlite(), 0).await;
    let limited = world.coordinator.limited(&["people:read"]);
    let me = limited.get("me").await.ok();
    assert_eq!(me["scopes"], json!(["people:read"]));
    let public = limited.get("rounds").await.ok();
    assert_eq!(public["items"], json!([]), "as everybody reads it");
    let refused = limited.get("offices").await.refused("insufficient_scope");
    assert_eq!(
        refused.header("www-authenticate"),
        Some("Bearer error=\"insufficient_scope\", scope=\"offices:read\"")
    );
}
