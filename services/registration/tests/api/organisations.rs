//! Organisations, departments and partners.

use crate::world::{on_each_database, organisation};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};

#[actix_web::test]
async fn an_organisation_is_added_read_and_changed() {
    on_each_database(async |world| {
        let body = organisation("Åtvidaberg", "municipality", Some("SE-0561"));
        let made = world
            .coordinator
            .post("organisations", body)
            .await
            .created();
        assert_eq!(made["municipalityId"], made["id"]);
        let path = format!("organisations/{}", made.id());
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read.json, made.json);
        let change = json!({ "name": "Åtvidabergs kommun" });
        let tag = read.tag();
        let changed = world.coordinator.change("PATCH", &path, &tag, change);
        assert_eq!(changed.await.ok()["name"], "Åtvidabergs kommun");
        let found = world.coordinator.get("organisations?officialCode=SE-0561");
        assert_eq!(found.await.ok()["_meta"]["totalRecords"], 1);
    })
    .await;
}

#[actix_web::test]
async fn a_municipal_company_counts_to_its_municipality() {
    on_each_database(async |world| {
        let municipality = world.municipalities[0].id;
        let mut body = organisation("Bostads AB", "company", None);
        body["parentId"] = json!(municipality);
        let company = world.coordinator.post("organisations", body.clone()).await;
        assert_eq!(company.created()["municipalityId"], json!(municipality));
        body["parentId"] = json!(OrganisationId::new());
        let reply = world.coordinator.post("organisations", body).await;
        reply.refused("organisation_unknown");
    })
    .await;
}

#[actix_web::test]
async fn what_a_schema_can_not_say_of_an_organisation_is_refused_with_its_place() {
    on_each_database(async |world| {
        let post = async |body: Value| world.coordinator.post("organisations", body).await;
        let taken = organisation("Andra", "municipality", Some("SE-0580"));
        post(taken).await.refused("organisation_code_taken");
        let nameless = organisation("Tredje", "municipality", None);
        let reply = post(nameless).await.refused("invalid_body");
        assert_eq!(reply.violations()[0].0, "/officialCode");
        let mut elsewhere = organisation("Fjärde", "other", None);
        elsewhere["timeZone"] = json!("Europe/Atlantis");
        let reply = post(elsewhere).await.refused("invalid_body");
        assert_eq!(reply.violations()[0].0, "/timeZone");
    })
    .await;
}

#[actix_web::test]
async fn departments_are_kept_by_the_organisations_hr() {
    on_each_database(async |world| {
        let [own, other] = [world.municipalities[0].id, world.municipalities[1].id];
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let path = format!("organisations/{own}/departments");
        let body = json!({ "name": "Socialförvaltningen" });
        hr.post(&path, body.clone()).await.created();
        let listed = hr.get(&path).await.ok();
        assert_eq!(listed["items"][0]["name"], "Socialförvaltningen");
        hr.post(&path, body.clone()).await.refused("conflict");
        let path = format!("organisations/{other}/departments");
        hr.post(&path, body.clone()).await.refused("forbidden");
        let nowhere = format!("organisations/{}/departments", OrganisationId::new());
        world
            .coordinator
            .post(&nowhere, body)
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_partnership_is_made_and_ended_however_often_it_is_asked() {
    on_each_database(async |world| {
        let partner = world.municipalities[0].id;
        let list = format!("organisations/{}/partners", world.organiser);
        let path = format!("{list}/{partner}");
        let coordinator = &world.coordinator;
        coordinator
            .change("PUT", &path, "*", Value::Null)
            .await
            .ok();
        let before = coordinator.get(&list).await.ok();
        assert_eq!(before["_meta"]["totalRecords"], 2);
        assert_eq!(before["items"][0]["name"], "Kommun 0");
        for _ in 0..2 {
            coordinator
                .change("DELETE", &path, "*", Value::Null)
                .await
                .is(204);
        }
        let after = coordinator.get(&list).await.ok();
        assert_eq!(after["_meta"]["totalRecords"], 1);
        let other = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(world.municipalities[1].id));
        other
            .change("PUT", &path, "*", Value::Null)
            .await
            .refused("forbidden");
        other
            .change("DELETE", &path, "*", Value::Null)
            .await
            .refused("forbidden");
    })
    .await;
}
