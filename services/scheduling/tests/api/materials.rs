//! Materials, and what a coordinator announces.

use crate::world::{on_each_database, seminar};
use serde_json::{Value, json};

#[actix_web::test]
async fn a_material_is_seen_from_its_day_on() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let path = format!("sessions/{session}/materials");
        let body = |from: Option<&str>| json!({
            "title": { "sv": "Text" }, "address": "https://library.example/x", "visibleFrom": from,
        });
        let plain = json!({ "title": { "sv": "Text" }, "address": "https://library.example/x" });
        world.coordinator.post(&path, body(None)).await.refused("invalid_body");
        let late = body(Some("2022-08-25T08:00:00Z"));
        let late = world.coordinator.post(&path, late).await.created();
        world.coordinator.post(&path, plain).await.created();
        // Nobody but coordinators knows of a draft.
        world.client(person).get(&path).await.refused("not_found");
        world.release().await;
        let count = async || {
            let read = world.client(person).get(&path).await.ok();
            read["_meta"]["totalRecords"].clone()
        };
        assert_eq!(count().await, 1);
        let own = format!("materials/{}", late.id());
        world.client(person).get(&own).await.refused("not_found");
        world.service.set_clock("2022-08-25T08:00:00Z");
        assert_eq!(count().await, 2);
        world.client(person).get(&own).await.ok();
        world.coordinator.change("DELETE", &own, "*", Value::Null).await.is(204);
        assert_eq!(count().await, 1);
        let http = json!({ "title": { "sv": "Text" }, "address": "http://library.example/x" });
        let refused = world.coordinator.post(&path, http).await;
        assert_eq!(refused.refused("invalid_body").violations()[0].0, "/address");
    })
    .await;
}

#[actix_web::test]
async fn an_announcement_is_read_by_and_sent_to_those_for_whom_it_is() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let path = format!("rounds/{}/announcements", world.round);
        let body = json!({ "title": { "sv": "Buss", "en": "Bus" }, "body": { "sv": "Kl. 8.15." } });
        world
            .coordinator
            .post(&path, body.clone())
            .await
            .refused("plan_missing");
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        let before = world.published("message.requested").await.len();
        let made = world.coordinator.post(&path, body.clone()).await.created();
        let told = world.published("message.requested").await;
        assert_eq!(told.len(), before + 1);
        assert_eq!(told[before]["subject"], "Buss");
        assert_eq!(told[before]["personId"], json!(person));
        let read = world.client(person).get(&path).await.ok();
        assert_eq!(read["items"][0]["id"], made.id());
        let mut wrong = body;
        wrong["audience"] = json!(["group"]);
        let refused = world.coordinator.post(&path, wrong).await;
        assert_eq!(
            refused.refused("invalid_body").violations()[0].0,
            "/audience"
        );
    })
    .await;
}
