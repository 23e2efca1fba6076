//! Sessions in the draft.

use crate::world::{on_each_database, seminar, with};
use serde_json::{Value, json};
use shared_types::RoundId;
use uuid::Uuid;

#[actix_web::test]
async fn a_session_that_cannot_be_is_refused_with_every_violation() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/sessions", world.round);
        let day = |date: &str, starts: &str, ends: &str| {
            json!({ "date": date, "startsAt": starts, "endsAt": ends })
        };
        let body = with(
            seminar("2027-03-28"),
            &json!({ "days": [
                day("2027-03-28", "02:30", "05:00"), day("2027-03-28", "04:00", "03:00"),
            ], "heldUntil": "2022-01-01" }),
        );
        let refused = world.coordinator.post(&path, body).await;
        let expected = [
            ("/days/0/startsAt", "time_does_not_exist"),
            ("/days/1", "days_overlap"),
            ("/days/1/endsAt", "invalid"),
            ("/heldUntil", "invalid"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(refused.refused("invalid_body").violations(), expected);
        let clock = with(
            seminar("2027-03-28"),
            &json!({ "days": [day("2027-03-28", "25:00", "5")] }),
        );
        let refused = world.coordinator.post(&path, clock).await;
        assert_eq!(refused.refused("invalid_body").violations().len(), 3);
    })
    .await;
}

#[actix_web::test]
async fn of_the_hour_that_comes_twice_the_first_is_meant() {
    on_each_database(async |world| {
        let day = json!([{ "date": "2026-10-25", "startsAt": "02:30", "endsAt": "04:00" }]);
        let session = world
            .session(with(seminar("2026-10-25"), &json!({ "days": day })))
            .await;
        let release = world.release().await;
        assert_eq!(release["sessions"][0]["id"], session);
        let day = &release["sessions"][0]["days"][0];
        assert_eq!(day["starts"], "2026-10-25T00:30:00Z");
        assert_eq!(day["ends"], "2026-10-25T03:00:00Z");
        assert_eq!(day["startsAt"], "02:30");
    })
    .await;
}

#[actix_web::test]
async fn the_plans_zone_is_not_changed_to_one_that_skips_a_sessions_time() {
    on_each_database(async |world| {
        let plan = format!("rounds/{}/plan", world.round);
        let zone = |zone: &str| json!({ "timeZone": zone });
        let set = world
            .coordinator
            .change("PUT", &plan, "*", zone("Atlantic/Reykjavik"))
            .await;
        set.ok();
        let days = json!([{ "date": "2027-03-28", "startsAt": "02:30", "endsAt": "04:00" }]);
        world
            .session(with(seminar("2027-03-28"), &json!({ "days": days })))
            .await;
        let back = world
            .coordinator
            .change("PUT", &plan, "*", zone("Europe/Stockholm"))
            .await;
        assert_eq!(back.refused("invalid_body").violations()[0].0, "/timeZone");
        let nowhere = world
            .coordinator
            .change("PUT", &plan, "*", zone("Mars/Base"))
            .await;
        assert_eq!(
            nowhere.refused("invalid_body").violations()[0].0,
            "/timeZone"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_session_names_venues_and_rooms_that_are_there_and_belong_together() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/sessions", world.round);
        let (venue, room) = world.venue().await;
        let (other, _) = world.venue().await;
        for members in [
            json!({ "venueId": Uuid::now_v7() }),
            json!({ "venueId": other, "roomId": room }),
            json!({ "venueId": venue, "form": "hybrid",
                    "sites": [{ "venueId": other, "roomId": room, "capacity": 4 }] }),
        ] {
            let body = with(seminar("2022-09-01"), &members);
            let refused = world.coordinator.post(&path, body).await;
            refused.refused("venue_unknown");
        }
        let both = json!({ "venueId": venue, "roomId": room });
        world.session(with(seminar("2022-09-01"), &both)).await;
    })
    .await;
}

#[actix_web::test]
async fn a_session_is_replaced_deleted_or_cancelled_and_of_two_writers_one_wins() {
    on_each_database(async |world| {
        let id = world.session(seminar("2022-09-01")).await;
        let path = format!("sessions/{id}");
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["state"], "planned");
        assert_eq!(read.rels(), ["cancellation", "history", "plan"]);
        let tag = read.tag();
        let body = seminar("2022-09-02");
        let first = world
            .coordinator
            .change("PUT", &path, &tag, body.clone())
            .await;
        first.ok();
        let second = world
            .coordinator
            .change("PUT", &path, &tag, body.clone())
            .await;
        second.refused("version_stale");
        let unsure = world.coordinator.call("PUT".parse().unwrap(), &path);
        unsure.json(&body).send().await.refused("if_match_required");
        world.release().await;
        let gone = world
            .coordinator
            .change("DELETE", &path, "*", json!(null))
            .await;
        gone.refused("session_already_released");
        let reason = json!({ "reason": "Too few have applied." });
        let cancel = format!("{path}/cancellation");
        let cancelled = world.coordinator.post(&cancel, reason.clone()).await.ok();
        assert_eq!(cancelled["state"], "cancelled");
        let again = world.coordinator.post(&cancel, reason).await;
        again.refused("session_state_forbids");
        let written = world.coordinator.change("PUT", &path, "*", body).await;
        written.refused("session_state_forbids");
        let history = world.get(&format!("{path}/history")).await;
        assert_eq!(history["entries"][2]["reason"], "Too few have applied.");
        let unseen = world.session(seminar("2022-10-01")).await;
        let path = format!("sessions/{unseen}");
        world
            .coordinator
            .change("DELETE", &path, "*", json!(null))
            .await
            .is(204);
        world.coordinator.get(&path).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_round_that_nobody_told_of_has_no_plan() {
    on_each_database(async |world| {
        let path = format!("rounds/{}", RoundId::new());
        let plan = world.coordinator.get(&format!("{path}/plan")).await;
        plan.refused("not_found");
        let body = seminar("2022-09-01");
        let made = world
            .coordinator
            .post(&format!("{path}/sessions"), body)
            .await;
        made.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_session_is_for_a_group_of_its_own_round_alone() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let other = RoundId::new();
        world.know_round(other, world.organiser).await;
        world.participant(other).await;
        let body = json!({ "name": { "sv": "Grupper" }, "groupsCount": 1 });
        let mut groups = Vec::new();
        for round in [world.round, other] {
            let sets = format!("rounds/{round}/group-sets");
            let set = world.coordinator.post(&sets, body.clone()).await.created();
            groups.push((set.id(), set["groups"][0]["id"].clone()));
        }
        let meeting = |group: &Value| {
            let members =
                json!({ "kind": "group_meeting", "audience": ["group"], "groupId": group });
            with(seminar("2022-09-01"), &members)
        };
        let sessions = format!("rounds/{}/sessions", world.round);
        let (own, foreign) = (&groups[0].1, &groups[1].1);
        let invented = json!(Uuid::now_v7());
        for group in [foreign, &invented] {
            let refused = world.coordinator.post(&sessions, meeting(group)).await;
            refused.refused("session_group_unknown");
        }
        let made = world
            .coordinator
            .post(&sessions, meeting(own))
            .await
            .created();
        let path = format!("sessions/{}", made.id());
        for group in [foreign, &invented] {
            let refused = world
                .coordinator
                .change("PUT", &path, "*", meeting(group))
                .await;
            refused.refused("session_group_unknown");
        }
        let discard = format!("group-sets/{}/discard", groups[0].0);
        world.coordinator.post_empty(&discard).await.ok();
        let refused = world
            .coordinator
            .change("PUT", &path, "*", meeting(own))
            .await;
        refused.refused("session_group_unknown");
        assert_eq!(world.get(&path).await["content"]["groupId"], *own);
    })
    .await;
}
