//! Mentees and their wishes.

use crate::world::on_each_database;
use serde_json::json;
use shared_types::{ApplicationId, MentorId};

#[actix_web::test]
async fn wishes_that_cannot_be_had_are_told_at_once_with_their_places() {
    on_each_database(async |world| {
        let own = world.mentor(0, 1).await;
        let other = world.mentor(1, 1).await;
        let mentee = world.participant(0).await;
        let path = format!("mentees/{}", mentee.application);
        let client = &mentee.person.client;
        let wish = |id: &str| json!({ "mentorId": id, "why": "Has led a merger." });
        let nobody = MentorId::new().to_string();
        let body = json!({ "wishes": [wish(&other), wish(&own), wish(&other), wish(&nobody)] });
        let refused = client
            .change("PUT", &path, "*", body)
            .await
            .refused("invalid_body");
        let expected = [
            ("/wishes/1/mentorId", "wish_own_municipality"),
            ("/wishes/2/mentorId", "wish_repeated"),
            ("/wishes/3/mentorId", "wish_unknown"),
        ];
        let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
        assert_eq!(refused.violations(), expected);
        let fine = json!({ "wishes": [wish(&other)], "profile": { "competences": ["change"] } });
        let changed = client.change("PUT", &path, "*", fine).await.ok();
        assert_eq!(changed["wishes"][0]["mentorId"], json!(other));
        // Mentors see the mentee, not the wishes.
        let chief = &world.municipalities[1].chief.client;
        let seen = chief.get(&path).await.ok();
        assert_eq!(seen["profile"]["competences"], json!(["change"]));
        assert!(!seen.text.contains("merger") && seen["wishes"].is_null());
        let six: Vec<_> = (0..6).map(|_| wish(&other)).collect();
        let six = json!({ "wishes": six });
        client
            .change("PUT", &path, "*", six)
            .await
            .refused("invalid_body");
        let unknown = json!({ "profile": { "competences": ["change", "juggling"] } });
        let refused = client.change("PUT", &path, "*", unknown).await;
        let violations = refused.refused("invalid_body").violations();
        assert_eq!(violations[0].0, "/profile/competences/1");
    })
    .await;
}

#[actix_web::test]
async fn a_chief_who_takes_part_cannot_wish_for_oneself() {
    on_each_database(async |world| {
        let mentor = world.mentor(0, 1).await;
        let chief = &world.municipalities[0].chief;
        let application = ApplicationId::new();
        let place = (world.municipalities[0].id, world.round);
        world
            .tell_seat(application, chief.id, place, "accepted")
            .await;
        let body = json!({ "wishes": [{ "mentorId": mentor }] });
        let path = format!("mentees/{application}");
        let refused = chief.client.change("PUT", &path, "*", body).await;
        let violations = refused.refused("invalid_body").violations();
        assert_eq!(violations[0].1, "wish_for_oneself");
        // Nor as the mentor.
        let body = json!({ "wishes": [{ "applicationId": application, "why": "It is me." }] });
        let path = format!("mentors/{mentor}");
        let refused = chief.client.change("PATCH", &path, "*", body).await;
        let violations = refused.refused("invalid_body").violations();
        assert_eq!(violations[0].1, "wish_for_oneself");
    })
    .await;
}

#[actix_web::test]
async fn a_participant_may_be_known_before_the_person_and_the_seat_decides() {
    on_each_database(async |world| {
        let place = (world.municipalities[0].id, world.round);
        let (person, application) = (shared_types::PersonId::new(), ApplicationId::new());
        world.tell_seat(application, person, place, "offered").await;
        let path = format!("mentees/{application}");
        world.coordinator.get(&path).await.refused("not_found");
        world
            .tell_seat(application, person, place, "accepted")
            .await;
        let read = world.coordinator.get(&path).await.ok();
        assert!(read["name"].is_null());
        world
            .tell_person(person, place.0, json!({ "name": "Late Larsson" }))
            .await;
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["name"], "Late Larsson");
        world
            .tell_seat(application, person, place, "withdrawn")
            .await;
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["takingPart"], false);
    })
    .await;
}
