//! Rounds: their states, their content, their invariants.

use crate::world::{on_each_database, programme, round, with};
use serde_json::json;
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

#[actix_web::test]
async fn a_round_goes_from_draft_to_archive_by_its_edges_alone() {
    on_each_database(async |world| {
        let id = world.draft_round(json!({})).await;
        let path = format!("rounds/{id}");
        let stranger = world.service.stranger();
        stranger.get(&path).await.refused("not_found");
        let steps = [
            ("publication", "published"),
            ("opening", "open"),
            ("closing", "closed"),
            ("start", "running"),
            ("completion", "finished"),
            ("archival", "archived"),
        ];
        for (edge, state) in steps {
            let reply = world.step(&format!("{path}/{edge}")).await.ok();
            assert_eq!(reply["state"], state);
            let again = world.step(&format!("{path}/{edge}")).await;
            let again = again.refused("round_state_forbids");
            assert_eq!(again["transitions"][0]["code"], "round_state_forbids");
        }
        stranger.get(&path).await.ok();
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(edges.len(), 7);
        assert_eq!(edges[0], "round.created");
        world.assert_sound(&id).await;
    })
    .await;
}

#[actix_web::test]
async fn a_round_opens_and_closes_by_itself_on_its_days() {
    on_each_database(async |world| {
        let id = world.draft_round(json!({ "opensOn": "2022-04-14" })).await;
        let path = format!("rounds/{id}");
        world.step(&format!("{path}/publication")).await.ok();
        let state = async || {
            world.service.sweep().await;
            crate::world::text(&world.coordinator.get(&path).await.ok()["state"])
        };
        assert_eq!(state().await, "published");
        let early = world.municipalities[0]
            .director
            .client
            .post("applications", json!({ "roundId": id }));
        early.await.refused("round_not_open_yet");
        world.service.set_clock("2022-04-13T22:00:00Z");
        assert_eq!(state().await, "open");
        world.service.set_clock("2022-04-26T21:59:00Z");
        assert_eq!(state().await, "open");
        world.service.set_clock("2022-04-26T22:00:00Z");
        assert_eq!(state().await, "closed");
    })
    .await;
}

#[actix_web::test]
async fn a_round_needs_a_published_programme_and_dates_to_open() {
    on_each_database(async |world| {
        let coordinator = &world.coordinator;
        let draft = coordinator
            .post("programmes", programme(world.organiser))
            .await;
        let body = round(&draft.created().id());
        let round = coordinator
            .post("rounds", body.clone())
            .await
            .created()
            .id();
        let publication = world.step(&format!("rounds/{round}/publication")).await;
        publication.refused("programme_not_published");
        let nowhere = with(body, json!({ "programmeId": Uuid::new_v4() }));
        coordinator
            .post("rounds", nowhere)
            .await
            .refused("programme_unknown");
        let members = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let list = world.draft_round(members).await;
        world.step(&format!("rounds/{list}/publication")).await.ok();
        world
            .step(&format!("rounds/{list}/opening"))
            .await
            .refused("round_without_dates");
    })
    .await;
}

#[actix_web::test]
async fn a_body_whose_days_contradict_each_other_is_refused_with_every_place() {
    on_each_database(async |world| {
        let members = json!({
            "closesOn": "2022-03-01", "endorseBy": "2022-02-01", "startsOn": "2022-09-01", "endsOn": "2022-08-01",
            "minimumToRun": 3, "timeZone": "Nowhere/Nothing",
            "occasions": [{ "name": { "sv": "Start" }, "startsOn": "2022-09-02", "endsOn": "2022-09-01" }],
        });
        let body = with(round(&world.programme().await), members);
        let reply = world.coordinator.post("rounds", body).await.refused("invalid_body");
        let places: Vec<_> = reply.violations().into_iter().map(|(place, _)| place).collect();
        let expected = ["/closesOn", "/endorseBy", "/endsOn", "/minimumToRun", "/occasions", "/timeZone"];
        assert_eq!(places, expected);
    })
    .await;
}

#[actix_web::test]
async fn seats_are_never_set_below_what_is_in_use_and_new_ones_go_to_the_queue() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let path = format!("rounds/{}", announced.round);
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["seatsUsed"], 2);
        let programme = crate::world::text(&read["programmeId"]);
        let body = |seats: i32| with(round(&programme), json!({ "seats": seats }));
        let tag = read.tag();
        let fewer = world.coordinator.change("PUT", &path, &tag, body(1));
        fewer.await.refused("round_below_seats_used");
        let more = world.coordinator.change("PUT", &path, &tag, body(3));
        assert_eq!(more.await.ok()["seatsUsed"], 3);
        assert_eq!(
            world.seats(&announced).await,
            ["offered", "offered", "offered", "none"]
        );
        let overbooking = format!("{path}/overbooking");
        let reason = json!({ "seats": 1, "reason": "A chair was found." });
        let reply = world.coordinator.post(&overbooking, reason).await.ok();
        assert_eq!(reply["seatsUsed"], 4);
        let back = json!({ "seats": 0, "reason": "It broke." });
        let back = world.coordinator.post(&overbooking, back).await;
        back.refused("round_below_seats_used");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_cancelled_round_keeps_its_reason_and_takes_nothing_more() {
    on_each_database(async |world| {
        let id = world.open_round(json!({})).await;
        let path = format!("rounds/{id}/cancellation");
        let reason = json!({ "reason": "Too few applied." });
        world.coordinator.post(&path, reason.clone()).await.ok();
        world
            .coordinator
            .post(&path, reason)
            .await
            .refused("round_state_forbids");
        let history = world
            .coordinator
            .get(&format!("rounds/{id}/history"))
            .await
            .ok();
        let last = history["entries"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(last["reason"], "Too few applied.");
        let director = &world.municipalities[0].director.client;
        let late = director
            .post("applications", json!({ "roundId": id }))
            .await;
        late.refused("round_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn another_organisers_coordinator_reads_what_is_announced_and_moves_nothing() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let draft = world.draft_round(json!({})).await;
        let open = world.open_round(json!({})).await;
        other
            .get(&format!("rounds/{draft}"))
            .await
            .refused("not_found");
        let listed = other.get("rounds").await.ok();
        assert_eq!(listed["_meta"]["totalRecords"], 1);
        let own = world.coordinator.get("rounds?state=draft").await.ok();
        assert_eq!(own["_meta"]["totalRecords"], 1);
        for (round, code) in [(&draft, "not_found"), (&open, "forbidden")] {
            for edge in [
                "publication",
                "opening",
                "closing",
                "start",
                "completion",
                "archival",
            ] {
                let path = format!("rounds/{round}/{edge}");
                other.post_empty(&path).await.refused(code);
            }
            for thing in ["history", "invariants", "queue", "slate-links"] {
                let path = format!("rounds/{round}/{thing}");
                other.get(&path).await.refused(code);
            }
            let proposals = format!("rounds/{round}/admission-proposals");
            other.post_empty(&proposals).await.refused(code);
            let overbooking = format!("rounds/{round}/overbooking");
            let body = json!({ "seats": 1, "reason": "x" });
            other.post(&overbooking, body).await.refused(code);
        }
        let operator = stranger.system(Role::Operator, None);
        operator
            .get(&format!("rounds/{draft}/invariants"))
            .await
            .ok();
    })
    .await;
}
