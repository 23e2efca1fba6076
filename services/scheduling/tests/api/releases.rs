//! Releases: what changes, who is told, and what forbids one.

use crate::{
    plans::published,
    world::{codes, on_each_database, seminar, venue, with},
};
use futures_util::future::join_all;
use scheduling::releases::claims::sabotage;
use serde_json::{Value, json};
use shared_types::PersonId;

#[actix_web::test]
async fn people_see_the_released_version_and_only_those_affected_are_told() {
    on_each_database(async |world| {
        let facilitator = PersonId::new();
        world.person(facilitator, world.organiser, None).await;
        let participant = world.participant(world.round).await;
        published(world).await;
        let led = with(
            seminar("2022-09-20"),
            &json!({
                "name": { "sv": "Handledning" }, "audience": ["facilitators"],
                "facilitatorIds": [facilitator],
            }),
        );
        let led = world.session(led).await;
        let preview = format!("rounds/{}/plan/preview", world.round);
        let seen = world.get(&preview).await;
        assert_eq!(seen["number"], 1);
        assert_eq!(seen["changes"].as_array().unwrap().len(), 9);
        let affected = seen["affected"].as_array().unwrap();
        // The participant, the director of the participant's municipality, the facilitator.
        assert_eq!(affected.len(), 3);
        let release = world.release().await;
        assert_eq!(release["number"], 1);
        assert_eq!(release["affectedCount"], 3);
        assert_eq!(world.plan().await["isChanged"], false);
        assert_eq!(world.published("plan.released").await.len(), 1);
        assert_eq!(world.published("session.changed").await.len(), 9);
        let told: Vec<Value> = world.published("message.requested").await;
        assert_eq!(told.len(), 3);
        assert_eq!(told[0]["subject"], "Schemat för Ledarskap i kommuner");
        let moved = with(
            seminar("2022-09-21"),
            &json!({
                "name": { "sv": "Handledning" }, "audience": ["facilitators"],
                "facilitatorIds": [facilitator],
            }),
        );
        let path = format!("sessions/{led}");
        world
            .coordinator
            .change("PUT", &path, "*", moved)
            .await
            .ok();
        let seen = world.get(&preview).await;
        assert_eq!(seen["changes"][0]["change"], "changed");
        assert_eq!(seen["changes"][0]["fields"], json!(["days"]));
        assert_eq!(seen["affected"].as_array().unwrap().len(), 1);
        assert_eq!(seen["affected"][0]["personId"], json!(facilitator));
        let second = world.release().await;
        assert_eq!(second["affectedCount"], 1);
        let told: Vec<Value> = world.published("message.requested").await;
        assert_eq!(told.len(), 4);
        assert_eq!(told[3]["personId"], json!(facilitator));
        let text = told[3]["text"].as_str().unwrap();
        assert!(
            text.contains("Handledning har ändrats: 2022-09-21 10:00–16:00"),
            "{text}"
        );
        let changed = world.published("session.changed").await;
        assert_eq!(changed[9]["version"], 1);
        assert_eq!(changed[9]["affectedPersonIds"], json!([facilitator]));
        assert_ne!(participant, facilitator);
    })
    .await;
}

#[actix_web::test]
async fn any_two_versions_can_be_compared() {
    on_each_database(async |world| {
        let first = world.session(seminar("2022-09-01")).await;
        world.release().await;
        let path = format!("sessions/{first}");
        let renamed = with(seminar("2022-09-01"), &json!({ "name": { "sv": "Annat" } }));
        world
            .coordinator
            .change("PUT", &path, "*", renamed)
            .await
            .ok();
        let second = world.session(seminar("2022-10-01")).await;
        world.release().await;
        let reason = json!({ "reason": "Few." });
        let cancel = format!("sessions/{second}/cancellation");
        world.coordinator.post(&cancel, reason).await.ok();
        let difference = async |query: &str| {
            let path = format!("rounds/{}/plan/difference{query}", world.round);
            let read = world.get(&path).await;
            let changes = read["changes"].as_array().unwrap().iter();
            let short = changes.map(|one| json!([one["sessionId"], one["change"], one["fields"]]));
            short.collect::<Vec<_>>()
        };
        let first_to_second = [
            json!([first, "changed", ["name"]]),
            json!([second, "added", []]),
        ];
        assert_eq!(difference("?from=1&to=2").await, first_to_second);
        assert_eq!(
            difference("").await,
            [json!([second, "cancelled", ["counts", "status"]])]
        );
        assert_eq!(
            difference("?from=0&to=1").await,
            [json!([first, "added", []])]
        );
        assert_eq!(
            difference("?from=1").await,
            [json!([first, "changed", ["name"]])]
        );
        let path = format!("rounds/{}/plan/difference?from=7", world.round);
        world.coordinator.get(&path).await.refused("not_found");
        let releases = world.get(&format!("rounds/{}/releases", world.round)).await;
        assert_eq!(releases["_meta"]["totalRecords"], 2);
        let one = world
            .get(&format!("rounds/{}/releases/1", world.round))
            .await;
        assert_eq!(one["sessions"][0]["name"], json!({ "sv": "Seminarium" }));
    })
    .await;
}

#[actix_web::test]
async fn a_session_keeps_its_sequence_until_a_release_changes_it() {
    on_each_database(async |world| {
        let one = world.session(seminar("2022-09-01")).await;
        world.session(seminar("2022-10-01")).await;
        world.release().await;
        world.service.set_clock("2022-05-01T08:00:00Z");
        let body = with(seminar("2022-09-01"), &json!({ "capacity": 10 }));
        let path = format!("sessions/{one}");
        world.coordinator.change("PUT", &path, "*", body).await.ok();
        let second = world.release().await;
        let of = |number: usize, member: &str| second["sessions"][number][member].clone();
        assert_eq!((of(0, "sequence"), of(1, "sequence")), (json!(1), json!(0)));
        assert!(
            of(0, "changedAt")
                .as_str()
                .unwrap()
                .starts_with("2022-05-01")
        );
        assert!(
            of(1, "changedAt")
                .as_str()
                .unwrap()
                .starts_with("2022-04-12")
        );
        let cancel = format!("{path}/cancellation");
        world
            .coordinator
            .post(&cancel, json!({ "reason": "Ill." }))
            .await
            .ok();
        let third = world.release().await;
        let cancelled = &third["sessions"][0];
        assert_eq!(cancelled["status"], "cancelled");
        assert_eq!(cancelled["sequence"], 2);
        assert!(cancelled["cancelledAt"].is_string());
        assert_eq!(cancelled["days"][0]["date"], "2022-09-01");
    })
    .await;
}

#[actix_web::test]
async fn a_venue_without_an_accessibility_statement_forbids_a_release() {
    on_each_database(async |world| {
        let silent = with(venue(world.organiser), &json!({ "accessibility": null }));
        let made = world.coordinator.post("venues", silent).await.created();
        let body = with(seminar("2022-09-01"), &json!({ "venueId": made.id() }));
        world.session(body).await;
        let plan = world.plan().await;
        assert_eq!(codes(&plan["findings"]), ["accessibility_missing"]);
        assert_eq!(plan["findings"][0]["severity"], "blocks");
        let path = format!("rounds/{}/releases", world.round);
        for body in [json!({}), json!({ "reason": "We know the house." })] {
            let refused = world.coordinator.post(&path, body).await;
            refused.refused("plan_blocked");
        }
        let venues = format!("venues/{}", made.id());
        let spoken = venue(world.organiser);
        world
            .coordinator
            .change("PUT", &venues, "*", spoken)
            .await
            .ok();
        world.release().await;
    })
    .await;
}

#[actix_web::test]
async fn a_room_too_small_for_the_roster_needs_a_reason_which_is_kept() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let room = json!({ "name": "Bastun", "capacity": 1 });
        let path = format!("venues/{venue}/rooms");
        let room = world.coordinator.post(&path, room).await.created().id();
        for _ in 0..2 {
            world.participant(world.round).await;
        }
        let places = json!({ "venueId": venue, "roomId": room });
        world.session(with(seminar("2022-09-01"), &places)).await;
        let finding = &world.plan().await["findings"][0];
        assert_eq!(finding["code"], "capacity_below_roster");
        assert_eq!(
            (&finding["count"], &finding["wanted"]),
            (&json!(1), &json!(2))
        );
        let path = format!("rounds/{}/releases", world.round);
        let refused = world.coordinator.post(&path, json!({})).await;
        refused.refused("plan_clashes");
        let reason = json!({ "reason": "One of them is a child." });
        let release = world.coordinator.post(&path, reason).await.created();
        assert_eq!(codes(&release["findings"]), ["capacity_below_roster"]);
        let history = world
            .get(&format!("rounds/{}/plan/history", world.round))
            .await;
        assert!(history.to_string().contains("One of them is a child."));
    })
    .await;
}

#[actix_web::test]
async fn of_two_releases_at_once_one_is_made_and_the_other_refused() {
    on_each_database(async |world| {
        world.session(seminar("2022-09-01")).await;
        let path = format!("rounds/{}/releases", world.round);
        let calls = (0..4).map(|_| world.coordinator.post(&path, json!({})));
        let replies = join_all(calls).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        for reply in replies.into_iter().filter(|reply| reply.status != 201) {
            reply.refused("plan_unchanged");
        }
        assert_eq!(world.plan().await["releasedNumber"], 1);
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_the_same_plan_is_released_as_often_as_somebody_asks() {
    on_each_database(async |world| {
        world.session(seminar("2022-09-01")).await;
        sabotage::look_early(world.round.uuid());
        let path = format!("rounds/{}/releases", world.round);
        let calls = (0..4).map(|_| world.coordinator.post(&path, json!({})));
        let replies = join_all(calls).await;
        assert!(replies.iter().all(|reply| reply.status == 201));
        assert_eq!(world.plan().await["releasedNumber"], 4);
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_request_releases_once() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/releases", world.round);
        let none = world.coordinator.post(&path, json!({})).await;
        none.refused("plan_missing");
        world.session(seminar("2022-09-01")).await;
        let first = world
            .coordinator
            .post_once(&path, "release-1", json!({}))
            .await
            .created();
        let again = world
            .coordinator
            .post_once(&path, "release-1", json!({}))
            .await
            .created();
        assert_eq!(first.json, again.json);
        assert_eq!(world.published("plan.released").await.len(), 1);
    })
    .await;
}
