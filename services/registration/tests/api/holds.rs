//! Holds: seats kept for an organisation.

use crate::world::{World, on_each_database, text};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_testing::Reply;
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

fn hold(world: &World, municipality: usize, seats: i32) -> Value {
    json!({
        "organisationId": world.municipalities[municipality].id, "seats": seats,
        "lapsesOn": "2022-05-20", "reason": "Agreed when it was financed.",
    })
}

async fn make(world: &World, round: &str, body: Value) -> Reply {
    world
        .coordinator
        .post(&format!("rounds/{round}/holds"), body)
        .await
}

async fn used(world: &World, round: &str) -> i64 {
    let read = world.coordinator.get(&format!("rounds/{round}")).await.ok();
    read["seatsUsed"].as_i64().unwrap()
}

#[actix_web::test]
async fn held_seats_count_as_used_until_they_are_released_and_then_the_queue_moves() {
    on_each_database(async |world| {
        let round = world.open_round(json!({ "seats": 3 })).await;
        let held = make(world, &round, hold(world, 1, 2)).await.created();
        assert_eq!(held["state"], "held");
        assert_eq!(held["seatsUsed"], 0);
        assert_eq!(held.rels(), ["history", "release", "round"]);
        assert_eq!(used(world, &round).await, 2);
        world.assert_sound(&round).await;
        make(world, &round, hold(world, 1, 2))
            .await
            .refused("round_full");
        let mut all = Vec::new();
        for rank in 1..=3 {
            let (_, application) = world.applicant(0, &round).await;
            world.endorse(0, &application, rank).await;
            all.push(application);
        }
        world.admit(&round).await;
        assert_eq!(world.seat(&all[0]).await, "offered");
        assert_eq!(world.seat(&all[1]).await, "none");
        world.assert_sound(&round).await;
        let path = format!("holds/{}", held.id());
        let release = json!({ "reason": "They send nobody." });
        let released = world
            .coordinator
            .post(&format!("{path}/release"), release.clone())
            .await
            .ok();
        assert_eq!(released["state"], "released");
        assert!(released["endedAt"].is_string());
        for application in &all {
            assert_eq!(world.seat(application).await, "offered");
        }
        assert_eq!(used(world, &round).await, 3);
        let again = format!("{path}/release");
        let again = world.coordinator.post(&again, release).await;
        again.refused("hold_state_forbids");
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(edges, ["hold.created", "hold.released"]);
        let history = world
            .coordinator
            .get(&format!("rounds/{round}/history"))
            .await
            .ok();
        assert!(history.text.contains("They send nobody."));
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_hold_lapses_after_its_whole_last_day_and_frees_its_seats_to_the_queue() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({ "seats": 2 })).await;
        let path = format!("rounds/{}", announced.round);
        let more = json!({ "seats": 1, "reason": "A chair." });
        announced.withdraw(2).await.ok();
        world
            .coordinator
            .post(&format!("{path}/overbooking"), more)
            .await
            .ok();
        let held = make(world, &announced.round, hold(world, 1, 1))
            .await
            .created();
        let late = world.person(world.municipalities[0].id, "Late").await;
        let body =
            json!({ "roundId": announced.round, "personId": late.id, "lateReason": "Was ill." });
        let late = world
            .coordinator
            .post("applications", body)
            .await
            .created()
            .id();
        world.endorse(0, &late, 1).await;
        for index in [0, 1] {
            announced.answer(index, "accept").await.ok();
        }
        world.service.set_clock("2022-05-20T21:59:59Z");
        world.service.sweep().await;
        assert_eq!(world.seat(&late).await, "none");
        assert_eq!(used(world, &announced.round).await, 3);
        world.service.set_clock("2022-05-20T22:00:00Z");
        world.service.sweep().await;
        world.service.sweep().await;
        assert_eq!(world.seat(&late).await, "offered");
        let path = format!("holds/{}", held.id());
        let lapsed = world.coordinator.get(&path).await.ok();
        assert_eq!(lapsed["state"], "lapsed");
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(edges, ["hold.created", "hold.lapsed"]);
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn only_the_organisers_coordinator_holds_and_each_employer_sees_its_own() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let list = format!("rounds/{round}/holds");
        let own = world.municipalities[0].id;
        let stranger = world.service.stranger();
        let hr = stranger.system(Role::Hr, Some(own));
        let director = world.municipalities[0].director.client.clone();
        let other_hr = stranger.system(Role::Hr, Some(world.municipalities[1].id));
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        for client in [&hr, &director, &other] {
            client
                .post(&list, hold(world, 0, 1))
                .await
                .refused("forbidden");
        }
        stranger
            .post(&list, hold(world, 0, 1))
            .await
            .refused("unauthenticated");
        let held = make(world, &round, hold(world, 0, 1)).await.created();
        let path = format!("holds/{}", held.id());
        for client in [&world.coordinator, &hr, &director] {
            assert_eq!(client.get(&list).await.ok()["_meta"]["totalRecords"], 1);
            client.get(&path).await.ok();
        }
        for client in [&other_hr, &other] {
            assert_eq!(client.get(&list).await.ok()["_meta"]["totalRecords"], 0);
            for path in [path.clone(), format!("{path}/history")] {
                client.get(&path).await.refused("not_found");
            }
            let body = json!({ "reason": "Mine." });
            client
                .post(&format!("{path}/release"), body)
                .await
                .refused("not_found");
        }
        for client in [&hr, &director] {
            let history = client.get(&format!("{path}/history")).await.ok();
            assert!(!history.text.contains("Agreed"), "{}", history.text);
            let body = json!({ "reason": "Mine." });
            client
                .post(&format!("{path}/release"), body)
                .await
                .refused("forbidden");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_hold_that_makes_no_sense_is_refused() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let over = crate::world::with(hold(world, 0, 1), json!({ "lapsesOn": "2022-04-11" }));
        let refused = make(world, &round, over).await.refused("invalid_body");
        assert_eq!(refused.violations()[0].0, "/lapsesOn");
        let nobody = json!({ "organisationId": Uuid::new_v4() });
        let nobody = crate::world::with(hold(world, 0, 1), nobody);
        make(world, &round, nobody)
            .await
            .refused("organisation_unknown");
        let none = make(world, &round, hold(world, 0, 0)).await;
        assert_eq!(none.refused("invalid_body").violations()[0].0, "/seats");
        let elsewhere = make(world, &Uuid::new_v4().to_string(), hold(world, 0, 1)).await;
        elsewhere.refused("not_found");
        let held = make(world, &round, hold(world, 0, 1)).await.created();
        let reason = json!({ "reason": "Too few." });
        let cancellation = format!("rounds/{round}/cancellation");
        world.coordinator.post(&cancellation, reason).await.ok();
        make(world, &round, hold(world, 0, 1))
            .await
            .refused("round_state_forbids");
        let ended = world
            .coordinator
            .get(&format!("holds/{}", held.id()))
            .await
            .ok();
        assert_eq!(text(&ended["state"]), "released");
        assert_eq!(used(world, &round).await, 0);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_held_seat_counts_to_its_municipalitys_ceiling() {
    on_each_database(async |world| {
        let admission = json!({ "municipalityCeiling": 1 });
        let round = world
            .open_round(json!({ "seats": 3, "admission": admission }))
            .await;
        make(world, &round, hold(world, 0, 1)).await.created();
        let mut all = Vec::new();
        for municipality in [0, 1] {
            let (_, application) = world.applicant(municipality, &round).await;
            world.endorse(municipality, &application, 1).await;
            all.push(application);
        }
        world.admit(&round).await;
        assert_eq!(world.seat(&all[0]).await, "none");
        assert_eq!(world.seat(&all[1]).await, "offered");
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn holds_and_nominations_that_come_at_once_take_no_seat_twice() {
    on_each_database(async |world| {
        let members = json!({ "seats": 3, "endorsement": "not_required" });
        let round = world.open_round(members).await;
        let making = (0..8).map(|_| make(world, &round, hold(world, 0, 1)));
        let made = join_all(making).await;
        let held: Vec<_> = made.iter().filter(|reply| reply.status == 201).collect();
        assert_eq!(held.len(), 3);
        for reply in made.iter().filter(|reply| reply.status != 201) {
            reply.clone().refused("round_full");
        }
        // Four people are named against one held seat: one gets it.
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(world.person(world.municipalities[0].id, "One").await);
        }
        let nominations = format!("rounds/{round}/nominations");
        let naming = people.iter().map(|person| {
            let people = json!([{ "personId": person.id }]);
            let body = json!({ "people": people, "holdId": held[0].id() });
            world.coordinator.post(&nominations, body)
        });
        let mut codes: Vec<_> = join_all(naming)
            .await
            .iter()
            .map(|reply| reply.status)
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, [200, 409, 409, 409]);
        assert_eq!(used(world, &round).await, 3);
        world.assert_sound(&round).await;
    })
    .await;
}
