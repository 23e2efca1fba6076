//! The queue, which moves by itself.

use crate::world::{on_each_database, text};
use serde_json::json;

#[actix_web::test]
async fn a_free_seat_goes_at_once_to_the_next_in_the_frozen_order() {
    on_each_database(async |world| {
        let announced = world.announced(6, json!({})).await;
        let queue = format!("rounds/{}/queue", announced.round);
        let read = world.coordinator.get(&queue).await.ok();
        let entries = read["entries"].as_array().unwrap();
        let ids: Vec<_> = entries
            .iter()
            .map(|entry| text(&entry["applicationId"]))
            .collect();
        let expected: Vec<_> = (2..6)
            .map(|index| announced.application(index).to_owned())
            .collect();
        assert_eq!(ids, expected);
        announced.answer(0, "decline").await.ok();
        assert_eq!(world.seat(announced.application(2)).await, "offered");
        announced.answer(1, "accept").await.ok();
        announced.withdraw(1).await.ok();
        assert_eq!(world.seat(announced.application(3)).await, "offered");
        assert_eq!(world.seat(announced.application(4)).await, "none");
        let read = world.coordinator.get(&queue).await.ok();
        assert_eq!(read["entries"].as_array().unwrap().len(), 2);
        assert_eq!(read["entries"][0]["position"], 1);
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn an_offer_that_nobody_answers_expires_by_the_sweep_and_the_queue_moves() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        announced.answer(0, "accept").await.ok();
        world.service.set_clock("2022-04-22T21:59:00Z");
        world.service.sweep().await;
        assert_eq!(
            world.seats(&announced).await,
            ["accepted", "offered", "none"]
        );
        world.service.set_clock("2022-04-22T22:00:00Z");
        world.service.sweep().await;
        assert_eq!(
            world.seats(&announced).await,
            ["accepted", "expired", "offered"]
        );
        world.service.sweep().await;
        let path = format!("applications/{}", announced.application(1));
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(
            edges.iter().filter(|edge| *edge == "offer.expired").count(),
            1
        );
        announced
            .answer(1, "accept")
            .await
            .refused("application_without_seat");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn later_entrants_join_the_end_of_the_queue() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let late = world.person(world.municipalities[1].id, "Late").await;
        let body =
            json!({ "roundId": announced.round, "personId": late.id, "lateReason": "Was ill." });
        let late = world
            .coordinator
            .post("applications", body)
            .await
            .created()
            .id();
        world.endorse(1, &late, 1).await;
        let queue = world
            .coordinator
            .get(&format!("rounds/{}/queue", announced.round))
            .await
            .ok();
        assert_eq!(queue["entries"][1]["applicationId"], late);
        announced.withdraw(0).await.ok();
        assert_eq!(world.seat(announced.application(2)).await, "offered");
        announced.withdraw(1).await.ok();
        assert_eq!(world.seat(&late).await, "offered");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn who_is_passed_over_for_a_ceiling_is_told_so_once() {
    on_each_database(async |world| {
        // Two seats, at most one a municipality: A's second waits in front of B's second.
        let admission = json!({ "municipalityCeiling": 1 });
        let round = world.open_round(json!({ "admission": admission })).await;
        let mut all = Vec::new();
        for (municipality, rank) in [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3)] {
            let one = world.applicant(municipality, &round).await;
            world.endorse(municipality, &one.1, rank).await;
            all.push(one);
        }
        world.admit(&round).await;
        for (index, seat) in [(0, "offered"), (1, "none"), (2, "offered"), (3, "none")] {
            assert_eq!(world.seat(&all[index].1).await, seat, "{index}");
        }
        for index in [2, 3] {
            let path = format!("applications/{}/withdrawal", all[index].1);
            all[index].0.client.post(&path, json!({})).await.ok();
        }
        assert_eq!(world.seat(&all[4].1).await, "offered");
        let queue = world
            .coordinator
            .get(&format!("rounds/{round}/queue"))
            .await
            .ok();
        let passed_over = queue["entries"][0]["passOvers"].as_array().unwrap();
        assert_eq!(queue["entries"][0]["applicationId"], all[1].1);
        assert_eq!(passed_over.len(), 1, "{}", queue.text);
        assert_eq!(passed_over[0]["code"], "ceiling_reached");
        world.service.sweep().await;
        let path = format!("applications/{}", all[1].1);
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(
            edges
                .iter()
                .filter(|edge| *edge == "queue.passed_over")
                .count(),
            1
        );
        world.assert_sound(&round).await;
    })
    .await;
}
