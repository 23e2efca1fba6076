//! Credits: registered by the education provider, apart from completion.

use crate::world::on_each_database;
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_types::{OrganisationId, PersonId, Role};

fn credits(tenths: i32) -> Value {
    json!({
        "creditsTenths": tenths, "reference": "LADOK 2022-05-30/118",
        "registeredOn": "2022-05-30",
    })
}

#[actix_web::test]
async fn a_registrar_registers_and_revokes_whether_or_not_the_round_is_completed() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let path = format!("participations/{}/credits", anna.application);
        let registrar = world.staff(Role::Registrar);
        let made = registrar.post(&path, credits(75)).await.created();
        assert_eq!(made["creditsTenths"], 75);
        let own = anna.person.client.get(&path).await.ok();
        assert_eq!(own["items"][0]["reference"], "LADOK 2022-05-30/118");
        world
            .coordinator
            .post(&path, credits(1))
            .await
            .refused("forbidden");
        let more = registrar
            .post(&path, credits(1))
            .await
            .refused("credits_exceed_programme");
        assert!(more["detail"].as_str().unwrap().contains("75"));
        let read = format!("credits/{}", made.id());
        let reason = json!({ "reason": "Registered for the wrong person." });
        let revoked = registrar
            .post(&format!("{read}/revocation"), reason.clone())
            .await
            .ok();
        assert_eq!(
            revoked["revocationReason"],
            "Registered for the wrong person."
        );
        registrar
            .post(&format!("{read}/revocation"), reason)
            .await
            .refused("credits_revoked");
        // What is revoked makes room.
        registrar.post(&path, credits(75)).await.created();
        let own = anna.person.client.get(&path).await.ok();
        assert_eq!(own["_meta"]["totalRecords"], 2);
        let late = json!({
            "creditsTenths": 1, "reference": "x", "registeredOn": "2022-06-02",
        });
        registrar
            .post(&path, late)
            .await
            .refused("credits_in_future");
    })
    .await;
}

#[actix_web::test]
async fn never_more_than_the_programme_gives_by_however_many_at_once() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let path = format!("participations/{}/credits", anna.application);
        let registrar = world.staff(Role::Registrar);
        let replies = join_all((0..8).map(|_| registrar.post(&path, credits(50)))).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        let refused = replies.iter().filter(|reply| reply.status == 409).count();
        assert_eq!(refused, 7);
    })
    .await;
}

#[actix_web::test]
async fn the_named_provider_registers_and_the_organiser_no_longer_does() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let university = OrganisationId::new();
        let theirs = world
            .service
            .stranger()
            .person(PersonId::new(), &[(Role::Registrar, university)]);
        let path = format!("participations/{}/credits", anna.application);
        theirs.post(&path, credits(75)).await.refused("not_found");
        let provider = format!("programmes/{}/credit-provider", world.programme);
        let before = world.coordinator.get(&provider).await.ok();
        assert_eq!(before["providerId"], json!(world.organiser));
        let body = json!({ "providerId": university });
        let named = world
            .coordinator
            .change("PUT", &provider, &before.tag(), body)
            .await
            .ok();
        assert_eq!(named["providerId"], json!(university));
        theirs.post(&path, credits(75)).await.created();
        let list = format!("rounds/{}/completions", world.round);
        assert_eq!(theirs.get(&list).await.ok()["_meta"]["totalRecords"], 1);
        let ours = world.staff(Role::Registrar);
        ours.post(&path, credits(1)).await.refused("not_found");
    })
    .await;
}
