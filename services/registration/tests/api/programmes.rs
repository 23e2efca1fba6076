//! Programmes.

use crate::world::{on_each_database, programme};
use serde_json::{Value, json};
use shared_types::{OrganisationId, Role};

#[actix_web::test]
async fn a_programme_is_drafted_published_changed_and_archived() {
    on_each_database(async |world| {
        let coordinator = &world.coordinator;
        let body = programme(world.organiser);
        let draft = coordinator.post("programmes", body.clone()).await.created();
        assert_eq!(draft.rels(), ["archival", "publication", "rounds"]);
        let path = format!("programmes/{}", draft.id());
        let stranger = world.service.stranger();
        stranger.get(&path).await.refused("not_found");
        coordinator
            .post_empty(&format!("{path}/publication"))
            .await
            .ok();
        let public = stranger.get(&path).await.ok();
        assert_eq!(public["state"], "published");
        assert_eq!(public.rels(), ["rounds"]);
        let again = coordinator.post_empty(&format!("{path}/publication")).await;
        let again = again.refused("programme_state_forbids");
        assert_eq!(again["transitions"][0]["name"], "publication");
        let mut changed = body.clone();
        changed["name"] = json!({ "sv": "Nytt namn" });
        let tag = coordinator.get(&path).await.tag();
        let changed = coordinator.change("PUT", &path, &tag, changed).await.ok();
        assert_eq!(changed["name"]["sv"], "Nytt namn");
        let mut moved = body;
        moved["organiserId"] = json!(OrganisationId::new());
        let moved = coordinator.change("PUT", &path, "*", moved).await;
        moved.refused("invalid_body");
        coordinator
            .post_empty(&format!("{path}/archival"))
            .await
            .ok();
        let late = coordinator.post_empty(&format!("{path}/archival")).await;
        late.refused("programme_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn another_organisers_coordinator_knows_no_drafts_and_changes_nothing() {
    on_each_database(async |world| {
        let draft = world
            .coordinator
            .post("programmes", programme(world.organiser));
        let path = format!("programmes/{}", draft.await.created().id());
        let other = world.service.stranger();
        let other = other.system(Role::Coordinator, Some(world.municipalities[0].id));
        other.get(&path).await.refused("not_found");
        other
            .post_empty(&format!("{path}/publication"))
            .await
            .refused("not_found");
        let body = programme(world.organiser);
        other
            .post("programmes", body.clone())
            .await
            .refused("forbidden");
        world
            .coordinator
            .post_empty(&format!("{path}/publication"))
            .await
            .ok();
        other.get(&path).await.ok();
        other
            .post_empty(&format!("{path}/archival"))
            .await
            .refused("forbidden");
        other
            .change("PUT", &path, "*", body)
            .await
            .refused("forbidden");
        let list = format!("programmes?organiserId={}", world.organiser);
        let list = world.service.stranger().get(&list).await.ok();
        assert_eq!(list["_meta"]["totalRecords"], 1);
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        assert_ne!(list["items"][0]["_links"], Value::Null);
    })
    .await;
}
