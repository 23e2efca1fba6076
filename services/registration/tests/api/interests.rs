//! Interests in rounds without dates.

use crate::world::{on_each_database, round, text, with};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};

#[actix_web::test]
async fn an_interest_is_noted_once_and_told_once_when_the_round_opens() {
    on_each_database(async |world| {
        let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let id = world.draft_round(without_dates).await;
        let (path, stranger) = (format!("rounds/{id}"), world.service.stranger());
        let list = format!("{path}/interests");
        let body =
            json!({ "name": "Anders Dahl", "email": "anders@kommun.example", "language": "en" });
        stranger
            .post(&list, body.clone())
            .await
            .refused("not_found");
        world.step(&format!("{path}/publication")).await.ok();
        let first = stranger.post(&list, body.clone()).await.ok();
        let second = stranger.post(&list, body.clone()).await.ok();
        assert_eq!(
            first.json, second.json,
            "the answer does not tell who is known"
        );
        let noted = world.coordinator.get(&list).await.ok();
        assert_eq!(noted["_meta"]["totalRecords"], 1);
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        other.get(&list).await.refused("forbidden");
        let read = world.coordinator.get(&path).await.ok();
        let dated = with(round(&text(&read["programmeId"])), json!({}));
        world
            .coordinator
            .change("PUT", &path, &read.tag(), dated)
            .await
            .ok();
        stranger.post(&list, body).await.refused("round_has_dates");
        world.step(&format!("{path}/opening")).await.ok();
        let links = world.service.links_to("anders@kommun.example").await;
        assert_eq!(
            links.len(),
            2,
            "that it is noted, and that the round is open"
        );
        assert!(links[0].contains("/registration/pages/interest/"));
        assert!(links[1].ends_with(&format!("/registration/pages/rounds/{id}")));
        let told = world.coordinator.get(&list).await.ok();
        assert!(told["items"][0]["toldAt"].is_string());
    })
    .await;
}

#[actix_web::test]
async fn an_interest_is_withdrawn_by_its_link_or_by_a_coordinator_and_nobody_is_told_then() {
    on_each_database(async |world| {
        let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let id = world.draft_round(without_dates).await;
        let (path, stranger) = (format!("rounds/{id}"), world.service.stranger());
        let list = format!("{path}/interests");
        world.step(&format!("{path}/publication")).await.ok();
        let email = |name: &str| format!("{name}@kommun.example");
        for name in ["anders", "britta", "carin"] {
            let body = json!({ "name": name, "email": email(name), "language": "sv" });
            stranger.post(&list, body).await.ok();
        }
        // By the link: reading changes nothing, sending erases, sending again is no error.
        let links = world.service.links_to(&email("anders")).await;
        assert_eq!(stranger.get(&links[0]).await.status, 200);
        assert_eq!(world.service.count("interests").await, 3);
        for _ in 0..2 {
            assert_eq!(stranger.post_form(&links[0], &[]).await.status, 303);
            assert_eq!(world.service.count("interests").await, 2);
        }
        assert_eq!(stranger.get(&links[0]).await.status, 200);
        // By a coordinator of the organiser.
        let noted = world.coordinator.get(&list).await.ok();
        let all = noted["items"].as_array().unwrap();
        let second = all.iter().find(|one| one["name"] == "britta").unwrap();
        let second = format!("interests/{}", text(&second["id"]));
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let hr = stranger.system(Role::Hr, Some(world.municipalities[0].id));
        for client in [&other, &hr] {
            let call = client.change("DELETE", &second, "*", Value::Null);
            call.await.refused("not_found");
        }
        let call = world
            .coordinator
            .change("DELETE", &second, "*", Value::Null);
        call.await.is(204);
        let call = world
            .coordinator
            .change("DELETE", &second, "*", Value::Null);
        call.await.refused("not_found");
        let read = world.coordinator.get(&path).await.ok();
        let dated = with(round(&text(&read["programmeId"])), json!({}));
        let tag = read.tag();
        let call = world.coordinator.change("PUT", &path, &tag, dated);
        call.await.ok();
        world.step(&format!("{path}/opening")).await.ok();
        for (name, mails) in [("anders", 1), ("britta", 1), ("carin", 2)] {
            assert_eq!(
                world.service.links_to(&email(name)).await.len(),
                mails,
                "{name}"
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn an_address_is_noted_ten_times_a_day_over_all_rounds_and_nobody_is_told_so() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let declare = async |round: &str, name: &str| {
            let email = format!("{name}@kommun.example");
            let body = json!({ "name": name, "email": email, "language": "sv" });
            let list = format!("rounds/{round}/interests");
            stranger.post(&list, body).await.ok();
            let noted = world.coordinator.get(&list).await.ok();
            noted["_meta"]["totalRecords"].as_i64().unwrap()
        };
        for number in 0..11 {
            let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
            let round = world.draft_round(without_dates).await;
            world
                .step(&format!("rounds/{round}/publication"))
                .await
                .ok();
            let noted = declare(&round, "anders").await;
            assert_eq!(noted, i64::from(number < 10), "round {number}");
            if number == 10 {
                assert_eq!(declare(&round, "britta").await, 1, "others are noted");
            }
        }
        assert_eq!(
            world.service.links_to("anders@kommun.example").await.len(),
            10
        );
    })
    .await;
}
