//! Rounds made after the model of another.

use crate::world::{on_each_database, text};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

fn without(mut round: Value, members: &[&str]) -> Value {
    for member in members {
        round.as_object_mut().unwrap().remove(*member);
    }
    round
}

#[actix_web::test]
async fn a_clone_is_a_draft_with_the_same_terms_and_moved_dates() {
    on_each_database(async |world| {
        let occasion = json!({
            "name": { "sv": "Start" }, "startsOn": "2022-09-01", "endsOn": "2022-09-02",
        });
        let members = json!({
            "startsOn": "2022-08-24", "endsOn": "2023-03-31", "occasions": [occasion], "seats": 5,
            "admission": { "municipalityCeiling": 3 },
            "eligibility": { "partnersOnly": true, "titles": ["Head of department"] },
        });
        let model = world.open_round(members).await;
        let path = format!("rounds/{model}");
        let overbooking = json!({ "seats": 1, "reason": "A chair." });
        world
            .coordinator
            .post(&format!("{path}/overbooking"), overbooking)
            .await
            .ok();
        let hold = json!({
            "organisationId": world.municipalities[0].id, "seats": 1, "lapsesOn": "2022-05-20",
            "reason": "Agreed.",
        });
        world
            .coordinator
            .post(&format!("{path}/holds"), hold)
            .await
            .created();
        world.applicant(0, &model).await;
        let before = world.coordinator.get(&path).await.ok();
        let clones = format!("{path}/clones");
        let body = json!({ "startsOn": "2023-08-23", "name": { "sv": "Hösten 2023" } });
        let made = world.coordinator.post(&clones, body).await.created();
        let expected = json!({
            "state": "draft", "overbooking": 0, "seatsUsed": 0, "name": { "sv": "Hösten 2023" },
            "opensOn": "2023-03-31", "closesOn": "2023-04-25", "endorseBy": "2023-05-05",
            "startsOn": "2023-08-23", "endsOn": "2024-03-29",
        });
        for (member, value) in expected.as_object().unwrap() {
            assert_eq!(made[member], *value, "{member}");
        }
        assert_eq!(made["occasions"][0]["startsOn"], "2023-08-31");
        assert_eq!(made["occasions"][0]["endsOn"], "2023-09-01");
        let differs = [
            "id",
            "_links",
            "transitions",
            "occasions",
            "state",
            "overbooking",
            "seatsUsed",
            "name",
            "opensOn",
            "closesOn",
            "endorseBy",
            "startsOn",
            "endsOn",
        ];
        assert_eq!(
            without(made.json.clone(), &differs),
            without(before.json.clone(), &differs)
        );
        let after = world.coordinator.get(&path).await.ok();
        assert_eq!(before.json, after.json, "the model stays as it is");
        let shifted = json!({ "shiftDays": 365 });
        let shifted = world.coordinator.post(&clones, shifted).await.created();
        assert_eq!(shifted["startsOn"], "2023-08-23", "a Wednesday stays one");
        let exact = json!({ "shiftDays": 365, "keepWeekdays": false });
        let exact = world.coordinator.post(&clones, exact).await.created();
        assert_eq!(exact["startsOn"], "2023-08-24");
        assert_eq!(exact["name"], before["name"]);
        let holds = format!("rounds/{}/holds", made.id());
        let holds = world.coordinator.get(&holds).await.ok();
        assert_eq!(holds["_meta"]["totalRecords"], 0);
        world.assert_sound(&made.id()).await;
    })
    .await;
}

#[actix_web::test]
async fn a_clone_is_the_organisers_coordinators_to_make_and_needs_dates_that_exist() {
    on_each_database(async |world| {
        let model = world.open_round(json!({})).await;
        let clones = format!("rounds/{model}/clones");
        let body = json!({ "shiftDays": 7 });
        let stranger = world.service.stranger();
        stranger
            .post(&clones, body.clone())
            .await
            .refused("unauthenticated");
        let director = world.municipalities[0].director.client.clone();
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        for client in [&director, &other] {
            client
                .post(&clones, body.clone())
                .await
                .refused("forbidden");
        }
        let nowhere = format!("rounds/{}/clones", Uuid::new_v4());
        world
            .coordinator
            .post(&nowhere, body)
            .await
            .refused("not_found");
        for body in [
            json!({}),
            json!({ "startsOn": "2023-08-23", "shiftDays": 7 }),
            // The model has no first day.
            json!({ "startsOn": "2023-08-23" }),
        ] {
            let refused = world.coordinator.post(&clones, body).await;
            let refused = refused.refused("invalid_body");
            assert_eq!(refused.violations()[0].0, "/startsOn");
        }
        let far = world.draft_round(json!({ "startsOn": "2022-08-24" })).await;
        let far = format!("rounds/{far}/clones");
        let body = json!({ "startsOn": "9999-12-31" });
        world.coordinator.post(&far, body).await.created();
        let read = text(&world.coordinator.get(&format!("rounds/{model}")).await.ok()["state"]);
        assert_eq!(read, "open");
    })
    .await;
}
