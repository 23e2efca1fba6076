//! Titles, late submission, overbooking, and the balance in admission and queue.

use crate::world::{World, on_each_database, text};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};

#[actix_web::test]
async fn a_round_for_some_titles_is_for_them_on_every_way_in() {
    on_each_database(async |world| {
        let eligibility = json!({ "titles": ["  HEAD of   department", "Rektor"] });
        let round = world
            .open_round(json!({ "eligibility": eligibility, "endorseBy": null }))
            .await;
        let own = world.municipalities[0].id;
        let read = world.coordinator.get(&format!("rounds/{round}")).await.ok();
        assert_eq!(read["eligibility"]["titles"][1], "Rektor");
        let clerk = json!({ "title": "Clerk" });
        let clerk = world.person_with(own, "Clerk", clerk).await;
        let body = json!({ "roundId": round });
        let refused = clerk.client.post("applications", body.clone()).await;
        refused.refused("applicant_not_eligible");
        let by_coordinator = json!({ "roundId": round, "personId": clerk.id });
        let refused = world.coordinator.post("applications", by_coordinator).await;
        refused.refused("applicant_not_eligible");
        let (first, application) = world.applicant(0, &round).await;
        let form = |title: &'static str| {
            [
                ("name", "Karin Ek".to_owned()),
                ("email", "karin@kommun.example".to_owned()),
                ("title", title.to_owned()),
                ("organisationId", own.to_string()),
                ("department", "Skolan".to_owned()),
                ("kind", "employed_manager".to_owned()),
            ]
        };
        let page = format!("/registration/pages/rounds/{round}/application");
        let stranger = world.service.stranger();
        for (title, status) in [("Vaktmästare", 400), ("rektor", 303)] {
            let fields = form(title);
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            let sent = stranger.post_form(&page, &fields).await;
            assert_eq!(sent.status, status, "{title}: {}", sent.text);
        }
        world.endorse(0, &application, 1).await;
        world.admit(&round).await;
        let answer = json!({ "verdict": "accept" });
        let path = format!("applications/{application}");
        first
            .client
            .post(&format!("{path}/answer"), answer)
            .await
            .ok();
        let body = json!({ "personId": clerk.id, "reason": "Changes jobs." });
        let substitution = first
            .client
            .post(&format!("{path}/substitution"), body)
            .await;
        substitution.refused("applicant_not_eligible");
    })
    .await;
}

#[actix_web::test]
async fn a_draft_is_submitted_late_by_a_coordinator_whose_reason_is_kept() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let person = world.person(world.municipalities[0].id, "Late").await;
        let body = json!({ "roundId": round, "draft": true });
        let draft = person.client.post("applications", body).await.created();
        world.service.set_clock("2022-04-26T22:00:00Z");
        let path = format!("applications/{}", draft.id());
        let late = format!("{path}/late-submission");
        let reason = json!({ "reason": "The form was down." });
        person
            .client
            .post_empty(&format!("{path}/submission"))
            .await
            .refused("round_deadline_passed");
        person
            .client
            .post(&late, reason.clone())
            .await
            .refused("forbidden");
        let stranger = world.service.stranger();
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        other.post(&late, reason.clone()).await.refused("not_found");
        let bare = world.coordinator.post(&late, json!({})).await;
        bare.refused("invalid_body");
        let read = world.coordinator.get(&path).await.ok();
        assert!(read.rels().contains(&"late-submission".to_owned()));
        let submitted = world.coordinator.post(&late, reason.clone()).await.ok();
        assert_eq!(submitted["state"], "submitted");
        assert_eq!(submitted["endorsement"]["state"], "awaiting");
        world
            .coordinator
            .post(&late, reason)
            .await
            .refused("application_state_forbids");
        let history = world.coordinator.get(&format!("{path}/history")).await.ok();
        assert_eq!(history["entries"][1]["edge"], "application.submitted");
        assert_eq!(history["entries"][1]["reason"], "The form was down.");
        // A coordinator's own late draft keeps its reason too.
        let second = world.person(world.municipalities[0].id, "Second").await;
        let body = json!({
            "roundId": round, "personId": second.id, "draft": true, "lateReason": "Was abroad.",
        });
        let draft = world.coordinator.post("applications", body).await.created();
        let history = format!("applications/{}/history", draft.id());
        let history = world.coordinator.get(&history).await.ok();
        assert_eq!(history["entries"][0]["reason"], "Was abroad.");
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn overbooking_is_a_number_with_an_actor_and_a_reason() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let path = format!("rounds/{}", announced.round);
        let overbooking = format!("{path}/overbooking");
        let body = |seats: i32| json!({ "seats": seats, "reason": "A chair was found." });
        let stranger = world.service.stranger();
        stranger
            .post(&overbooking, body(1))
            .await
            .refused("unauthenticated");
        let director = world.municipalities[0].director.client.clone();
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        for client in [&director, &other] {
            client
                .post(&overbooking, body(1))
                .await
                .refused("forbidden");
        }
        for wrong in [json!({ "seats": 1 }), body(-1), body(1001)] {
            let refused = world.coordinator.post(&overbooking, wrong).await;
            refused.refused("invalid_body");
        }
        let more = world.coordinator.post(&overbooking, body(1)).await.ok();
        assert_eq!(more["overbooking"], 1);
        assert_eq!(more["seatsUsed"], 3);
        let fewer = world.coordinator.post(&overbooking, body(0)).await;
        fewer.refused("round_below_seats_used");
        let history = world.coordinator.get(&format!("{path}/history")).await.ok();
        let entries = history["entries"].as_array().unwrap();
        let entry = entries.iter().find(|one| one["edge"] == "round.overbooked");
        let entry = entry.unwrap();
        assert_eq!(entry["reason"], "A chair was found.");
        assert!(text(&entry["actor"]).starts_with("person:"));
        assert!(text(&entry["at"]).starts_with("2022-04-12T08:00:"));
        world.assert_sound(&announced.round).await;
    })
    .await;
}

/// Applications of one municipality by gender, all of the same rank, in the order given.
async fn applied(world: &World, round: &str, genders: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for gender in genders {
        let own = world.municipalities[0].id;
        let person = world
            .person_with(own, "One", json!({ "gender": gender }))
            .await;
        let application = world.apply(&person, round).await;
        world.endorse(0, &application, 1).await;
        all.push(application);
    }
    all
}

async fn seats(world: &World, all: &[String]) -> Vec<String> {
    let mut seats = Vec::new();
    for application in all {
        seats.push(world.seat(application).await);
    }
    seats
}

async fn withdraw(world: &World, application: &str) {
    let path = format!("applications/{application}/withdrawal");
    world.coordinator.post(&path, json!({})).await.ok();
}

#[actix_web::test]
async fn the_balance_rule_decides_in_the_admission_and_in_the_queue() {
    let tie_break = json!({ "mode": "tie_break" });
    let target = json!({ "mode": "target", "womenPermille": 500, "tolerancePermille": 0 });
    on_each_database(async |world| {
        for (balance, code) in [
            (tie_break.clone(), "balance_tie_break"),
            (target.clone(), "balance_target"),
        ] {
            let admission = json!({ "balance": balance });
            let round = world.open_round(json!({ "admission": admission })).await;
            let genders = ["woman", "woman", "man", "woman", "man"];
            let all = applied(world, &round, &genders).await;
            world.admit(&round).await;
            let offered = ["offered", "none", "offered", "none", "none"];
            assert_eq!(seats(world, &all).await, offered, "{code}");
            // The man leaves: the next man goes before the women who wait ahead of him.
            withdraw(world, &all[2]).await;
            let offered = ["offered", "none", "declined", "none", "offered"];
            assert_eq!(seats(world, &all).await, offered, "{code}");
            let queue = format!("rounds/{round}/queue");
            let queue = world.coordinator.get(&queue).await.ok();
            for place in 0..2 {
                let passed_over: &Value = &queue["entries"][place]["passOvers"];
                assert_eq!(passed_over[0]["code"], code, "{}", queue.text);
            }
            // With nobody else left, no seat stays free.
            withdraw(world, &all[4]).await;
            assert_eq!(world.seat(&all[1]).await, "offered");
            world.assert_sound(&round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn whoever_states_no_gender_is_not_passed_over() {
    on_each_database(async |world| {
        let admission = json!({ "balance": { "mode": "tie_break" } });
        let round = world.open_round(json!({ "admission": admission })).await;
        let genders = ["woman", "undisclosed", "man", "man"];
        let all = applied(world, &round, &genders).await;
        world.admit(&round).await;
        let offered = ["offered", "offered", "none", "none"];
        assert_eq!(seats(world, &all).await, offered);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn floors_and_ceilings_of_single_municipalities_count_in_the_admission() {
    on_each_database(async |world| {
        let quota = |municipality: usize, members: Value| {
            let own = json!({ "organisationId": world.municipalities[municipality].id });
            crate::world::with(own, members)
        };
        let quotas = [
            quota(0, json!({ "ceiling": 1 })),
            quota(1, json!({ "floor": 1 })),
        ];
        let admission = json!({ "quotas": quotas });
        let round = world
            .open_round(json!({ "admission": admission, "seats": 2 }))
            .await;
        let mut all = Vec::new();
        for (municipality, rank) in [(0, 1), (0, 1), (1, 9)] {
            let (_, application) = world.applicant(municipality, &round).await;
            world.endorse(municipality, &application, rank).await;
            all.push(application);
        }
        world.admit(&round).await;
        assert_eq!(seats(world, &all).await, ["offered", "none", "offered"]);
        world.assert_sound(&round).await;
    })
    .await;
}
