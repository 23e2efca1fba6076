//! Declared conflicts.

use crate::world::on_each_database;
use serde_json::json;

#[actix_web::test]
async fn who_declared_a_conflict_is_not_matched_and_may_take_it_back() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        world.mentor(1, 1).await;
        let chief = &world.municipalities[1].chief;
        let path = format!("rounds/{}/conflicts", world.round);
        let body = json!({
            "personId": mentee.person.id, "otherPersonId": chief.id, "reason": "We are related.",
        });
        let client = &mentee.person.client;
        let declared = client.post(&path, body.clone()).await.created();
        client
            .post(&path, body)
            .await
            .refused("conflict_already_declared");
        // The other learns nothing.
        let seen = chief.client.get(&path).await.ok();
        assert_eq!(seen["_meta"]["totalRecords"], 0);
        let read = format!("conflicts/{}", declared.id());
        chief.client.get(&read).await.refused("not_found");
        let all = world.coordinator.get(&path).await.ok();
        assert!(all.text.contains("We are related."));
        let run = world.run().await;
        assert_eq!(run["pairs"], json!([]));
        assert_eq!(
            run["unmatched"][0]["applicationId"],
            json!(mentee.application)
        );
        let gone = client
            .change("DELETE", &read, &declared.tag(), json!(null))
            .await;
        gone.is(204);
        assert_eq!(world.run().await["pairs"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn nobody_declares_for_others_or_against_oneself() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let chief = &world.municipalities[1].chief;
        let path = format!("rounds/{}/conflicts", world.round);
        let body = json!({ "personId": chief.id, "otherPersonId": mentee.person.id });
        let client = &mentee.person.client;
        client.post(&path, body.clone()).await.refused("forbidden");
        world.coordinator.post(&path, body).await.created();
        let own = json!({ "personId": mentee.person.id, "otherPersonId": mentee.person.id });
        client
            .post(&path, own)
            .await
            .refused("conflict_with_oneself");
    })
    .await;
}

#[actix_web::test]
async fn a_conflict_that_comes_late_flags_the_pair() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let path = format!("rounds/{}/conflicts", world.round);
        let body = json!({
            "personId": matched.mentor.id, "otherPersonId": matched.mentee.person.id,
        });
        matched.mentor().post(&path, body).await.created();
        let read = world
            .coordinator
            .get(&format!("pairs/{}", matched.pair))
            .await
            .ok();
        assert_eq!(read["flags"][0]["code"], "no_conflict");
        assert_eq!(world.alarms().await, ["pair_flagged"]);
    })
    .await;
}
