//! "Why am I not promoted?"

use crate::world::{Announced, World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::{OrganisationId, Role};

async fn explain(client: &Client, application: &str) -> Reply {
    let path = format!("applications/{application}/queue-explanation");
    client.get(&path).await
}

async fn own(announced: &Announced, index: usize) -> Reply {
    explain(announced.person(index), announced.application(index)).await
}

fn codes(reasons: &Value) -> Vec<String> {
    let reasons = reasons.as_array().unwrap();
    reasons.iter().map(|one| text(&one["code"])).collect()
}

#[actix_web::test]
async fn whoever_is_next_is_told_so_and_gets_the_next_seat() {
    on_each_database(async |world| {
        let announced = world.announced(5, json!({})).await;
        let second = own(&announced, 3).await.ok();
        assert_eq!(second["position"], 2);
        assert_eq!(second["aheadCount"], 1);
        assert_eq!(second["waitingCount"], 3);
        assert_eq!(second["heldCount"], 2);
        assert_eq!(second["next"], false);
        assert_eq!(second["helpingCount"], 0);
        assert_eq!(second["seatsNeeded"], 2);
        assert_eq!(codes(&second["obstacles"]), ["others_ahead"]);
        assert_eq!(codes(&second["remedies"]), ["more_seats"]);
        for leaving in 0..2 {
            let next = leaving + 2;
            let told = own(&announced, next).await.ok();
            assert_eq!(told["next"], true, "{}", told.text);
            assert_eq!(told["position"], 1);
            assert_eq!(told["helpingCount"], 2);
            assert_eq!(codes(&told["remedies"]), ["next_seat"]);
            announced.withdraw(leaving).await.ok();
            assert_eq!(world.seat(announced.application(next)).await, "offered");
            own(&announced, next)
                .await
                .refused("application_not_in_queue");
        }
        own(&announced, 0).await.refused("application_not_in_queue");
        let path = format!("rounds/{}/closing", announced.round);
        world.step(&path).await.refused("round_state_forbids");
        for step in ["start", "completion"] {
            world
                .step(&format!("rounds/{}/{step}", announced.round))
                .await
                .ok();
        }
        // The queue ended with the round.
        own(&announced, 4).await.refused("application_not_in_queue");
    })
    .await;
}

/// Two seats, at most one a municipality; the queue: the first's second, the second's second and
/// third.
async fn at_the_ceiling(world: &World) -> Announced {
    let admission = json!({ "municipalityCeiling": 1 });
    let round = world.open_round(json!({ "admission": admission })).await;
    let mut all = Vec::new();
    for (municipality, rank) in [(0, 1), (1, 1), (0, 2), (1, 2), (1, 3)] {
        let one = world.applicant(municipality, &round).await;
        world.endorse(municipality, &one.1, rank).await;
        all.push(one);
    }
    world.admit(&round).await;
    Announced { round, all }
}

#[actix_web::test]
async fn a_ceiling_is_explained_with_its_numbers_and_the_pass_over_is_remembered() {
    on_each_database(async |world| {
        let announced = at_the_ceiling(world).await;
        let told = own(&announced, 2).await.ok();
        assert_eq!(told["position"], 1);
        assert_eq!(told["municipalitySeats"], 1);
        assert_eq!(told["municipalityCeiling"], 1);
        assert_eq!(told["next"], false);
        assert_eq!(told["nextIfAdded"], false);
        assert_eq!(told["helpingCount"], 1);
        assert_eq!(told["seatsNeeded"], Value::Null);
        assert_eq!(codes(&told["obstacles"]), ["ceiling_reached"]);
        assert_eq!(
            codes(&told["remedies"]),
            ["seat_of_some", "seat_of_own_municipality"]
        );
        // The other municipality's seat is of no help, as was said.
        announced.withdraw(1).await.ok();
        assert_eq!(world.seat(announced.application(3)).await, "offered");
        let path = format!(
            "applications/{}/queue-explanation",
            announced.application(2)
        );
        let call = announced.person(2).call("GET".parse().unwrap(), &path);
        let told = call.header("accept-language", "sv").send().await.ok();
        let passed = told["passOvers"].as_array().unwrap();
        assert_eq!(passed.len(), 1, "{}", told.text);
        assert_eq!(passed[0]["reason"]["code"], "ceiling_reached");
        assert_eq!(
            passed[0]["reason"]["detail"],
            "Kommunen har sina 1 platser."
        );
        assert!(passed[0]["at"].is_string());
        // The own one is.
        announced.withdraw(0).await.ok();
        assert_eq!(world.seat(announced.application(2)).await, "offered");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn what_is_said_is_what_happens_whoever_leaves() {
    on_each_database(async |world| {
        for leaving in 0..2 {
            let announced = at_the_ceiling(world).await;
            let mut helped = Vec::new();
            for waiting in 2..5 {
                let told = own(&announced, waiting).await.ok();
                helped.push(told["helpingCount"].as_i64().unwrap());
            }
            // Each of the two seats helps exactly one of those who wait.
            assert_eq!(helped.iter().sum::<i64>(), 2);
            announced.withdraw(leaving).await.ok();
            let promoted = if leaving == 0 { 2 } else { 3 };
            assert_eq!(world.seat(announced.application(promoted)).await, "offered");
            assert_eq!(helped[promoted - 2], 1);
        }
    })
    .await;
}

#[actix_web::test]
async fn the_applicant_the_own_director_and_the_coordinator_read_it_and_nobody_else() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let waiting = announced.application(2);
        let director = &world.municipalities[0].director.client;
        for reader in [announced.person(2), director, &world.coordinator] {
            let told = explain(reader, waiting).await.ok();
            assert!(!told.text.contains("Anna Applicant"), "{}", told.text);
        }
        let stranger = world.service.stranger();
        let hr = stranger.system(Role::Hr, Some(world.municipalities[0].id));
        explain(&hr, waiting).await.refused("forbidden");
        for other in [
            announced.person(0),
            &world.municipalities[1].director.client,
            &stranger.system(Role::Coordinator, Some(OrganisationId::new())),
        ] {
            explain(other, waiting).await.refused("not_found");
        }
        explain(&stranger, waiting).await.refused("unauthenticated");
    })
    .await;
}
