//! What participants want on an agenda.

use crate::world::{on_each_database, seminar, with};
use serde_json::json;
use shared_types::PersonId;

#[actix_web::test]
async fn a_proposal_that_its_facilitator_accepts_is_seen_with_the_next_release() {
    on_each_database(async |world| {
        let leader = PersonId::new();
        let [person, other] = [
            world.participant(world.round).await,
            world.participant(world.round).await,
        ];
        let led = with(
            seminar("2022-09-01"),
            &json!({ "facilitatorIds": [leader] }),
        );
        let session = world.session(led).await;
        world.release().await;
        let path = format!("sessions/{session}/agenda-proposals");
        let body = json!({ "form": "discussion", "title": { "sv": "Skolor" } });
        let made = world
            .client(person)
            .post(&path, body.clone())
            .await
            .created();
        assert_eq!(made.rels(), ["agenda-proposals", "withdrawal"]);
        let own = format!("agenda-proposals/{}", made.id());
        world.client(other).get(&own).await.refused("not_found");
        let place = |starts: &str| json!({ "day": 1, "startsAt": starts, "endsAt": "12:00" });
        let accept = format!("{own}/acceptance");
        let early = world.client(leader).post(&accept, place("08:00")).await;
        assert_eq!(early.refused("invalid_body").violations()[0].0, "/startsAt");
        let accepted = world
            .client(leader)
            .post(&accept, place("11:00"))
            .await
            .ok();
        assert_eq!(accepted["state"], "accepted");
        let again = world.client(leader).post(&accept, place("11:00")).await;
        again.refused("agenda_proposal_state_forbids");
        world.client(other).get(&own).await.ok();
        let schedule = format!("rounds/{}/schedule", world.round);
        let seen = world.client(other).get(&schedule).await.ok();
        assert_eq!(seen["sessions"][0]["agenda"], json!([]));
        world.release().await;
        let seen = world.client(other).get(&schedule).await.ok();
        assert_eq!(
            seen["sessions"][0]["agenda"][0]["title"],
            json!({ "sv": "Skolor" })
        );
        let second = world.client(person).post(&path, body).await.created();
        let withdraw = format!("agenda-proposals/{}/withdrawal", second.id());
        let gone = world.client(person).post_empty(&withdraw).await.ok();
        assert_eq!(gone["state"], "withdrawn");
        world
            .fact("person.erased", json!({ "personId": person }))
            .await;
        assert_eq!(world.get(&path).await["_meta"]["totalRecords"], 0);
    })
    .await;
}
