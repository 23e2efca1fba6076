//! Meetings of pairs.

use crate::world::on_each_database;
use serde_json::json;

#[actix_web::test]
async fn coordinators_see_that_and_when_a_pair_meets_and_not_what_about() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let path = matched.at("meetings");
        let body = json!({
            "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 60,
            "topic": "The first hundred days", "place": "The library",
        });
        let client = matched.mentor();
        let call = async || client.post_once(&path, "one", body.clone()).await.created();
        let (planned, again) = (call().await, call().await);
        assert_eq!(planned.id(), again.id());
        let other = json!({ "startsAt": "2022-06-14T12:00:00Z", "lengthMinutes": 60 });
        client
            .post_once(&path, "one", other)
            .await
            .refused("idempotency_key_reused");
        assert_eq!(planned["topic"], "The first hundred days");
        let seen = world.coordinator.get(&path).await.ok();
        assert_eq!(seen["items"][0]["startsAt"], "2022-06-13T12:00:00Z");
        assert!(!seen.text.contains("hundred days") && !seen.text.contains("library"));
        let own = format!("meetings/{}", planned.id());
        let held = json!({ "lengthMinutes": 75 });
        let early = client.post(&format!("{own}/holding"), held.clone()).await;
        early.refused("meeting_not_yet_begun");
        world.service.set_clock("2022-06-13T13:30:00Z");
        let by_coordinator = world
            .coordinator
            .post(&format!("{own}/holding"), held.clone())
            .await;
        by_coordinator.refused("forbidden");
        let held = matched
            .mentee()
            .post(&format!("{own}/holding"), held)
            .await
            .ok();
        assert_eq!(
            (&held["state"], &held["lengthMinutes"]),
            (&json!("held"), &json!(75))
        );
        let over = client.post_empty(&format!("{own}/cancellation")).await;
        over.refused("meeting_state_forbids");
        let pair = world
            .coordinator
            .get(&format!("pairs/{}", matched.pair))
            .await
            .ok();
        assert_eq!(pair["meetingsHeld"], 1);
    })
    .await;
}

#[actix_web::test]
async fn no_meeting_is_planned_before_the_pair_is_active_or_in_the_past() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let path = matched.at("meetings");
        let meeting = |at: &str| json!({ "startsAt": at, "lengthMinutes": 60 });
        let early = matched
            .mentee()
            .post(&path, meeting("2022-06-13T12:00:00Z"))
            .await;
        early.refused("pair_not_active");
        let activation = matched.at("activation");
        world.coordinator.post_empty(&activation).await.ok();
        let past = matched
            .mentee()
            .post(&path, meeting("2022-06-01T07:00:00Z"))
            .await;
        past.refused("meeting_in_the_past");
        let wrong = json!({ "startsAt": "tomorrow", "lengthMinutes": 1 });
        let refused = matched
            .mentee()
            .post(&path, wrong)
            .await
            .refused("invalid_body");
        assert_eq!(refused.violations().len(), 2);
    })
    .await;
}
