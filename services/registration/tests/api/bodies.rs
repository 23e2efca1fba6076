//! Bodies that are not what the document says: told with every place, and nothing is stored.

use crate::{
    document::{Operation, operations},
    world::{World, on_each_database},
};
use serde_json::{Value, json};
use shared_testing::{Client, Reply, database};

async fn send(client: &Client, operation: &Operation, media_type: &str, body: Vec<u8>) -> Reply {
    let call = operation.call(client).body(media_type, body);
    call.header("if-match", "*").send().await
}

async fn send_json(client: &Client, operation: &Operation, body: &Value) -> Reply {
    let bytes = body.to_string().into_bytes();
    send(client, operation, "application/json", bytes).await
}

/// Runs a test on every operation that takes a body, and stops if any row has changed.
async fn nothing_is_stored(world: &World, test: impl AsyncFn(&Operation)) {
    let database = &world.service.state().database;
    world.service.mails().await;
    let before = database::contents(database).await;
    for operation in operations().iter().filter(|one| one.body.is_some()) {
        println!("{} {}", operation.method, operation.path);
        test(operation).await;
    }
    assert_eq!(database::contents(database).await, before);
}

#[actix_web::test]
async fn unknown_members_wrong_types_nul_and_over_long_texts_are_told_with_their_places() {
    on_each_database(async |world| {
        nothing_is_stored(world, async |operation| {
            let (schema, example) = operation.body.clone().unwrap();
            let client = &world.coordinator;
            let mut unknown = example.clone();
            unknown["colour"] = json!("red");
            let reply = send_json(client, operation, &unknown)
                .await
                .refused("invalid_body");
            assert_eq!(
                reply.violations(),
                [("/colour".to_owned(), "unknown_member".to_owned())]
            );
            let list = json!([]);
            send_json(client, operation, &list)
                .await
                .refused("invalid_body");
            for (name, member) in schema["properties"].as_object().unwrap() {
                let spoil = async |value: Value| {
                    let mut body = example.clone();
                    body[name] = value;
                    let reply = send_json(client, operation, &body)
                        .await
                        .refused("invalid_body");
                    let violations = reply.violations();
                    let place = format!("/{name}");
                    assert!(!violations.is_empty(), "{name}");
                    let inside = violations.iter().all(|(at, _)| at.starts_with(&place));
                    assert!(inside, "{name}: {violations:?}");
                    violations
                        .into_iter()
                        .map(|(_, code)| code)
                        .collect::<Vec<_>>()
                };
                // A number is never a text, and a list is neither.
                spoil(if member["type"] == "array" {
                    json!("text")
                } else {
                    json!([7])
                })
                .await;
                if member["type"] == "string"
                    && member.get("format").is_none()
                    && member.get("enum").is_none()
                {
                    let codes = spoil(json!("a\0b")).await;
                    assert!(
                        codes.contains(&"nul_character".to_owned()),
                        "{name}: {codes:?}"
                    );
                    let most = usize::try_from(member["maxLength"].as_u64().unwrap()).unwrap();
                    let codes = spoil(json!("å".repeat(most + 1))).await;
                    assert!(codes.contains(&"too_long".to_owned()), "{name}: {codes:?}");
                }
            }
        })
        .await;
    })
    .await;
}

#[actix_web::test]
async fn bodies_that_can_not_be_read_are_refused_before_anything_else() {
    on_each_database(async |world| {
        nothing_is_stored(world, async |operation| {
            let client = &world.coordinator;
            let (_, example) = operation.body.clone().unwrap();
            for media_type in [
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "",
            ] {
                let bytes = example.to_string().into_bytes();
                let reply = send(client, operation, media_type, bytes).await;
                reply.refused("unsupported_media_type");
            }
            for text in ["{", "nonsense", "\u{feff}{}", ""] {
                let bytes = text.as_bytes().to_vec();
                let reply = send(client, operation, "application/json", bytes).await;
                assert_eq!(reply.refused("invalid_body").violations()[0].1, "not_json");
            }
            let bytes = b"{\"name\":\"\xff\"}".to_vec();
            let reply = send(client, operation, "application/json", bytes).await;
            reply.refused("invalid_body");
            let mut deep = "[".repeat(10_000).into_bytes();
            deep.extend("]".repeat(10_000).into_bytes());
            let reply = send(client, operation, "application/json", deep).await;
            reply.refused("invalid_body");
        })
        .await;
    })
    .await;
}

#[actix_web::test]
async fn a_body_of_ten_megabytes_is_not_read() {
    on_each_database(async |world| {
        nothing_is_stored(world, async |operation| {
            let mut body = vec![b' '; 10 * 1024 * 1024];
            body[0] = b'{';
            let reply = send(&world.coordinator, operation, "application/json", body).await;
            reply.refused("body_too_large");
        })
        .await;
    })
    .await;
}

#[actix_web::test]
async fn every_violation_is_told_at_once() {
    on_each_database(async |world| {
        let body = json!({
            "name": "", "email": "nobody", "organisationId": "7", "kind": "king", "gender": 1, "colour": "red",
        });
        let reply = world.coordinator.post("people", body).await.refused("invalid_body");
        let places: Vec<_> = reply.violations().into_iter().map(|(place, _)| place).collect();
        for place in ["/name", "/email", "/organisationId", "/kind", "/gender", "/colour", "/language"] {
            assert!(places.contains(&place.to_owned()), "{place}: {places:?}");
        }
        let swedish = world.coordinator.call("POST".parse().unwrap(), "people").json(&json!({}));
        let swedish = swedish.header("accept-language", "sv").send().await;
        assert_eq!(swedish.header("content-language"), Some("sv"));
        assert_eq!(swedish["title"], "Innehållet är inte giltigt");
    })
    .await;
}
