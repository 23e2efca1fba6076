//! What each person sees of a released plan.

use crate::world::{on_each_database, seminar, with};
use serde_json::json;
use shared_testing::Client;
use shared_types::{PersonId, Role, RoundId};

async fn names(client: &Client, round: RoundId) -> Vec<String> {
    let read = client.get(&format!("rounds/{round}/schedule")).await.ok();
    let sessions = read["sessions"].as_array().unwrap().iter();
    let name = |one: &serde_json::Value| one["name"]["sv"].as_str().unwrap().to_owned();
    sessions.map(name).collect()
}

#[actix_web::test]
async fn everybody_sees_what_is_for_them_of_what_was_released() {
    on_each_database(async |world| {
        let (municipality, director) = world.municipalities[0];
        let (manager, leader) = (PersonId::new(), PersonId::new());
        let person = PersonId::new();
        world.person(person, municipality, Some(manager)).await;
        world.seat(person, world.round).await;
        let of = |date: &str, name: &str, audience: &str| {
            with(
                seminar(date),
                &json!({
                    "form": "digital", "name": { "sv": name }, "audience": [audience],
                    "onlineAddress": "https://meet.example/x",
                }),
            )
        };
        world
            .session(of("2022-09-01", "Deltagare", "participants"))
            .await;
        world.session(of("2022-09-02", "Chefer", "managers")).await;
        world
            .session(of("2022-09-03", "Direktörer", "directors"))
            .await;
        let led = with(
            of("2022-09-04", "Ledd", "facilitators"),
            &json!({ "facilitatorIds": [leader] }),
        );
        world.session(led).await;
        let schedule = format!("rounds/{}/schedule", world.round);
        world
            .client(person)
            .get(&schedule)
            .await
            .refused("not_found");
        world.release().await;
        world
            .session(of("2022-09-05", "Utkast", "participants"))
            .await;
        let round = world.round;
        assert_eq!(names(&world.client(person), round).await, ["Deltagare"]);
        assert_eq!(
            names(&world.client(manager), round).await,
            ["Deltagare", "Chefer"]
        );
        assert_eq!(names(&world.client(leader), round).await, ["Ledd"]);
        let deciding = [(Role::Director, municipality)];
        let director = world.service.stranger().person(director, &deciding);
        assert_eq!(names(&director, round).await, ["Direktörer"]);
        let all = ["Deltagare", "Chefer", "Direktörer", "Ledd"];
        assert_eq!(names(&world.coordinator, round).await, all);
        let seen = world.client(manager).get(&schedule).await.ok();
        assert!(seen["sessions"][0].get("onlineAddress").is_none());
        assert_eq!(
            seen["sessions"][1]["onlineAddress"],
            "https://meet.example/x"
        );
        let elsewhere = world.municipalities[1];
        let stranger = [(Role::Director, elsewhere.0)];
        let stranger = world.service.stranger().person(elsewhere.1, &stranger);
        stranger.get(&schedule).await.refused("not_found");
    })
    .await;
}
