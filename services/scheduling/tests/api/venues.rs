//! Venues and rooms.

use crate::world::{on_each_database, venue, with};
use serde_json::json;
use shared_types::{OrganisationId, Role};

#[actix_web::test]
async fn a_venue_is_kept_by_its_organiser_and_read_by_every_coordinator() {
    on_each_database(async |world| {
        let body = venue(world.organiser);
        let made = world
            .coordinator
            .post("venues", body.clone())
            .await
            .created();
        let path = format!("venues/{}", made.id());
        assert_eq!(made["accessibility"]["hearingLoop"], true);
        let other = OrganisationId::new();
        let fellow = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(other));
        assert_eq!(fellow.get(&path).await.ok().json, made.json);
        let foreign = fellow.change("PUT", &path, "*", body.clone()).await;
        foreign.refused("forbidden");
        fellow
            .post("venues", body.clone())
            .await
            .refused("forbidden");
        let stale = "\"9-000000000000\"";
        let changed = with(body.clone(), &json!({ "beds": 12 }));
        let lost = world
            .coordinator
            .change("PUT", &path, stale, changed.clone())
            .await;
        lost.refused("version_stale");
        let tag = made.tag();
        let saved = world
            .coordinator
            .change("PUT", &path, &tag, changed)
            .await
            .ok();
        assert_eq!(saved["beds"], 12);
        let moved = with(body, &json!({ "organiserId": other }));
        let moved = world.coordinator.change("PUT", &path, "*", moved).await;
        assert_eq!(
            moved.refused("invalid_body").violations()[0].0,
            "/organiserId"
        );
        let listed = fellow.get("venues").await.ok();
        assert_eq!(listed["_meta"]["totalRecords"], 1);
        let director = world.municipalities[0].1;
        world.client(director).get(&path).await.refused("not_found");
        let list = world.client(director).get("venues").await.ok();
        assert_eq!(list["items"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_venues_rooms_have_names_of_their_own() {
    on_each_database(async |world| {
        let (id, room) = world.venue().await;
        let path = format!("venues/{id}/rooms");
        let body = json!({ "name": "Stora salen", "capacity": 8, "equipment": ["projector"] });
        let twice = world.coordinator.post(&path, body.clone()).await;
        twice.refused("room_already_exists");
        let small = with(body, &json!({ "name": "Lilla salen" }));
        let small = world.coordinator.post(&path, small).await.created();
        let renamed = json!({ "name": "Stora salen", "capacity": 8 });
        let small = format!("rooms/{}", small.id());
        let renamed = world.coordinator.change("PUT", &small, "*", renamed).await;
        renamed.refused("room_already_exists");
        let listed = world.coordinator.get(&path).await.ok();
        assert_eq!(listed["_meta"]["totalRecords"], 2);
        assert_eq!(listed["items"][0]["id"], room);
        let wrong = json!({ "name": "", "capacity": 0, "beds": 1 });
        let refused = world.coordinator.post(&path, wrong).await;
        let pointers = refused.refused("invalid_body").violations();
        let pointers: Vec<_> = pointers.iter().map(|one| one.0.as_str()).collect();
        assert_eq!(pointers, ["/beds", "/capacity", "/name"]);
    })
    .await;
}
