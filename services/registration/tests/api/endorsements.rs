//! What the offices say: single verdicts, the slate, revocations, slate links.

use crate::world::{on_each_database, text};
use serde_json::{Value, json};
use uuid::Uuid;

#[actix_web::test]
async fn a_director_endorses_once_and_the_slate_shows_it() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, application) = world.applicant(0, &round).await;
        let director = &world.municipalities[0].director.client;
        let slate = format!("rounds/{round}/slate");
        let before = director.get(&slate).await.ok();
        assert_eq!(before["awaitingCount"], 1);
        let path = format!("applications/{application}/endorsement");
        let body =
            json!({ "verdict": "endorse", "rank": 1, "motive": "Leads our largest department." });
        let endorsed = director.post(&path, body.clone()).await.ok();
        assert_eq!(
            endorsed["endorsement"]["decidedBy"],
            "Direktör 0, Head of department"
        );
        let twice = director
            .post(&path, body)
            .await
            .refused("endorsement_already_decided");
        let names: Vec<_> = twice["transitions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| text(&one["name"]))
            .collect();
        assert!(names.contains(&"endorsement".to_owned()), "{names:?}");
        let after = director.get(&slate).await.ok();
        assert_eq!(after["awaitingCount"], 0);
        assert_eq!(after["applications"][0]["endorsement"]["rank"], 1);
        assert!(after["applications"][0].get("gender").is_none());
        // A round that is not published is nobody's but its organiser's.
        let draft = world.draft_round(json!({})).await;
        let slate = format!("rounds/{draft}/slate");
        director.get(&slate).await.refused("not_found");
        let verdict = json!({ "applicationId": application, "verdict": "endorse" });
        let body = json!({ "verdicts": [verdict] });
        let refused = director.post(&format!("{slate}/verdicts"), body).await;
        refused.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn nobody_decides_about_oneself_and_a_deputy_is_asked_where_there_is_one() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let director = &world.municipalities[0].director;
        let own = world.apply(director, &round).await;
        let body = json!({ "verdict": "endorse" });
        let path = format!("applications/{own}/endorsement");
        director.client.post(&path, body.clone()).await.refused("endorsement_of_oneself");
        let verdicts = json!({ "verdicts": [{ "applicationId": own, "verdict": "endorse" }] });
        let slate = format!("rounds/{round}/slate/verdicts");
        director.client.post(&slate, verdicts).await.refused("endorsement_of_oneself");
        // A coordinator decides in the office's place, and says why.
        world.coordinator.post(&path, body).await.refused("endorsement_motive_missing");
        let reasoned = json!({ "verdict": "endorse", "motive": "The deputy agreed." });
        world.coordinator.post(&path, reasoned).await.ok();
        let municipality = &world.municipalities[1];
        let office = json!({
            "organisationId": municipality.id, "kind": "deputy_director", "title": { "sv": "Biträdande" },
            "email": "deputy@kommun.example",
        });
        let office = world.coordinator.post("offices", office).await.created().id();
        let own = world.apply(&municipality.director, &round).await;
        let read = world.coordinator.get(&format!("applications/{own}")).await.ok();
        assert_eq!(read["endorsement"]["officeId"], office);
        assert_eq!(world.service.links_to("deputy@kommun.example").await.len(), 1);
        let director = &municipality.director.client;
        let path = format!("applications/{own}/endorsement");
        director.post(&path, json!({ "verdict": "endorse" })).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn after_the_deadline_only_a_coordinator_decides() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, first) = world.applicant(0, &round).await;
        let (_, second) = world.applicant(0, &round).await;
        world.endorse(0, &first, 1).await;
        world.service.set_clock("2022-05-06T22:00:00Z");
        let director = &world.municipalities[0].director.client;
        let path = format!("applications/{second}/endorsement");
        let late = director.post(&path, json!({ "verdict": "endorse" })).await;
        late.refused("endorsement_deadline_passed");
        world.service.sweep().await;
        let read = world
            .coordinator
            .get(&format!("applications/{second}"))
            .await
            .ok();
        assert_eq!(read["endorsement"]["state"], "expired");
        let body = json!({ "verdict": "endorse", "motive": "The director was ill." });
        world.coordinator.post(&path, body).await.ok();
        let read = world
            .coordinator
            .get(&format!("applications/{first}"))
            .await
            .ok();
        assert_eq!(read["endorsement"]["state"], "endorsed");
    })
    .await;
}

#[actix_web::test]
async fn a_round_without_endorsement_asks_nobody() {
    on_each_database(async |world| {
        let round = world
            .open_round(json!({ "endorsement": "not_required" }))
            .await;
        let (_, application) = world.applicant(0, &round).await;
        let path = format!("applications/{application}/endorsement");
        let body = json!({ "verdict": "endorse", "motive": "None was asked." });
        let director = &world.municipalities[0].director.client;
        for client in [&world.coordinator, director] {
            let refused = client.post(&path, body.clone()).await;
            refused.refused("endorsement_not_required");
        }
        assert_eq!(world.service.count("endorsements").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_slate_is_decided_as_a_whole_or_not_at_all() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, first) = world.applicant(0, &round).await;
        let (_, second) = world.applicant(0, &round).await;
        let (_, foreign) = world.applicant(1, &round).await;
        let director = &world.municipalities[0].director.client;
        let path = format!("rounds/{round}/slate/verdicts");
        let verdict =
            |id: &str, verdict: &str| json!({ "applicationId": id, "verdict": verdict, "rank": 1 });
        let post = async |verdicts: Vec<Value>| {
            director.post(&path, json!({ "verdicts": verdicts })).await
        };
        let unknown = Uuid::new_v4().to_string();
        let reply = post(vec![
            verdict(&first, "endorse"),
            verdict(&foreign, "endorse"),
            verdict(&unknown, "decline"),
            verdict(&first, "decline"),
        ])
        .await
        .refused("invalid_body");
        let place =
            |index: u8, code: &str| (format!("/verdicts/{index}/applicationId"), code.to_owned());
        assert_eq!(
            reply.violations(),
            [
                place(1, "not_on_the_slate"),
                place(2, "not_on_the_slate"),
                place(3, "repeated")
            ]
        );
        let slate = director.get(&format!("rounds/{round}/slate")).await.ok();
        assert_eq!(slate["awaitingCount"], 2);
        let decided = post(vec![
            verdict(&second, "decline"),
            verdict(&first, "endorse"),
        ])
        .await
        .ok();
        assert_eq!(decided["awaitingCount"], 0);
        let again = post(vec![verdict(&second, "endorse")]).await;
        again.refused("endorsement_already_decided");
    })
    .await;
}

#[actix_web::test]
async fn a_revoked_endorsement_takes_the_offer_back_and_the_seat_goes_on() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let director = &world.municipalities[0].director.client;
        let reason = json!({ "reason": "A reorganisation." });
        let revoke = async |index: usize| {
            let path = format!("applications/{}/revocation", announced.application(index));
            director.post(&path, reason.clone()).await
        };
        let revoked = revoke(0).await.ok();
        assert_eq!(revoked["endorsement"]["state"], "revoked");
        assert_eq!(revoked["seat"]["state"], "rescinded");
        assert_eq!(
            world.seats(&announced).await,
            ["rescinded", "offered", "offered", "none"]
        );
        // In the queue it costs the place; an accepted seat it no longer reaches.
        let revoked = revoke(3).await.ok();
        assert_eq!(revoked["admission"]["verdict"], "rejected");
        announced.answer(1, "accept").await.ok();
        revoke(1).await.refused("application_has_seat");
        revoke(0).await.refused("endorsement_missing");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn an_office_gets_one_link_a_round_and_a_new_one_on_demand() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        world.applicant(0, &round).await;
        world.applicant(0, &round).await;
        let director = &world.municipalities[0].director.email;
        assert_eq!(world.service.links_to(director).await.len(), 1);
        let list = format!("rounds/{round}/slate-links");
        let links = world.coordinator.get(&list).await.ok();
        assert_eq!(links["_meta"]["totalRecords"], 1);
        let body = json!({ "officeId": world.municipalities[0].office });
        let renewed = world.coordinator.post(&list, body).await.ok();
        assert_eq!(renewed["revoked"], false);
        let mailed = world.service.links_to(director).await;
        assert_eq!(mailed.len(), 2);
        assert_ne!(mailed[0], mailed[1]);
        let links = world.coordinator.get(&list).await.ok();
        assert_eq!(links["items"][0]["revoked"], true);
        assert!(
            !links.text.contains("pages"),
            "the secret stands in the mail only"
        );
        let one = format!("{list}/{}", renewed.id());
        world
            .coordinator
            .change("DELETE", &one, "*", Value::Null)
            .await
            .is(204);
        let links = world.coordinator.get(&list).await.ok();
        assert_eq!(links["items"][1]["revoked"], true);
        let unknown = json!({ "officeId": Uuid::new_v4() });
        world
            .coordinator
            .post(&list, unknown)
            .await
            .refused("not_found");
        let one = format!("{list}/{}", Uuid::new_v4());
        world
            .coordinator
            .change("DELETE", &one, "*", Value::Null)
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn an_office_is_mailed_four_links_an_hour_at_most_and_other_offices_are_not_concerned() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        world.applicant(0, &round).await;
        world.applicant(1, &round).await;
        let list = format!("rounds/{round}/slate-links");
        let send = async |municipality: usize| {
            let body = json!({ "officeId": world.municipalities[municipality].office });
            world.coordinator.post(&list, body).await
        };
        for _ in 0..3 {
            send(0).await.is(200);
        }
        send(0).await.refused("mail_limit");
        let director = &world.municipalities[0].director.email;
        assert_eq!(world.service.links_to(director).await.len(), 4);
        send(1).await.is(200);
        world.service.set_clock("2022-04-12T08:50:00Z");
        send(0).await.refused("mail_limit");
        world.service.set_clock("2022-04-12T09:05:00Z");
        send(0).await.is(200);
        assert_eq!(world.service.links_to(director).await.len(), 5);
    })
    .await;
}
