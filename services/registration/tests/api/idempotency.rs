//! A repeated request acts once.

use crate::world::{Person, World, on_each_database};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use serde_json::{Value, json};
use shared_testing::Reply;
use std::time::Duration;

async fn apply(person: &Person, key: &str, body: Value) -> Reply {
    person.client.post_once("applications", key, body).await
}

async fn start(world: &World) -> (Person, Value) {
    let round = world.open_round(json!({})).await;
    let person = world
        .person(world.municipalities[0].id, "Maja Lindqvist")
        .await;
    (person, json!({ "roundId": round }))
}

#[actix_web::test]
async fn a_repeated_request_gets_the_first_answer_and_acts_once() {
    on_each_database(async |world| {
        let (person, body) = start(world).await;
        let first = apply(&person, "key", body.clone()).await.created();
        assert_eq!(first.header("idempotency-replayed"), None);
        let before = world.service.count("changes").await;
        for key in ["key", "\"key\""] {
            let again = apply(&person, key, body.clone()).await.created();
            assert_eq!(again.header("idempotency-replayed"), Some("true"));
            assert_eq!(again.text, first.text);
            assert_eq!(again.header("etag"), first.header("etag"));
            assert_eq!(again.header("location"), first.header("location"));
        }
        assert_eq!(world.service.count("applications").await, 1);
        assert_eq!(world.service.count("changes").await, before);
    })
    .await;
}

#[actix_web::test]
async fn a_key_belongs_to_one_body_one_caller_and_one_operation() {
    on_each_database(async |world| {
        let (person, body) = start(world).await;
        let made = apply(&person, "key", body.clone()).await.created();
        let other_body = crate::world::with(body.clone(), json!({ "motivation": "Other words." }));
        apply(&person, "key", other_body)
            .await
            .refused("idempotency_key_reused");
        let other = world.person(world.municipalities[0].id, "Another").await;
        let others = apply(&other, "key", body).await.created();
        assert_ne!(others.id(), made.id());
        let path = format!("applications/{}/withdrawal", made.id());
        let withdrawn = person.client.post_once(&path, "key", json!({})).await.ok();
        assert_eq!(withdrawn.header("idempotency-replayed"), None);
        let elsewhere = format!("applications/{}/withdrawal", others.id());
        let refused = person.client.post_once(&elsewhere, "key", json!({})).await;
        refused.refused("idempotency_key_reused");
    })
    .await;
}

#[actix_web::test]
async fn what_was_refused_may_be_asked_again_under_the_same_key() {
    on_each_database(async |world| {
        let (person, body) = start(world).await;
        let first = apply(&person, "first", body.clone()).await.created();
        apply(&person, "second", body.clone())
            .await
            .refused("application_already_exists");
        let path = format!("applications/{}/withdrawal", first.id());
        person.client.post(&path, json!({})).await.ok();
        let second = apply(&person, "second", body).await.created();
        assert_eq!(second.header("idempotency-replayed"), None);
    })
    .await;
}

#[actix_web::test]
async fn while_the_first_request_runs_the_second_is_told_to_wait() {
    on_each_database(async |world| {
        let (person, body) = start(world).await;
        let database = &world.service.state().database;
        // The test holds what the first request needs: the writer's turn, or the key's lock.
        let held = database.begin().await.unwrap();
        if database.is_postgres() {
            let name = format!("person:{}\u{1f}createApplication\u{1f}key", person.id);
            let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            let lock =
                Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [name.into()]);
            held.connection().query_one_raw(lock).await.unwrap();
            let second = apply(&person, "key", body.clone()).await;
            let second = second.refused("idempotency_key_running");
            assert_eq!(second.status, 409);
            drop(held);
        } else {
            let (first, repeated) = (person.clone(), body.clone());
            let first = actix_web::rt::spawn(async move { apply(&first, "key", repeated).await });
            actix_web::rt::time::sleep(Duration::from_millis(200)).await;
            let second = apply(&person, "key", body.clone()).await;
            second.refused("idempotency_key_running");
            drop(held);
            first.await.unwrap().created();
        }
        apply(&person, "key", body).await.created();
        assert_eq!(world.service.count("applications").await, 1);
    })
    .await;
}

#[actix_web::test]
async fn of_many_repetitions_at_once_one_acts() {
    on_each_database(async |world| {
        let (person, body) = start(world).await;
        let requests = (0..20).map(|_| apply(&person, "key", body.clone()));
        let replies = futures_util::future::join_all(requests).await;
        let acted = replies
            .iter()
            .filter(|reply| reply.status == 201 && reply.header("idempotency-replayed").is_none());
        assert_eq!(acted.count(), 1);
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.refused("idempotency_key_running");
        }
        assert_eq!(world.service.count("applications").await, 1);
    })
    .await;
}
