//! The pools of mentors.

use crate::world::on_each_database;
use serde_json::{Value, json};
use shared_types::PersonId;

#[actix_web::test]
async fn the_pool_says_who_may_be_proposed_and_coordinators_read_why_not() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/mentors", world.round);
        let mentor = world.mentor(0, 2).await;
        let plain = world.person(world.municipalities[1].id, "Per Person").await;
        let body = json!({ "personId": plain.id, "capacity": 1 });
        let other = world.coordinator.post(&path, body).await.created();
        assert_eq!(other["eligible"], false);
        assert_eq!(other["refusals"][0]["code"], "mentor_without_office");
        let read = world
            .coordinator
            .get(&format!("mentors/{mentor}"))
            .await
            .ok();
        assert_eq!(read["eligible"], true);
        assert_eq!(read["name"], "Chef 0");
        assert_eq!(read["municipality"], "Kommun 0");
        assert_eq!(read["menteesCount"], 0);
        // Participants see the pool, without reasons and numbers.
        let participant = world.participant(2).await;
        let seen = participant.person.client.get(&path).await.ok();
        assert_eq!(seen["_meta"]["totalRecords"], 2);
        assert!(!seen.text.contains("refusals") && !seen.text.contains("menteesCount"));
        // Who loses the office can't be proposed any more.
        let own = &world.municipalities[0];
        world.hold(own.office, own.id, None).await;
        let read = world
            .coordinator
            .get(&format!("mentors/{mentor}"))
            .await
            .ok();
        assert_eq!(read["refusals"][0]["code"], "mentor_without_office");
    })
    .await;
}

#[actix_web::test]
async fn a_chief_joins_by_oneself_and_nobody_else_does() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/mentors", world.round);
        let chief = &world.municipalities[0].chief;
        let body = |person: PersonId| json!({ "personId": person, "capacity": 1 });
        let joined = chief.client.post(&path, body(chief.id)).await.created();
        let again = chief.client.post(&path, body(chief.id)).await;
        again.refused("mentor_already_in_pool");
        let participant = world.participant(1).await;
        let own = participant
            .person
            .client
            .post(&path, body(participant.person.id))
            .await;
        own.refused("mentor_without_office");
        let others = participant.person.client.post(&path, body(chief.id)).await;
        others.refused("forbidden");
        let unknown = world.coordinator.post(&path, body(PersonId::new())).await;
        unknown.refused("mentor_person_unknown");
        let tag = joined.tag();
        let change = json!({ "capacity": 0, "profile": { "competences": ["change"] } });
        let own = format!("mentors/{}", joined.id());
        let changed = chief
            .client
            .change("PATCH", &own, &tag, change.clone())
            .await
            .ok();
        assert_eq!(changed["eligible"], false);
        assert_eq!(changed["refusals"][0]["code"], "mentor_full");
        assert_eq!(changed["profile"]["competences"], json!(["change"]));
        let stale = chief
            .client
            .change("PATCH", &own, &tag, change.clone())
            .await;
        stale.refused("version_stale");
        let stranger = participant
            .person
            .client
            .change("PATCH", &own, "*", change)
            .await;
        stranger.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn unknown_competences_and_impossible_numbers_are_refused_with_all_places() {
    on_each_database(async |world| {
        let mentor = world.mentor(0, 1).await;
        let body = json!({
            "capacity": 21,
            "profile": { "competences": ["juggling"], "languages": ["SV"], "forms": [] },
        });
        let path = format!("mentors/{mentor}");
        let reply = world.coordinator.change("PATCH", &path, "*", body).await;
        let reply = reply.refused("invalid_body");
        let places: Vec<String> = reply.violations().into_iter().map(|one| one.0).collect();
        for place in [
            "/capacity",
            "/profile/competences/0",
            "/profile/languages/0",
        ] {
            assert!(places.contains(&place.to_owned()), "{place}: {places:?}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_mentor_wishes_for_participants_of_other_municipalities() {
    on_each_database(async |world| {
        let mentor = world.mentor(0, 1).await;
        let (near, far) = (world.participant(0).await, world.participant(1).await);
        let wishes = |all: &[Value]| json!({ "wishes": all });
        let wish = |id| json!({ "applicationId": id, "why": "A like task." });
        let path = format!("mentors/{mentor}");
        let chief = &world.municipalities[0].chief.client;
        let fine = wishes(&[wish(json!(far.application))]);
        chief.change("PATCH", &path, "*", fine).await.ok();
        let own = wishes(&[wish(json!(far.application)), wish(json!(near.application))]);
        let refused = chief
            .change("PATCH", &path, "*", own)
            .await
            .refused("invalid_body");
        let expected = ("/wishes/1/applicationId", "wish_own_municipality");
        assert_eq!(
            refused.violations(),
            [(expected.0.to_owned(), expected.1.to_owned())]
        );
    })
    .await;
}

#[actix_web::test]
async fn the_pool_of_a_round_that_is_cancelled_takes_nobody_any_more() {
    on_each_database(async |world| {
        let mentor = world.mentor(0, 2).await;
        let capacity = async || {
            let read = world.coordinator.get(&format!("mentors/{mentor}")).await;
            read.ok()["capacity"].clone()
        };
        world.tell_round(world.round).await;
        assert_eq!(capacity().await, 2);
        for _ in 0..2 {
            let round = json!({
                "roundId": world.round, "programmeId": uuid::Uuid::now_v7(),
                "organiserId": world.organiser, "state": "cancelled",
                "name": { "sv": "Omgången 2022" }, "seats": 24, "language": "sv",
                "timeZone": "Europe/Stockholm",
            });
            world.service.tell("round.cancelled", round).await;
            assert_eq!(capacity().await, 0);
        }
    })
    .await;
}
