//! What is kept only so long: the preview names what the sweep then ends, and nothing else.

use crate::world::{World, on_each_database};
use registration::retention::purge;
use serde_json::{Value, json};
use shared_testing::{Client, database};
use shared_types::Role;
use shared_web::sweep::Steps;

const CANARY: &str = "kanariefågel";

fn operator(world: &World) -> Client {
    world.service.stranger().system(Role::Operator, None)
}

async fn due(world: &World, kind: &str) -> i64 {
    let path = format!("retention-rules/{kind}/preview");
    let preview = operator(world).get(&path).await.ok();
    let items = preview["items"].as_array().unwrap().len();
    let count = preview["dueCount"].as_i64().unwrap();
    assert_eq!(usize::try_from(count.min(100)).unwrap(), items);
    count
}

async fn purge(world: &World) {
    let mut steps = Steps::default();
    purge::purge(world.service.state(), &mut steps)
        .await
        .unwrap();
    steps.end().unwrap();
    world.service.sweep().await;
}

async fn rows(world: &World, query: &str) -> i64 {
    database::number(&world.service.state().database, query).await
}

#[actix_web::test]
async fn everything_ends_when_its_time_is_over_and_not_before() {
    on_each_database(async |world| {
        let own = &world.municipalities[0];
        let round = world
            .open_round(json!({ "startsOn": "2022-06-01", "endsOn": "2022-06-30" }))
            .await;
        let person = world.person(own.id, "Maja Lindqvist").await;
        let body = json!({ "roundId": round, "motivation": CANARY });
        let applied = person.client.post("applications", body).await.created();
        let application = applied.id();
        let gone = world.person(own.id, "Nils Nyberg").await;
        let path = format!("people/{}", gone.id);
        let inactive = json!({ "active": false });
        world
            .coordinator
            .change("PATCH", &path, "*", inactive)
            .await
            .ok();
        world.service.mails().await;
        let kinds = [
            "sent_mails",
            "application_texts",
            "unconfirmed_people",
            "former_people",
            "interests",
            "reasons",
        ];
        for kind in kinds {
            assert_eq!(due(world, kind).await, 0, "{kind}");
        }
        let written = "SELECT COUNT(*) AS row FROM messages WHERE state = 'sent'";
        let before = rows(world, written).await;
        purge(world).await;
        assert!(before > 0);
        assert_eq!(rows(world, written).await, before);
        world.service.set_clock("2023-05-01T08:00:00Z");
        assert!(due(world, "sent_mails").await > 0);
        assert_eq!(due(world, "application_texts").await, 0);
        purge(world).await;
        assert_eq!(due(world, "sent_mails").await, 0);
        assert!(
            world.service.mails().await.is_empty(),
            "their files are gone too"
        );
        // That there were mails is still told, and nothing of them can be sent again.
        let told = operator(world).get("messages?state=erased").await.ok();
        assert_eq!(told["_meta"]["totalRecords"], before);
        let id = told["items"][0]["id"].as_str().unwrap().to_owned();
        let again = format!("messages/{id}/replay");
        let again = operator(world).post_empty(&again).await;
        again.refused("message_state_forbids");
        world.service.set_clock("2024-07-02T08:00:00Z");
        assert_eq!(due(world, "application_texts").await, 1);
        assert_eq!(due(world, "former_people").await, 1);
        purge(world).await;
        for kind in kinds {
            assert_eq!(due(world, kind).await, 0, "{kind}");
        }
        let all = database::contents(&world.service.state().database).await;
        // Answers are kept for seven days of the system's clock.
        let kept = all.iter().filter(|(table, _)| *table != "idempotency");
        assert!(
            !kept
                .flat_map(|(_, rows)| rows)
                .any(|row| row.contains(CANARY))
        );
        assert!(!all.values().flatten().any(|row| row.contains("Nyberg")));
        // What has ended is marked, and whoever is still here is untouched.
        let edges = world
            .edges(&world.coordinator, &format!("applications/{application}"))
            .await;
        assert!(
            edges.iter().any(|edge| edge == "application.texts_purged"),
            "{edges:?}"
        );
        let read = world
            .coordinator
            .get(&format!("people/{}", person.id))
            .await;
        assert_eq!(read.ok()["name"], "Maja Lindqvist");
        world.service.seal().await;
    })
    .await;
}

#[actix_web::test]
async fn a_rule_is_changed_with_a_reason_and_previewed_before() {
    on_each_database(async |world| {
        world.person(world.municipalities[0].id, "Maja").await;
        let operator = operator(world);
        let path = "retention-rules/reasons";
        let rule = operator.get(path).await.ok();
        assert_eq!(rule["days"], 1825);
        let body = json!({ "days": 30, "reason": "As our archive plan has it." });
        let changed = operator
            .change("PUT", path, &rule.tag(), body.clone())
            .await;
        assert_eq!(changed.ok()["days"], 30);
        let stale = operator.change("PUT", path, &rule.tag(), body).await;
        assert_eq!(stale.status, 412);
        for days in [json!(0), json!(36501), Value::Null] {
            let body = json!({ "days": days, "reason": "x" });
            let refused = operator.change("PUT", path, "*", body).await;
            refused.refused("invalid_body");
        }
        let unknown = operator.get("retention-rules/everything").await;
        assert_eq!(unknown.status, 400, "{}", unknown.text);
    })
    .await;
}
