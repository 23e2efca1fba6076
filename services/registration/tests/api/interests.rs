//! Interests in rounds without dates.

use crate::world::{on_each_database, round, text, with};
use serde_json::json;
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
        let mails = world.service.mails().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "anders@kommun.example");
        assert!(mails[0].links()[0].ends_with(&format!("/registration/pages/rounds/{id}")));
    })
    .await;
}
