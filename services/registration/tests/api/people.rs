//! People, their roles, and whom a credential stands for.

use crate::world::{on_each_database, with};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

#[actix_web::test]
async fn a_person_is_added_found_and_changed() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let person = world.person(own, "Maja Lindqvist").await;
        let path = format!("people/{}", person.id);
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["verified"], true);
        let found = format!("people?email={}", person.email.to_uppercase());
        let found = world.coordinator.get(&found).await.ok();
        assert_eq!(found["items"][0]["id"], read["id"]);
        let change = json!({ "title": "Director" });
        let tag = read.tag();
        let changed = person.client.change("PATCH", &path, &tag, change);
        assert_eq!(changed.await.ok()["title"], "Director");
        let not_own = json!({ "email": "other@kommun.example" });
        let refused = person.client.change("PATCH", &path, "*", not_own).await;
        refused.refused("forbidden");
        let me = person.client.get("me").await.ok();
        assert_eq!(me["personId"], read["id"]);
    })
    .await;
}

#[actix_web::test]
async fn who_is_named_must_be_known_and_an_address_is_one_persons() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let person = world.person(own, "Maja Lindqvist").await;
        let body = json!({
            "name": "Maja Två", "email": person.email, "organisationId": own, "kind": "employed_manager",
            "gender": "undisclosed", "language": "sv",
        });
        let post = async |members: Value| {
            let body = with(body.clone(), members);
            world.coordinator.post("people", body).await
        };
        post(json!({})).await.refused("person_email_taken");
        let other = json!({ "email": "maja@kommun.example", "managerId": Uuid::new_v4() });
        post(other).await.refused("person_unknown");
        let nowhere = json!({ "email": "maja@kommun.example", "organisationId": Uuid::new_v4() });
        post(nowhere).await.refused("organisation_unknown");
        let lost = json!({ "email": "maja@kommun.example", "departmentId": Uuid::new_v4() });
        let reply = post(lost).await.refused("invalid_body");
        assert_eq!(reply.violations()[0].0, "/departmentId");
    })
    .await;
}

#[actix_web::test]
async fn people_are_seen_by_themselves_their_hr_and_their_organisers_coordinators() {
    on_each_database(async |world| {
        let [own, other] = [world.municipalities[0].id, world.municipalities[1].id];
        let person = world.person(own, "Maja Lindqvist").await;
        let path = format!("people/{}", person.id);
        let stranger = world.service.stranger();
        let hr = stranger.system(Role::Hr, Some(own));
        for client in [&person.client, &hr, &world.coordinator] {
            client.get(&path).await.ok();
        }
        let colleague = world.person(own, "Colleague").await;
        let foreign = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let director = &world.municipalities[0].director.client;
        let other_hr = stranger.system(Role::Hr, Some(other));
        for client in [&colleague.client, &other_hr, &foreign, director] {
            client.get(&path).await.refused("not_found");
            let change = client.change("PATCH", &path, "*", json!({ "title": "x" }));
            change.await.refused("not_found");
        }
        let list = hr.get("people?limit=100").await.ok();
        assert_eq!(
            list["_meta"]["totalRecords"], 3,
            "the director and two others"
        );
    })
    .await;
}

#[actix_web::test]
async fn roles_are_given_and_taken_in_ones_own_scope() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let person = world.person(own, "Maja Lindqvist").await;
        let path = format!("people/{}/roles", person.id);
        let give = async |role: &str, organisation: OrganisationId| {
            let body = json!({ "role": role, "organisationId": organisation });
            world.coordinator.post(&path, body).await
        };
        let given = give("evaluator", world.organiser).await.created();
        give("hr", own).await.created();
        give("evaluator", own).await.refused("forbidden");
        give("director", world.organiser)
            .await
            .refused("role_not_assignable");
        give("operator", world.organiser)
            .await
            .refused("role_not_assignable");
        let listed = person.client.get(&path).await.ok();
        assert_eq!(listed["_meta"]["totalRecords"], 2);
        let one = format!("{path}/{}", given.id());
        let tag = world.coordinator.get(&one).await.ok().tag();
        let taken = world.coordinator.change("DELETE", &one, &tag, Value::Null);
        taken.await.is(204);
        world.coordinator.get(&one).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn the_gateway_alone_asks_whom_a_credential_stands_for() {
    on_each_database(async |world| {
        let director = &world.municipalities[0].director;
        let email = json!({
            "kind": "token", "issuer": "https://login.example", "subject": "abc",
            "verified_email": director.email,
        });
        let stranger = world.service.stranger();
        let gateway = stranger.caller(shared_types::Caller {
            subject: "gateway".to_owned(),
            ..shared_types::Caller::anonymous()
        });
        stranger.post("/internal/callers", email.clone()).await.refused("unauthenticated");
        let person = director.client.post("/internal/callers", email.clone()).await;
        person.refused("forbidden");
        // An address alone is nobody: the person is asked.
        gateway.post("/internal/callers", email).await.refused("not_found");
        let asked = world.service.links_to(&director.email).await;
        let asked = asked.iter().find(|link| link.contains("/pages/identity/")).unwrap();
        stranger.post_form(asked, &[("verdict", "accept")]).await.is(303);
        // From now on the issuer's name for the person is enough; another's is not.
        let named = |subject: &str| json!({ "kind": "token", "issuer": "https://login.example", "subject": subject });
        let answer = gateway.post("/internal/callers", named("abc")).await.ok();
        assert_eq!(answer["person"], json!(director.id));
        assert_eq!(answer["roles"][0]["role"], "director");
        gateway.post("/internal/callers", named("abd")).await.refused("not_found");
        let key = json!({ "kind": "api_key", "id": Uuid::new_v4(), "digest": "00" });
        gateway.post("/internal/callers", key).await.refused("not_found");
        let path = format!("people/{}", director.id);
        // Who holds an office is their own organisation's to deactivate, not any coordinator's.
        let inactive = json!({ "active": false });
        let change = world.coordinator.change("PATCH", &path, "*", inactive.clone());
        change.await.refused("forbidden");
        let hr = stranger.system(shared_types::Role::Hr, Some(world.municipalities[0].id));
        hr.change("PATCH", &path, "*", inactive).await.ok();
        gateway.post("/internal/callers", named("abc")).await.refused("not_found");
    })
    .await;
}
