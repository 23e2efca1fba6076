//! Facts of registration: doubled, out of order, of a newer version, and of a person who is
//! forgotten. Everything else here works without registration, which no test of this crate runs.

use crate::world::{event, on_each_database, seminar};
use serde_json::{Value, json};
use shared_types::{ApplicationId, PersonId};

#[actix_web::test]
async fn a_seat_counts_by_its_newest_version_whatever_the_order() {
    on_each_database(async |world| {
        let person = PersonId::new();
        let application = ApplicationId::new();
        let part = |seat: &str, version: i32| json!({
            "applicationId": application, "roundId": world.round, "personId": person,
            "organisationId": world.municipalities[0].0, "municipalityId": world.municipalities[0].0,
            "organiserId": world.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": seat, "replaces": null, "version": version, "newMember": "of a later version",
        });
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        let schedule = format!("rounds/{}/schedule", world.round);
        // The participation is known before the person is.
        let now = world.service.clock.now();
        let accepted = event("offer.accepted", part("accepted", 3), now);
        let withdrawn = event("participation.withdrawn", part("withdrawn", 4), now);
        world.deliver(&accepted).await;
        world.client(person).get(&schedule).await.ok();
        world.deliver(&withdrawn).await;
        world.client(person).get(&schedule).await.refused("not_found");
        for late in [&accepted, &withdrawn] {
            world.deliver(late).await;
            world.client(person).get(&schedule).await.refused("not_found");
        }
        let again = event("offer.accepted", part("accepted", 3), now);
        world.deliver(&again).await;
        world.client(person).get(&schedule).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn whoever_is_forgotten_gets_no_message_and_leaves_no_name() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        let to = |told: &[Value]| {
            told.iter()
                .filter(|one| one["personId"] == json!(person))
                .count()
        };
        assert_eq!(to(&world.published("message.requested").await), 1);
        world
            .fact("person.erased", json!({ "personId": person }))
            .await;
        // What is kept of messages to the person goes too, and none is added.
        assert_eq!(to(&world.published("message.requested").await), 0);
        let done = json!({ "personId": person, "service": "scheduling" });
        assert_eq!(world.published("erasure.acknowledged").await, [done]);
        world.session(seminar("2022-10-01")).await;
        world.release().await;
        assert_eq!(to(&world.published("message.requested").await), 0);
        let contents = shared_testing::database::contents(&world.service.state.database).await;
        let known = contents["known_people"].join("\n");
        let id = person.uuid().simple().to_string();
        for row in known
            .lines()
            .filter(|row| row.replace('-', "").to_lowercase().contains(&id))
        {
            assert!(!row.contains("Petra"), "{row}");
        }
    })
    .await;
}
