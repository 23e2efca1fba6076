//! Who keeps an organisation's data, and that a partnership needs both sides.

use crate::world::{World, on_each_database, organisation};
use serde_json::{Value, json};
use shared_testing::Client;
use shared_types::{OrganisationId, Role};

fn coordinator(world: &World, organiser: OrganisationId) -> Client {
    let stranger = world.service.stranger();
    stranger.system(Role::Coordinator, Some(organiser))
}

/// Another organiser, which nobody but its own coordinators keeps.
async fn organiser(world: &World) -> OrganisationId {
    let founder = coordinator(world, OrganisationId::new());
    let made = founder.post("organisations", organisation("Other", "other", None));
    made.await.created().id().parse().unwrap()
}

async fn put(client: &Client, path: &str) -> shared_testing::Reply {
    client.change("PUT", path, "*", Value::Null).await
}

#[actix_web::test]
async fn an_organisation_that_has_hr_keeps_itself() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let [first, second] = [
            world.person(own, "Hanna").await,
            world.person(own, "Hugo").await,
        ];
        let holder = format!("offices/{}/holder", world.municipalities[0].office);
        let body = json!({ "holderId": first.id });
        let role = json!({ "role": "hr", "organisationId": own });
        let roles = |person: &crate::world::Person| format!("people/{}/roles", person.id);
        world.coordinator.post(&holder, body.clone()).await.ok();
        let given = world.coordinator.post(&roles(&first), role.clone()).await;
        given.created();
        let hr = first.client.person(first.id, &[(Role::Hr, own)]);
        world
            .coordinator
            .post(&holder, body.clone())
            .await
            .refused("forbidden");
        let more = world.coordinator.post(&roles(&second), role.clone()).await;
        more.refused("forbidden");
        hr.post(&holder, body.clone()).await.ok();
        let more = hr.post(&roles(&second), role).await.created();
        let taken = format!("{}/{}", roles(&second), more.id());
        hr.change("DELETE", &taken, "*", Value::Null).await.is(204);
        // Once nobody of its own can act any more, the organiser that added it can again.
        let leaving = format!("people/{}", first.id);
        let gone = json!({ "active": false });
        hr.change("PATCH", &leaving, "*", gone).await.ok();
        let nobody = json!({});
        let vacate = async || world.coordinator.post(&holder, nobody.clone()).await;
        vacate().await.ok();
        // A system of its own keeps it too, until its key ends.
        let key = json!({
            "name": "Personalsystemet", "role": "hr", "organisationId": own,
            "scopes": ["people:read"], "expiresAt": "2022-05-01T00:00:00Z",
        });
        let system = world.service.stranger().system(Role::Hr, Some(own));
        system.post("api-keys", key).await.created();
        vacate().await.refused("forbidden");
        world.service.set_clock("2022-05-01T00:00:00Z");
        vacate().await.ok();
    })
    .await;
}

#[actix_web::test]
async fn another_organisers_coordinator_keeps_nothing_of_a_municipality() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let other = organiser(world).await;
        let stranger = coordinator(world, other);
        let person = world.person(own, "Petra").await;
        let holder = format!("offices/{}/holder", world.municipalities[0].office);
        let body = json!({ "holderId": person.id });
        stranger.post(&holder, body).await.refused("forbidden");
        // Calling it a partner gives nothing as long as the municipality's keeper does not.
        let partner = format!("organisations/{other}/partners/{own}");
        let proposed = put(&stranger, &partner).await.ok();
        assert_eq!(proposed["agreed"], false);
        let path = format!("people/{}", person.id);
        stranger.get(&path).await.refused("not_found");
        let role = json!({ "role": "hr", "organisationId": own });
        let roles = format!("{path}/roles");
        stranger.post(&roles, role).await.refused("not_found");
        let list = format!("organisations/{other}/partners");
        for (client, listed) in [(&stranger, 1), (&world.coordinator, 1), (&person.client, 0)] {
            let read = client.get(&list).await.ok();
            assert_eq!(read["_meta"]["totalRecords"], listed);
        }
        let agreed = put(&world.coordinator, &partner).await.ok();
        assert_eq!(agreed["agreed"], true);
        stranger.get(&path).await.ok();
        let change = json!({ "title": "x" });
        let refused = stranger.change("PATCH", &path, "*", change).await;
        refused.refused("forbidden");
        let ended = world
            .coordinator
            .change("DELETE", &partner, "*", Value::Null);
        ended.await.is(204);
        stranger.get(&path).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn whoever_may_add_people_reads_and_changes_them() {
    on_each_database(async |world| {
        let body = organisation("Fristående", "other", None);
        let made = world.coordinator.post("organisations", body).await;
        let own: OrganisationId = made.created().id().parse().unwrap();
        let person = world.person(own, "Petra").await;
        let path = format!("people/{}", person.id);
        world.coordinator.get(&path).await.ok();
        let change = json!({ "title": "Director" });
        let changed = world
            .coordinator
            .change("PATCH", &path, "*", change.clone());
        assert_eq!(changed.await.ok()["title"], "Director");
        let stranger = coordinator(world, organiser(world).await);
        stranger.get(&path).await.refused("not_found");
        let refused = stranger.change("PATCH", &path, "*", change).await;
        refused.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn whoever_coordinates_several_organisers_says_which_one_keeps() {
    on_each_database(async |world| {
        let other = organiser(world).await;
        let stranger = world.service.stranger();
        let roles = [world.organiser, other].map(|organiser| (Role::Coordinator, organiser));
        let both = stranger.person(shared_types::PersonId::new(), &roles);
        let mut body = organisation("Delad", "other", None);
        let reply = both
            .post("organisations", body.clone())
            .await
            .refused("invalid_body");
        assert_eq!(reply.violations()[0].0, "/keeperId");
        body["keeperId"] = json!(OrganisationId::new());
        both.post("organisations", body.clone())
            .await
            .refused("forbidden");
        body["keeperId"] = json!(other);
        let made = both.post("organisations", body).await.created();
        let path = format!("organisations/{}", made.id());
        let change = json!({ "name": "Delad kommun" });
        let refused = world
            .coordinator
            .change("PATCH", &path, "*", change.clone());
        refused.await.refused("forbidden");
        let kept = coordinator(world, other);
        kept.change("PATCH", &path, "*", change).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn whoever_directs_two_municipalities_reads_and_decides_each_slate() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let own = [world.municipalities[0].id, world.municipalities[1].id];
        let director = &world.municipalities[0].director;
        let both = director
            .client
            .person(director.id, &own.map(|one| (Role::Director, one)));
        let applications = [
            world.applicant(0, &round).await.1,
            world.applicant(1, &round).await.1,
        ];
        let slate = format!("rounds/{round}/slate");
        let reply = both.get(&slate).await.refused("invalid_parameter");
        assert_eq!(
            reply.violations(),
            [("municipalityId".to_owned(), "required".to_owned())]
        );
        for (municipality, application) in own.iter().zip(&applications) {
            let read = both
                .get(&format!("{slate}?municipalityId={municipality}"))
                .await
                .ok();
            assert_eq!(read["applications"][0]["id"], json!(application));
            assert_eq!(read["applications"].as_array().unwrap().len(), 1);
            let verdicts = read["_links"]["verdicts"]["href"]
                .as_str()
                .unwrap()
                .to_owned();
            let body =
                json!({ "verdicts": [{ "applicationId": application, "verdict": "endorse" }] });
            let decided = both.post(&verdicts, body).await.ok();
            assert_eq!(decided["awaitingCount"], 0);
        }
        let elsewhere = format!("{slate}?municipalityId={}", world.organiser);
        both.get(&elsewhere).await.refused("forbidden");
    })
    .await;
}
