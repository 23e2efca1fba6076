//! The end of a round, and changes of its published terms.

use crate::world::{World, on_each_database, round, text, with};
use registration::{applications, people};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};
use shared_database::Change;
use shared_testing::database;
use shared_types::{
    Actor, ApplicationId, OrganisationId, PersonId, Problem, Role, RoundId,
    registration::codes::ALL,
};
use std::time::Instant;

async fn cancel(world: &World, round: &str) {
    let path = format!("rounds/{round}/cancellation");
    let reason = json!({ "reason": "The venue burnt down." });
    let reply = world.coordinator.post(&path, reason).await.ok();
    assert_eq!(reply["state"], "cancelled");
    assert_eq!(reply["seatsUsed"], 0);
}

async fn live(world: &World) -> i64 {
    let query = "SELECT COUNT(*) AS row FROM applications WHERE live = TRUE";
    database::number(&world.service.state().database, query).await
}

async fn events(world: &World, kind: &str) -> i64 {
    let query = format!("SELECT COUNT(*) AS row FROM outbox WHERE kind = '{kind}'");
    database::number(&world.service.state().database, &query).await
}

#[actix_web::test]
async fn a_cancelled_round_leaves_nothing_live_and_tells_everybody_why() {
    on_each_database(async |world| {
        let announced = world.announced(5, json!({})).await;
        announced.answer(0, "accept").await.ok();
        let late = world.person(world.municipalities[1].id, "Late").await;
        let body = json!({ "roundId": announced.round, "personId": late.id, "lateReason": "Ill." });
        let late_id = world
            .coordinator
            .post("applications", body)
            .await
            .created()
            .id();
        let director = world.municipalities[1].director.email.clone();
        let slate = world.service.links_to(&director).await.pop().unwrap();
        let offer = world
            .service
            .links_to(&announced.all[1].0.email)
            .await
            .pop()
            .unwrap();
        cancel(world, &announced.round).await;

        assert_eq!(live(world).await, 0);
        assert_eq!(
            world.seats(&announced).await,
            ["discontinued", "rescinded", "none", "none", "none"]
        );
        for id in [announced.application(2), announced.application(4), &late_id] {
            let read = world
                .coordinator
                .get(&format!("applications/{id}"))
                .await
                .ok();
            assert_eq!(read["admission"]["verdict"], "rejected");
        }
        let queue = format!("rounds/{}/queue", announced.round);
        let queue = world.coordinator.get(&queue).await.ok();
        assert_eq!(queue["entries"], json!([]));
        for (kind, count) in [
            ("participation.discontinued", 1),
            ("offer.rescinded", 1),
            ("application.rejected", 4),
            ("round.cancelled", 1),
        ] {
            assert_eq!(events(world, kind).await, count, "{kind}");
        }
        let mails = world.service.mails().await;
        let people = announced.all.iter().map(|(person, _)| &person.email);
        for email in people.chain([&late.email]) {
            let told = mails
                .iter()
                .filter(|mail| mail.to == *email && mail.body.contains("The venue burnt down."));
            assert_eq!(told.count(), 1, "{email}");
        }
        let history = announced.person(0);
        let path = format!("applications/{}/history", announced.application(0));
        assert!(history.get(&path).await.ok().text.contains("burnt down"));
        let stranger = world.service.stranger();
        for link in [&slate, &offer] {
            let page = stranger.call("GET".parse().unwrap(), link);
            let page = page.header("accept-language", "sv").send().await;
            let code = ALL.iter().find(|code| code.name == "round_cancelled");
            let code = code.unwrap();
            assert_eq!(page.status, code.status, "{}", page.text);
            assert!(page.text.contains(code.title.sv), "{}", page.text);
        }
        let page = format!("/registration/pages/rounds/{}", announced.round);
        let page = stranger.call("GET".parse().unwrap(), &page);
        let page = page.header("accept-language", "sv").send().await.ok();
        assert!(
            page.text.to_lowercase().contains("inställd"),
            "{}",
            page.text
        );
        let answer = announced.answer(1, "accept").await;
        answer.refused("application_without_seat");
        let links = format!("rounds/{}/slate-links", announced.round);
        let office = json!({ "officeId": world.municipalities[0].office });
        let again = world.coordinator.post(&links, office).await;
        again.refused("round_state_forbids");
        world.service.sweep().await;
        assert_eq!(live(world).await, 0);
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn who_waits_for_an_answer_or_a_date_is_told_too() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (person, application) = world.applicant(0, &round).await;
        cancel(world, &round).await;
        let read = person
            .client
            .get(&format!("applications/{application}"))
            .await
            .ok();
        assert_eq!(read["admission"]["verdict"], "rejected");
        world.assert_sound(&round).await;

        let members = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let list = world.draft_round(members).await;
        world.step(&format!("rounds/{list}/publication")).await.ok();
        let body = json!({ "name": "Maja", "email": "maja@kommun.example", "language": "en" });
        let path = format!("rounds/{list}/interests");
        let interest = world.service.stranger().post(&path, body).await;
        assert!(interest.status < 300, "{}", interest.text);
        cancel(world, &list).await;
        let mails = world.service.mails().await;
        let told = mails.iter().filter(|mail| mail.to == "maja@kommun.example");
        let told: Vec<_> = told
            .filter(|mail| mail.body.contains("burnt down"))
            .collect();
        assert_eq!(told.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn only_the_organisers_coordinators_end_a_round() {
    on_each_database(async |world| {
        let announced = world.announced(1, json!({})).await;
        let path = format!("rounds/{}/cancellation", announced.round);
        let body = json!({ "reason": "No." });
        let stranger = world.service.stranger();
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let director = &world.municipalities[0].director.client;
        for caller in [&other, director, announced.person(0)] {
            caller.post(&path, body.clone()).await.refused("forbidden");
        }
        stranger.post(&path, body).await.refused("unauthenticated");
        let bad = world.coordinator.post(&path, json!({ "reason": "" })).await;
        bad.refused("invalid_body");
        assert_eq!(world.seat(announced.application(0)).await, "offered");
    })
    .await;
}

#[actix_web::test]
async fn finishing_a_round_ends_its_offers_and_its_queue_at_once() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        announced.answer(0, "accept").await.ok();
        let waiting = &announced.all[2].0;
        let mailed = async || {
            let mails = world.service.mails().await;
            mails.iter().filter(|mail| mail.to == waiting.email).count()
        };
        let before = mailed().await;
        for step in ["start", "completion"] {
            world
                .step(&format!("rounds/{}/{step}", announced.round))
                .await
                .ok();
        }
        assert_eq!(
            world.seats(&announced).await,
            ["accepted", "rescinded", "none"]
        );
        let path = format!("applications/{}", announced.application(2));
        let read = waiting.client.get(&path).await.ok();
        assert_eq!(read["admission"]["verdict"], "rejected");
        assert_eq!(mailed().await, before + 1, "who waited is told");
        let path = format!("rounds/{}", announced.round);
        assert_eq!(world.coordinator.get(&path).await.ok()["seatsUsed"], 1);
        let answer = announced.answer(1, "accept").await;
        answer.refused("application_without_seat");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn finishing_a_round_rejects_whoever_was_not_decided_on() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (person, application) = world.applicant(0, &round).await;
        for step in ["closing", "start", "completion"] {
            world.step(&format!("rounds/{round}/{step}")).await.ok();
        }
        let path = format!("applications/{application}");
        let read = person.client.get(&path).await.ok();
        assert_eq!(read["admission"]["verdict"], "rejected");
        world.assert_sound(&round).await;
    })
    .await;
}

/// Accepted participants, put there behind everybody's back: a thousand are too many to play.
async fn crowd(world: &World, round: &str, size: usize) {
    let state = world.service.state();
    let (person, application) = world.applicant(0, round).await;
    let person = people::store::find(state.database.read(), person.id).await;
    let person = person.unwrap().unwrap();
    let id: ApplicationId = application.parse().unwrap();
    let application = applications::store::find_any(state.database.read(), id).await;
    let application = application.unwrap().unwrap();
    let (mut people, mut rows) = (Vec::new(), Vec::new());
    for number in 0..size {
        let id = PersonId::new().uuid();
        let email = format!("crowd{number}@kommun.example");
        let one = people::entity::Model {
            id,
            email_key: email.clone(),
            email,
            ..person.clone()
        };
        people.push(one.into_active_model());
        let one = applications::entity::Model {
            id: ApplicationId::new().uuid(),
            person_id: id,
            endorsement: "endorsed".into(),
            admission: "admitted".into(),
            seat: "accepted".into(),
            ..application.clone()
        };
        rows.push(one.into_active_model());
    }
    let actor = Actor {
        subject: "test".into(),
        on_behalf_of: None,
        at: state.core.clock.now(),
        trace: None,
    };
    let round: RoundId = round.parse().unwrap();
    let insert = async |change: &mut Change| {
        for slice in people.chunks(500) {
            let inserting = people::entity::Entity::insert_many(slice.to_vec());
            inserting.exec_without_returning(change.tx()).await.unwrap();
        }
        for slice in rows.chunks(500) {
            let inserting = applications::entity::Entity::insert_many(slice.to_vec());
            inserting.exec_without_returning(change.tx()).await.unwrap();
        }
        registration::rounds::seats::settle(change, round).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(actor, insert).await.unwrap();
}

#[actix_web::test]
async fn a_thousand_participants_are_told_in_one_transaction() {
    on_each_database(async |world| {
        let round = world.open_round(json!({ "seats": 1000 })).await;
        crowd(world, &round, 1000).await;
        assert_eq!(live(world).await, 1001);
        let started = Instant::now();
        cancel(world, &round).await;
        println!("cancelled 1000 participations in {:?}", started.elapsed());
        assert_eq!(live(world).await, 0);
        let mails = "SELECT COUNT(*) AS row FROM messages WHERE template = 'round_cancelled'";
        let told = database::number(&world.service.state().database, mails).await;
        assert_eq!(told, 1001);
        assert_eq!(events(world, "participation.discontinued").await, 1000);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn published_terms_get_worse_with_a_reason_only() {
    on_each_database(async |world| {
        let draft = world.draft_round(json!({})).await;
        let open = world.open_round(json!({})).await;
        let worse: [(&str, Value); 8] = [
            ("seats", json!({ "seats": 1 })),
            ("closesOn", json!({ "closesOn": "2022-04-20" })),
            ("endorseBy", json!({ "endorseBy": "2022-05-01" })),
            ("answerDays", json!({ "answerDays": 5 })),
            (
                "eligibility",
                json!({ "eligibility": { "partnersOnly": true } }),
            ),
            (
                "admission",
                json!({ "admission": { "municipalityCeiling": 1 } }),
            ),
            (
                "prices",
                json!({ "prices": [{
                "kind": "fee", "per": "year", "vatPermille": 250,
                "price": { "amountMinor": 100, "currency": "SEK" },
            }] }),
            ),
            ("rules", json!({ "rules": { "sv": "Nya regler" } })),
        ];
        for (field, members) in worse {
            for (id, published) in [(&draft, false), (&open, true)] {
                let path = format!("rounds/{id}");
                let read = world.coordinator.get(&path).await.ok();
                let body = round(&text(&read["programmeId"]));
                let changed = with(body.clone(), members.clone());
                let put =
                    async |body: Value| world.coordinator.change("PUT", &path, "*", body).await;
                if published {
                    let refused = put(changed.clone())
                        .await
                        .refused("round_change_reason_missing");
                    assert!(text(&refused["detail"]).contains(field), "{}", refused.text);
                    let reason = json!({ "changeReason": "The council decided so." });
                    put(with(changed, reason.clone())).await.ok();
                    let history = world.coordinator.get(&format!("{path}/history")).await.ok();
                    assert!(history.text.contains("The council decided so."));
                    put(with(body, reason)).await.ok();
                } else {
                    put(changed).await.ok();
                    put(body).await.ok();
                }
            }
        }
        // What makes nothing worse needs no reason.
        let path = format!("rounds/{open}");
        let read = world.coordinator.get(&path).await.ok();
        let better = json!({ "seats": 5, "closesOn": "2022-04-28", "answerDays": 20 });
        let better = with(round(&text(&read["programmeId"])), better);
        let changed = world
            .coordinator
            .change("PUT", &path, &read.tag(), better)
            .await
            .ok();
        assert_eq!(changed["seats"], 5);
    })
    .await;
}
