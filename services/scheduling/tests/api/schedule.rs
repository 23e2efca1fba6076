//! What each person sees of a released plan.

use crate::{
    calendars, invitations,
    world::{on_each_database, seminar, with},
};
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

#[actix_web::test]
async fn what_a_mentor_reads_ends_with_the_pair() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let (guide, pair) = (PersonId::new(), uuid::Uuid::now_v7());
        world.person(guide, world.municipalities[1].0, None).await;
        invitations::mentor(world, pair, guide, ("active", 1)).await;
        let audience = json!({ "audience": ["mentors"] });
        let session = world.session(with(seminar("2022-09-01"), &audience)).await;
        world.session(seminar("2022-09-02")).await;
        world.release().await;
        let announcements = format!("rounds/{}/announcements", world.round);
        let words = json!({
            "title": { "sv": "Buss" }, "body": { "sv": "8.15." }, "audience": ["mentors"],
        });
        let words = world
            .coordinator
            .post(&announcements, words)
            .await
            .created();
        let client = world.client(guide);
        let (_, feed) = calendars::link(&client).await;
        let stranger = world.service.stranger();
        let schedule = format!("rounds/{}/schedule", world.round);
        let paths = [
            schedule,
            announcements,
            format!("announcements/{}", words.id()),
            format!("sessions/{session}/calendar"),
        ];
        for path in &paths {
            client.get(path).await.ok();
        }
        assert_eq!(names(&client, world.round).await, ["Seminarium"]);
        let read = stranger.get(&feed).await.ok();
        assert_eq!(read.text.matches("BEGIN:VEVENT").count(), 1);
        let own = client.get("me/schedule").await.ok();
        assert_eq!(own["upcoming"][0]["sessionId"], session);
        assert_eq!(own["upcoming"][0]["asAudience"], json!(["mentors"]));
        assert_eq!(own["rounds"], json!([]));

        invitations::mentor(world, pair, guide, ("ended", 2)).await;
        for path in &paths {
            client.get(path).await.refused("not_found");
        }
        let read = stranger.get(&feed).await.ok();
        assert!(!read.text.contains("BEGIN:VEVENT"), "{}", read.text);
        let own = client.get("me/schedule").await.ok();
        assert_eq!(own["upcoming"], json!([]));
    })
    .await;
}
