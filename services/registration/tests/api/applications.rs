//! Applications, offers and seats.

use crate::world::{at, on_each_database, text};
use serde_json::json;
use uuid::Uuid;

#[actix_web::test]
async fn an_application_is_drafted_submitted_and_withdrawn_by_its_person() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let person = world
            .person(world.municipalities[0].id, "Maja Lindqvist")
            .await;
        let body = json!({ "roundId": round, "motivation": "To compare notes.", "draft": true });
        let draft = person.client.post("applications", body).await.created();
        assert_eq!(draft["state"], "draft");
        assert_eq!(
            draft.rels(),
            ["history", "round", "submission", "withdrawal"]
        );
        let path = format!("applications/{}", draft.id());
        let director = &world.municipalities[0].director.client;
        director.get(&path).await.refused("not_found");
        let submission = format!("{path}/submission");
        let submitted = person.client.post_empty(&submission).await.ok();
        assert_eq!(submitted["endorsement"]["state"], "awaiting");
        assert_eq!(submitted["endorsement"]["dueOn"], "2022-05-06");
        director.get(&path).await.ok();
        let again = person.client.post_empty(&submission).await;
        again.refused("application_state_forbids");
        let withdrawn = person
            .client
            .post(&format!("{path}/withdrawal"), json!({}))
            .await
            .ok();
        assert_eq!(withdrawn["state"], "withdrawn");
        let edges = world.edges(&person.client, &path).await;
        assert_eq!(
            edges,
            [
                "application.drafted",
                "application.submitted",
                "application.withdrawn"
            ]
        );
        let received = world.service.mails().await;
        assert_eq!(
            received
                .iter()
                .filter(|mail| mail.to == person.email)
                .count(),
            2
        );
    })
    .await;
}

#[actix_web::test]
async fn one_live_application_per_person_and_round() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (person, application) = world.applicant(0, &round).await;
        let body = json!({ "roundId": round });
        let twice = person.client.post("applications", body.clone()).await;
        twice.refused("application_already_exists");
        let withdrawal = format!("applications/{application}/withdrawal");
        person
            .client
            .post(&withdrawal, json!({ "reason": "New duties." }))
            .await
            .ok();
        person.client.post("applications", body).await.created();
        assert_eq!(world.service.count("applications").await, 2);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn the_last_day_counts_to_its_end_and_a_coordinator_may_be_late_with_a_reason() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let person = world.person(world.municipalities[0].id, "Late").await;
        world.service.set_clock("2022-04-26T21:59:50Z");
        world.applicant(0, &round).await;
        world.service.set_clock("2022-04-26T22:00:00Z");
        let body = json!({ "roundId": round });
        let late = person.client.post("applications", body).await;
        late.refused("round_deadline_passed");
        let reasoned = json!({ "roundId": round, "lateReason": "The form was down." });
        let own = person.client.post("applications", reasoned).await;
        own.refused("round_deadline_passed");
        let by_coordinator = json!({
            "roundId": round, "personId": person.id, "lateReason": "The form was down.",
        });
        let late = world
            .coordinator
            .post("applications", by_coordinator)
            .await
            .created();
        let history = format!("applications/{}/history", late.id());
        let history = world.coordinator.get(&history).await.ok();
        assert_eq!(history["entries"][1]["reason"], "The form was down.");
    })
    .await;
}

#[actix_web::test]
async fn a_round_is_for_its_partners_and_kinds_of_people() {
    on_each_database(async |world| {
        let eligibility = json!({ "partnersOnly": true, "personKinds": ["employed_manager"] });
        let round = world
            .open_round(json!({ "eligibility": eligibility }))
            .await;
        world.applicant(0, &round).await;
        let body = crate::world::organisation("Utanför", "municipality", Some("SE-0999"));
        let outside = world
            .coordinator
            .post("organisations", body)
            .await
            .created();
        let outside = outside.id().parse().unwrap();
        let own = world.municipalities[0].id;
        let elected = json!({ "kind": "elected" });
        for person in [
            world.person(outside, "Outside").await,
            world.person_with(own, "Elected", elected).await,
        ] {
            let reply = person
                .client
                .post("applications", json!({ "roundId": round }))
                .await;
            reply.refused("applicant_not_eligible");
        }
        let body = json!({ "roundId": round, "personId": Uuid::new_v4() });
        world
            .coordinator
            .post("applications", body)
            .await
            .refused("person_unknown");
        let body = json!({ "roundId": Uuid::new_v4() });
        world
            .coordinator
            .post("applications", body)
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn without_an_office_nobody_can_endorse_and_the_application_is_refused() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let person = world.person(world.organiser, "Of the organiser").await;
        let reply = person
            .client
            .post("applications", json!({ "roundId": round }))
            .await;
        reply.refused("office_missing");
        assert_eq!(world.service.count("applications").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn an_offer_is_answered_once_by_its_person_in_time() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let offered = format!("applications/{}", announced.application(0));
        let read = announced.person(0).get(&offered).await.ok();
        assert_eq!(read["seat"]["answerBy"], "2022-04-22");
        let body = json!({ "verdict": "accept" });
        let path = format!("{offered}/answer");
        world
            .coordinator
            .post(&path, body.clone())
            .await
            .refused("forbidden");
        let director = &world.municipalities[0].director.client;
        director.post(&path, body).await.refused("forbidden");
        announced
            .answer(2, "accept")
            .await
            .refused("application_without_seat");
        let accepted = announced.answer(0, "accept").await.ok();
        assert_eq!(accepted["seat"]["state"], "accepted");
        announced
            .answer(0, "decline")
            .await
            .refused("application_without_seat");
        world.service.clock.set(at("2022-04-22T22:00:00Z"));
        let late = announced.answer(1, "accept").await.refused("offer_expired");
        assert!(text(&late["detail"]).contains("2022-04-22"));
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn withdrawal_is_never_refused_to_who_has_something_to_leave() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        announced.answer(0, "accept").await.ok();
        let left = announced.withdraw(0).await.ok();
        assert_eq!(left["seat"]["state"], "withdrawn");
        let declined = announced.withdraw(1).await.ok();
        assert_eq!(declined["seat"]["state"], "declined");
        assert_eq!(world.seats(&announced).await[2..], ["offered", "offered"]);
        announced
            .withdraw(0)
            .await
            .refused("application_without_seat");
        // Also while the round runs, and after it has ended.
        announced.answer(2, "accept").await.ok();
        for edge in ["start", "completion", "archival"] {
            world
                .step(&format!("rounds/{}/{edge}", announced.round))
                .await
                .ok();
        }
        announced.withdraw(2).await.ok();
        // The offer ended with the round.
        announced
            .withdraw(3)
            .await
            .refused("application_without_seat");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn coordinators_rescind_discontinue_and_reject_with_a_reason() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let post = async |index: usize, edge: &str| {
            let path = format!("applications/{}/{edge}", announced.application(index));
            let reason = json!({ "reason": "As agreed." });
            (
                world.coordinator.post(&path, reason.clone()).await,
                announced.person(index).post(&path, reason).await,
            )
        };
        announced.answer(0, "accept").await.ok();
        let (done, refused) = post(1, "rescission").await;
        assert_eq!(done.ok()["seat"]["state"], "rescinded");
        refused.refused("forbidden");
        assert_eq!(world.seat(announced.application(2)).await, "offered");
        let (done, refused) = post(0, "discontinuation").await;
        assert_eq!(done.ok()["seat"]["state"], "discontinued");
        refused.refused("forbidden");
        assert_eq!(world.seat(announced.application(3)).await, "offered");
        let (refused, _) = post(3, "rejection").await;
        refused.refused("application_state_forbids");
        let history = format!("applications/{}/history", announced.application(1));
        let history = announced.person(1).get(&history).await.ok();
        assert!(
            history.text.contains("As agreed."),
            "the person reads the reason"
        );
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn who_is_rejected_leaves_the_queue_for_good() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let rejection = format!("applications/{}/rejection", announced.application(2));
        let reason = json!({ "reason": "Took part before." });
        let rejected = world.coordinator.post(&rejection, reason).await.ok();
        assert_eq!(rejected["admission"]["verdict"], "rejected");
        announced.withdraw(0).await.ok();
        assert_eq!(world.seats(&announced).await[2..], ["none", "offered"]);
    })
    .await;
}
