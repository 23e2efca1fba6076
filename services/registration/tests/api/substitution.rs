//! Substitution: another person of the municipality takes over an accepted seat.

use crate::world::{Announced, Person, World, on_each_database};
use serde_json::json;
use shared_testing::{Client, Reply};
use uuid::Uuid;

async fn accepted(world: &World) -> Announced {
    let announced = world.announced(3, json!({})).await;
    announced.answer(0, "accept").await.ok();
    announced
}

async fn name(caller: &Client, application: &str, substitute: &Person) -> Reply {
    let path = format!("applications/{application}/substitution");
    let body = json!({ "personId": substitute.id, "reason": "Changes jobs in August." });
    caller.post(&path, body).await
}

#[actix_web::test]
async fn the_first_keeps_the_seat_until_the_office_endorses_the_second() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let substitute = world.person(world.municipalities[0].id, "Substitute").await;
        let first = announced.application(0);
        let second = name(announced.person(0), first, &substitute)
            .await
            .created();
        assert_eq!(second["replaces"], first);
        assert_eq!(world.seat(first).await, "accepted");
        let other = world.person(world.municipalities[0].id, "Other").await;
        let twice = name(announced.person(0), first, &other).await;
        twice.refused("substitution_already_pending");
        // The endorsement deadline of the round is over by then; this one counts all the same.
        world.service.set_clock("2022-06-01T08:00:00Z");
        world.service.sweep().await;
        world.endorse(0, &second.id(), 1).await;
        assert_eq!(world.seat(first).await, "substituted");
        assert_eq!(world.seat(&second.id()).await, "accepted");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_director_who_names_a_substitute_endorses_by_it() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let substitute = world.person(world.municipalities[0].id, "Substitute").await;
        let director = &world.municipalities[0].director.client;
        let second = name(director, announced.application(0), &substitute)
            .await
            .created();
        assert_eq!(second["seat"]["state"], "accepted");
        assert_eq!(world.seat(announced.application(0)).await, "substituted");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_director_who_names_oneself_does_not_endorse_oneself() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let director = &world.municipalities[0].director;
        let second = name(&director.client, announced.application(0), director)
            .await
            .created();
        assert_eq!(second["endorsement"]["state"], "awaiting");
        assert_eq!(world.seat(announced.application(0)).await, "accepted");
        let path = format!("applications/{}/endorsement", second.id());
        let oneself = director
            .client
            .post(&path, json!({ "verdict": "endorse" }))
            .await;
        oneself.refused("endorsement_of_oneself");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn who_waits_for_a_seat_that_is_given_up_waits_no_more() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let substitute = world.person(world.municipalities[0].id, "Substitute").await;
        let first = announced.application(0);
        let second = name(announced.person(0), first, &substitute)
            .await
            .created();
        let path = format!("applications/{first}/discontinuation");
        world
            .coordinator
            .post(&path, json!({ "reason": "Left." }))
            .await
            .ok();
        let path = format!("applications/{}", second.id());
        assert_eq!(
            world.coordinator.get(&path).await.ok()["state"],
            "withdrawn"
        );
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_declined_substitute_changes_nothing_and_another_can_be_named() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let own = world.municipalities[0].id;
        let first = announced.application(0);
        let substitute = world.person(own, "Substitute").await;
        let second = name(announced.person(0), first, &substitute)
            .await
            .created()
            .id();
        let director = &world.municipalities[0].director.client;
        let path = format!("applications/{second}/endorsement");
        let declined = director
            .post(&path, json!({ "verdict": "decline" }))
            .await
            .ok();
        assert_eq!(declined["state"], "withdrawn");
        assert_eq!(world.seat(first).await, "accepted");
        let other = world.person(own, "Other").await;
        name(announced.person(0), first, &other).await.created();
        // Who leaves a seat takes the wait for it along.
        announced.withdraw(0).await.ok();
        let listed = world
            .coordinator
            .get("applications?endorsement=awaiting")
            .await
            .ok();
        assert_eq!(listed["items"][0]["state"], "withdrawn");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_seat_is_handed_on_inside_one_municipality_and_only_when_it_is_accepted() {
    on_each_database(async |world| {
        let announced = accepted(world).await;
        let first = announced.application(0);
        let foreign = world.person(world.municipalities[1].id, "Foreign").await;
        let refused = name(announced.person(0), first, &foreign).await;
        refused.refused("substitute_of_other_municipality");
        let own = world.person(world.municipalities[0].id, "Substitute").await;
        let offered = name(announced.person(1), announced.application(1), &own).await;
        offered.refused("application_without_seat");
        let queued = announced.all[2].0.clone();
        let live = name(announced.person(0), first, &queued).await;
        live.refused("application_already_exists");
        let unknown = json!({ "personId": Uuid::new_v4(), "reason": "x" });
        let path = format!("applications/{first}/substitution");
        announced
            .person(0)
            .post(&path, unknown)
            .await
            .refused("person_unknown");
        let other = &world.municipalities[1].director.client;
        name(other, first, &own).await.refused("not_found");
        world.assert_sound(&announced.round).await;
    })
    .await;
}
