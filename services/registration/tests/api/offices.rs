//! Offices, their holders, and who acts for them.

use crate::world::on_each_database;
use serde_json::{Value, json};
use shared_types::{Caller, Role};
use uuid::Uuid;

#[actix_web::test]
async fn a_municipality_has_one_office_of_a_kind_held_by_somebody_who_is_known() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let body = |kind: &str, holder: Value| {
            json!({ "organisationId": own, "kind": kind, "title": { "sv": "Biträdande" }, "holderId": holder })
        };
        let post = async |body: Value| world.coordinator.post("offices", body).await;
        let twice = body("municipal_director", Value::Null);
        let twice = crate::world::with(twice, json!({ "holderId": null }));
        post(twice).await.refused("office_already_exists");
        let unknown = body("deputy_director", json!(Uuid::new_v4()));
        post(unknown).await.refused("person_unknown");
        let deputy = world.person(own, "Deputy").await;
        post(body("deputy_director", json!(deputy.id))).await.created();
        let list = format!("offices?organisationId={own}");
        let list = deputy.client.get(&list).await.ok();
        assert_eq!(list["_meta"]["totalRecords"], 2);
        let holder = &world.municipalities[0].director.client;
        let refused = holder.post("offices", body("deputy_director", json!(deputy.id)));
        refused.await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn a_change_of_holder_and_an_acting_holder_decide_at_once_and_for_their_days() {
    on_each_database(async |world| {
        let (own, office) = (world.municipalities[0].id, &world.municipalities[0].office);
        let path = format!("offices/{office}");
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let [next, acting] = [
            world.person(own, "Next").await,
            world.person(own, "Acting").await,
        ];
        let holder = format!("{path}/holder");
        let changed = hr.post(&holder, json!({ "holderId": next.id })).await.ok();
        assert_eq!(changed["holderId"], json!(next.id));
        let period =
            json!({ "personId": acting.id, "startsOn": "2022-04-11", "endsOn": "2022-04-24" });
        let holders = format!("{path}/acting-holders");
        let office = hr.post(&holders, period.clone()).await.ok();
        let gateway = world.service.stranger().caller(Caller {
            subject: "gateway".to_owned(),
            ..Caller::anonymous()
        });
        let roles = async |person: &crate::world::Person| {
            let credential = json!({ "kind": "token", "issuer": "demo", "subject": person.id });
            let answer = gateway.post("/internal/callers", credential).await.ok();
            answer["roles"].as_array().unwrap().len()
        };
        let former = &world.municipalities[0].director;
        assert_eq!(roles(former).await, 0);
        assert_eq!(roles(&next).await, 1);
        assert_eq!(roles(&acting).await, 1);
        world.service.set_clock("2022-04-24T22:00:00Z");
        assert_eq!(roles(&acting).await, 0);
        let mut backwards = period;
        backwards["endsOn"] = json!("2022-04-10");
        hr.post(&holders, backwards).await.refused("invalid_body");
        let one = format!(
            "{holders}/{}",
            office["actingHolders"][0]["id"].as_str().unwrap()
        );
        hr.change("DELETE", &one, &office.tag(), Value::Null)
            .await
            .is(204);
        hr.change("DELETE", &one, "*", Value::Null)
            .await
            .refused("not_found");
        let other = world
            .service
            .stranger()
            .system(Role::Hr, Some(world.municipalities[1].id));
        let refused = other.post(&holder, json!({ "holderId": next.id })).await;
        refused.refused("forbidden");
    })
    .await;
}
