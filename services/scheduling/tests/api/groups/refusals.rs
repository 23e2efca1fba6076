//! What is refused: each problem of groups, and bad bodies.

use super::circle::Circle;
use crate::world::{World, on_each_database};
use futures_util::future::join;
use scheduling::releases::claims::sabotage;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use shared_database::row;
use shared_projections::participations;
use shared_testing::Reply;
use shared_types::{ApplicationId, PersonId};
use std::time::Duration;

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |&(place, code): &(&str, &str)| (place.to_owned(), code.to_owned());
    pairs.iter().map(owned).collect()
}

#[actix_web::test]
async fn a_round_without_people_or_with_too_many_is_not_divided() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 0).await;
        let refused = circle.compose(json!({ "groupsCount": 1 })).await;
        refused.refused("group_nobody_takes_part");
        for number in 0..3 {
            circle.join("Somebody", number).await;
        }
        let refused = circle.compose(json!({ "groupsCount": 4 })).await;
        assert_eq!(refused["detail"], "3 people do not fill 4 groups.");
        refused.refused("group_count_too_large");
        seats_for_many(world, 998).await;
        let refused = circle.compose(json!({ "groupSize": 4 })).await;
        refused.refused("group_people_too_many");
    })
    .await;
}

/// Seats of people who are not known yet.
async fn seats_for_many(world: &World, people: usize) {
    let transaction = world.service.state.database.begin().await.unwrap();
    let rows = (0..people).map(|_| seat(world));
    row::insert_all::<participations::Entity>(transaction.connection(), rows)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// An accepted seat of somebody new.
fn seat(world: &World) -> participations::Model {
    participations::Model {
        id: ApplicationId::new().uuid(),
        round_id: world.round.uuid(),
        person_id: PersonId::new().uuid(),
        organisation_id: world.organiser.uuid(),
        municipality_id: None,
        organiser_id: world.organiser.uuid(),
        state: "submitted".to_owned(),
        endorsement: "endorsed".to_owned(),
        seat: "accepted".to_owned(),
        replaces: None,
        version: 1,
    }
}

#[actix_web::test]
async fn unknown_people_groups_and_sessions_are_refused() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        let stranger = PersonId::new();
        let [one, two] = [circle.people[0], circle.people[1]];
        for (member, code) in [
            (
                json!({ "locks": [{ "personId": stranger, "group": 1 }] }),
                "group_person_unknown",
            ),
            (
                json!({ "apart": [{ "personId": one, "otherPersonId": stranger }] }),
                "group_person_unknown",
            ),
            (
                json!({ "locks": [{ "personId": one, "group": 3 }] }),
                "group_unknown",
            ),
            (json!({ "sessionId": stranger }), "session_unknown"),
        ] {
            let mut body = json!({ "groupsCount": 2 });
            for (name, value) in member.as_object().unwrap() {
                body[name.as_str()] = value.clone();
            }
            circle.compose(body).await.refused(code);
        }
        let set = circle.compose(json!({ "groupsCount": 2 })).await.created();
        let put =
            async |person: PersonId, body: Value| circle.relocate(&set.id(), person, body).await;
        put(stranger, json!({ "group": 1 }))
            .await
            .refused("group_person_unknown");
        put(one, json!({ "group": 3 }))
            .await
            .refused("group_unknown");
        // The other is in the group that the first leaves, or not in the set at all.
        let here = super::group_of(&set.json, two);
        let own = json!({ "group": here % 2 + 1, "exchangedWithId": two });
        put(one, own).await.refused("group_person_unknown");
        let nobody = json!({ "group": 1, "exchangedWithId": stranger });
        put(one, nobody).await.refused("group_person_unknown");
        let path = format!("group-sets/{stranger}");
        world.coordinator.get(&path).await.refused("not_found");
        let path = format!("rounds/{stranger}/groups");
        world.coordinator.get(&path).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn who_is_locked_and_kept_apart_is_named_in_what_does_not_fit() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        let [one, two] = [circle.people[0], circle.people[1]];
        let body = json!({
            "groupsCount": 2,
            "locks": [{ "personId": one, "group": 2 }, { "personId": two, "group": 2 }],
            "apart": [{ "personId": one, "otherPersonId": two }],
        });
        let set = circle.compose(body).await.created();
        let findings = set["findings"].as_array().unwrap();
        let apart = findings.iter().find(|one| one["code"] == "kept_apart");
        let apart = apart.unwrap();
        assert_eq!(apart["group"], 2);
        assert_eq!(
            apart["detail"],
            "Person 00 and Person 01 are to be kept apart. Both are locked in this group."
        );
        let path = format!("group-sets/{}/composition", set.id());
        let free = world
            .coordinator
            .post(&path, json!({ "apart": [] }))
            .await
            .ok();
        assert_eq!(free["score"]["brokenCount"], 0);
        assert_eq!(free["apart"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_bad_body_is_told_all_that_is_wrong_with_it() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 4).await;
        let one = circle.people[0];
        for body in [json!({}), json!({ "groupsCount": 2, "groupSize": 2 })] {
            let refused = circle.compose(body).await.refused("invalid_body");
            assert_eq!(refused.violations(), of(&[("/groupsCount", "invalid")]));
        }
        let lock = json!({ "personId": one, "group": 1 });
        let twice = json!({
            "groupsCount": 2, "locks": [lock, lock],
            "apart": [{ "personId": one, "otherPersonId": one }],
        });
        let refused = circle.compose(twice).await.refused("invalid_body");
        assert_eq!(
            refused.violations(),
            of(&[
                ("/apart/0/otherPersonId", "repeated"),
                ("/locks/1/personId", "repeated")
            ])
        );
        let path = format!("rounds/{}/group-sets", world.round);
        let bad = json!({
            "groupsCount": 0, "seed": -1, "extra": true,
            "weights": { "metBefore": 101, "municipality": 1, "department": 1, "gender": -1 },
        });
        let refused = world
            .coordinator
            .post(&path, bad)
            .await
            .refused("invalid_body");
        let places: Vec<String> = refused.violations().into_iter().map(|one| one.0).collect();
        for place in [
            "/extra",
            "/groupsCount",
            "/name",
            "/seed",
            "/weights/gender",
            "/weights/metBefore",
        ] {
            assert!(
                places.iter().any(|one| one == place),
                "{place} in {places:?}"
            );
        }
    })
    .await;
}

/// Composes groups of six while a seventh takes a seat.
async fn overtaken(world: &World, circle: &Circle<'_>) -> Reply {
    let database = &world.service.state.database;
    // What composing waits for once the groups are made: the write lock, or the round's row.
    let held = database.begin().await.unwrap();
    let lock = format!(
        "UPDATE known_rounds SET seats = seats WHERE id = '{}'",
        world.round
    );
    held.connection().execute_unprepared(&lock).await.unwrap();
    let newcomer = seat(world);
    let meanwhile = async move {
        actix_web::rt::time::sleep(Duration::from_secs(2)).await;
        row::insert::<participations::Entity>(held.connection(), newcomer)
            .await
            .unwrap();
        held.commit().await.unwrap();
    };
    let (reply, ()) = join(circle.compose(json!({ "groupsCount": 2 })), meanwhile).await;
    reply
}

#[actix_web::test]
async fn groups_that_were_overtaken_by_a_newcomer_are_not_kept() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        let refused = overtaken(world, &circle).await;
        refused.refused("group_inputs_changed");
        circle.compose(json!({ "groupsCount": 2 })).await.created();
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_groups_are_kept_that_leave_the_newcomer_out() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        sabotage::look_early(world.round.uuid());
        let kept = overtaken(world, &circle).await.created();
        let groups = kept["groups"].as_array().unwrap().iter();
        let members = groups.map(|group| group["members"].as_array().unwrap().len());
        assert_eq!(members.sum::<usize>(), 6);
        assert!(!kept["findings"].as_array().unwrap().is_empty());
    })
    .await;
}
