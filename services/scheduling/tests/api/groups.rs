//! Groups: composed, mended by hand, published, and seen by those who are in them.

mod circle;
mod refusals;

use crate::world::{on_each_database, seminar};
use circle::Circle;
use serde_json::{Value, json};
use shared_types::{PersonId, Role};
use std::collections::BTreeSet;

/// The ids of each group's members.
fn members(set: &Value) -> Vec<BTreeSet<String>> {
    let groups = set["groups"].as_array().unwrap().iter();
    groups
        .map(|group| {
            let members = group["members"].as_array().unwrap().iter();
            members
                .map(|one| one["personId"].as_str().unwrap().to_owned())
                .collect()
        })
        .collect()
}

/// The number of the group in which somebody is.
fn group_of(set: &Value, person: PersonId) -> usize {
    let is_here = |group: &BTreeSet<String>| group.contains(&person.to_string());
    members(set).iter().position(is_here).unwrap() + 1
}

/// How many pairs in one group have something in common.
fn count(set: &Value, code: &str) -> i64 {
    let parts = set["score"]["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["code"] == code).unwrap();
    part["count"].as_i64().unwrap()
}

fn codes(set: &Value) -> Vec<&str> {
    let findings = set["findings"].as_array().unwrap().iter();
    findings.map(|one| one["code"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn everybody_gets_a_group_that_mixes_and_sees_it_once_it_is_published() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 12).await;
        let set = circle.compose(json!({ "groupsCount": 3 })).await.created();
        assert_eq!(set["state"], "draft");
        assert_eq!(set["ruleVersion"], "groups-1");
        assert_eq!(set["findings"], json!([]));
        assert_eq!(set["score"]["brokenCount"], 0);
        assert_eq!(set["score"]["optimal"], true);
        assert_eq!(set["score"]["penalty"], set["score"]["leastPenalty"]);
        assert_eq!(
            set.rels(),
            [
                "composition",
                "discard",
                "history",
                "meetings",
                "publication",
                "sets"
            ]
        );
        let groups = members(&set.json);
        assert_eq!(
            groups.iter().map(BTreeSet::len).collect::<Vec<_>>(),
            [4, 4, 4]
        );
        // Four municipalities of three: each group has one of each.
        for group in set["groups"].as_array().unwrap() {
            assert_eq!(group["municipalitiesCount"], 4);
        }
        let participant = world.client(circle.people[0]);
        let own = format!("rounds/{}/groups", world.round);
        assert_eq!(participant.get(&own).await.ok()["groups"], json!([]));
        assert_eq!(
            world.published("groups.published").await,
            Vec::<Value>::new()
        );

        let published = circle.publish(&set.id(), json!({})).await.ok();
        assert_eq!(published["state"], "published");
        let at = published["publishedAt"].as_str().unwrap();
        assert!(at.starts_with("2022-04-12T08:00:"), "{at}");
        let number = group_of(&published.json, circle.people[0]);
        let seen = participant.get(&own).await.ok();
        let group = &published["groups"][number - 1];
        let mut mates: Vec<Value> = group["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| circle.as_mate(one["personId"].as_str().unwrap()))
            .collect();
        mates.sort_by_key(|one| one["name"].as_str().unwrap().to_owned());
        assert_eq!(
            seen["groups"],
            json!([{
                "groupId": group["id"], "groupSetId": set.id(), "name": { "sv": "Basgrupper" },
                "number": number, "isOwn": true, "members": mates,
            }])
        );
        let stranger = world.service.stranger();
        let leads = [(Role::Facilitator, world.organiser)];
        let facilitator = stranger.person(PersonId::new(), &leads);
        for client in [&world.coordinator, &facilitator] {
            let all = client.get(&own).await.ok();
            assert_eq!(all["groups"].as_array().unwrap().len(), 3);
            assert_eq!(all["groups"][0]["isOwn"], false);
        }
        let nobody = stranger.person(PersonId::new(), &[]);
        nobody.get(&own).await.refused("not_found");

        let events = world.published("groups.published").await;
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["roundId"], json!(world.round));
        assert_eq!(
            events[0]["groups"][0]["personIds"]
                .as_array()
                .unwrap()
                .len(),
            4
        );
        let messages = world.published("message.requested").await;
        assert_eq!(messages.len(), 12);
        let own = messages
            .iter()
            .find(|one| one["personId"] == json!(circle.people[0]));
        let own = own.unwrap();
        assert_eq!(own["subject"], "Din grupp: Basgrupper");
        let text = own["text"].as_str().unwrap();
        assert!(
            text.starts_with(&format!("Du är med i grupp {number} i Basgrupper")),
            "{text}"
        );
        for mate in mates {
            let is_self = mate["name"] == "Person 00";
            let line = format!(
                "{}, {}",
                mate["name"].as_str().unwrap(),
                mate["municipality"].as_str().unwrap()
            );
            assert_eq!(text.contains(&line), !is_self, "{line} in {text}");
        }
    })
    .await;
}

#[actix_web::test]
async fn the_next_session_brings_other_people_together_until_there_are_none() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 12).await;
        let meetings = format!("rounds/{}/group-meetings", world.round);
        // Only in these weights nothing weighs up a second meeting.
        let weights = json!({ "metBefore": 100, "municipality": 1, "department": 0, "gender": 0 });
        let mut expected = 66;
        for (number, date) in ["2022-09-01", "2022-10-01", "2022-11-01"]
            .iter()
            .enumerate()
        {
            let session = world.session(seminar(date)).await;
            let body = json!({ "groupSize": 3, "sessionId": session, "weights": weights });
            let set = circle.compose(body).await.created();
            assert_eq!(set["sessionId"], session);
            assert_eq!(count(&set.json, "met_before"), 0, "session {number}");
            circle.publish(&set.id(), json!({})).await.ok();
            // Once published, its own meetings are no earlier ones.
            let again = world.get(&format!("group-sets/{}", set.id())).await;
            assert_eq!(count(&again, "met_before"), 0);
            expected -= 12;
            let read = world.get(&meetings).await;
            let met = 66 - expected;
            assert_eq!(
                read["pairs"],
                json!([{ "times": 0, "pairs": expected }, { "times": 1, "pairs": met }])
            );
            assert_eq!(read["setsCount"], number + 1);
            assert_eq!(read["people"][0]["metCount"], 2 * (number + 1));
            assert_eq!(read["people"][0]["againCount"], 0);
        }
        // A draft is no meeting, and with groups of six nobody can avoid all whom they have met.
        let set = circle.compose(json!({ "groupsCount": 2 })).await.created();
        assert!(count(&set.json, "met_before") > 0);
        assert!(codes(&set.json).contains(&"met_before"));
        assert_eq!(world.get(&meetings).await["setsCount"], 3);
    })
    .await;
}

#[actix_web::test]
async fn another_set_for_the_same_session_takes_the_first_ones_place() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        let make = async || {
            circle
                .compose(json!({ "groupsCount": 2 }))
                .await
                .created()
                .id()
        };
        let (first, second, third) = (make().await, make().await, make().await);
        circle.publish(&first, json!({})).await.ok();
        circle.publish(&second, json!({})).await.ok();
        let discard = format!("group-sets/{third}/discard");
        let discarded = world.coordinator.post_empty(&discard).await.ok();
        assert_eq!(discarded["state"], "discarded");
        assert_eq!(discarded.rels(), ["history", "meetings", "sets"]);
        let list = world
            .get(&format!("rounds/{}/group-sets", world.round))
            .await;
        let states: Vec<&Value> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["state"])
            .collect();
        assert_eq!(states, ["superseded", "published", "discarded"]);
        assert_eq!(list["_meta"]["totalRecords"], 3);
        let history = world.get(&format!("group-sets/{first}/history")).await;
        let edges: Vec<&Value> = history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["edge"])
            .collect();
        assert_eq!(
            edges,
            [
                "group_set.composed",
                "group_set.published",
                "group_set.superseded"
            ]
        );
        for (id, state) in [(&first, "superseded"), (&third, "discarded")] {
            circle
                .publish(id, json!({}))
                .await
                .refused("group_set_state_forbids");
            let path = format!("group-sets/{id}/composition");
            let refused = world.coordinator.post(&path, json!({})).await;
            assert!(refused.text.contains(state));
            refused.refused("group_set_state_forbids");
            let path = format!("group-sets/{id}/members/{}", circle.people[0]);
            let moved = json!({ "group": 1, "reason": "Why not." });
            let moved = world.coordinator.change("PUT", &path, "*", moved).await;
            moved.refused("group_set_state_forbids");
        }
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_with_their_boss_and_where_it_cannot_be_helped_a_reason_is_needed() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        // The boss of the first leads through somebody who takes no part.
        let between = PersonId::new();
        circle
            .know(between, "Between", 0, Some(circle.people[5]))
            .await;
        circle
            .know(circle.people[0], "Person 00", 0, Some(between))
            .await;
        for seed in 1..=5 {
            let body = json!({ "groupsCount": 2, "seed": seed });
            let set = circle.compose(body).await.created();
            let groups = [0, 5].map(|one| group_of(&set.json, circle.people[one]));
            assert_ne!(groups[0], groups[1]);
        }
        let one = circle.compose(json!({ "groupsCount": 1 })).await.created();
        assert_eq!(one["score"]["brokenCount"], 1);
        assert_eq!(one["score"]["leastBrokenCount"], 1);
        let finding = one["findings"][0].clone();
        assert_eq!(finding["code"], "line_of_management");
        assert_eq!(finding["needsReason"], true);
        assert_eq!(
            finding["personIds"],
            json!([circle.people[0], circle.people[5]])
        );
        let words = "Person 05 is above Person 00 in the line of management.";
        assert!(finding["detail"].as_str().unwrap().starts_with(words));
        let refused = circle.publish(&one.id(), json!({})).await;
        assert!(
            refused["detail"]
                .as_str()
                .unwrap()
                .contains("line_of_management")
        );
        assert_eq!(refused["transitions"][0]["name"], "publication");
        refused.refused("group_rules_broken");
        let reason = json!({ "reason": "Both have agreed." });
        circle.publish(&one.id(), reason).await.ok();
        let history = world.get(&format!("group-sets/{}/history", one.id())).await;
        assert_eq!(history["entries"][1]["reason"], "Both have agreed.");
    })
    .await;
}

#[actix_web::test]
async fn a_move_shows_what_it_does_and_a_lock_outlasts_another_composition() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 12).await;
        let set = circle.compose(json!({ "groupsCount": 3 })).await.created();
        let person = circle.people[0];
        let from = group_of(&set.json, person);
        let to = from % 3 + 1;
        let moved = circle
            .relocate(&set.id(), person, json!({ "group": to }))
            .await
            .ok();
        assert_eq!(group_of(&moved.json, person), to);
        assert_eq!(moved["previousScore"], set["score"]);
        assert_eq!(moved["score"]["unevenness"], 2);
        assert_eq!(moved["score"]["optimal"], false);
        assert!(codes(&moved.json).contains(&"size_uneven"));
        assert!(codes(&moved.json).contains(&"same_municipality"));
        // Back, in exchange for somebody, and to stay.
        let mate = members(&set.json)[from - 1]
            .iter()
            .find(|id| **id != person.to_string())
            .cloned();
        let back = json!({ "group": from, "exchangedWithId": mate, "isLocked": true });
        let back = circle.relocate(&set.id(), person, back).await.ok();
        assert_eq!(back["score"]["unevenness"], 2);
        assert_eq!(group_of(&back.json, person), from);
        for seed in 2..=4 {
            let path = format!("group-sets/{}/composition", set.id());
            let again = world
                .coordinator
                .post(&path, json!({ "seed": seed }))
                .await
                .ok();
            assert_eq!(group_of(&again.json, person), from);
            assert_eq!(again["seed"], seed);
            assert_eq!(again["score"]["unevenness"], 0);
            assert_eq!(again["groups"][0]["id"], set["groups"][0]["id"]);
        }
        let path = format!("group-sets/{}/composition", set.id());
        let two = world
            .coordinator
            .post(&path, json!({ "groupsCount": 4 }))
            .await;
        let two = two.ok();
        assert_eq!(members(&two.json).len(), 4);
        assert_eq!(group_of(&two.json, person), from);
        // Once seen, only with a reason, and others are told.
        circle.publish(&set.id(), json!({})).await.ok();
        let group = group_of(&two.json, person) % 4 + 1;
        let moved = circle
            .relocate(&set.id(), person, json!({ "group": group }))
            .await;
        moved.refused("group_reason_missing");
        let explained = json!({ "group": group, "reason": "Asked for it." });
        circle.relocate(&set.id(), person, explained).await.ok();
        let changed = world.published("groups.changed").await;
        assert_eq!(changed.len(), 1);
        let ids = changed[0]["groups"][group - 1]["personIds"]
            .as_array()
            .unwrap();
        assert!(ids.contains(&json!(person)));
    })
    .await;
}

#[actix_web::test]
async fn who_leaves_is_shown_and_counts_no_more_and_who_comes_is_missing_until_placed() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 6).await;
        let set = circle.compose(json!({ "groupsCount": 2 })).await.created();
        let gone = circle.people[1];
        circle.leave(1).await;
        let new = circle.join("Newcomer", 1).await;
        let path = format!("group-sets/{}", set.id());
        let read = world.get(&path).await;
        let group = &read["groups"][group_of(&read, gone) - 1];
        let mut members = group["members"].as_array().unwrap().iter();
        let member = members.find(|one| one["personId"] == json!(gone)).unwrap();
        assert_eq!(member["hasLeft"], true);
        assert_eq!(codes(&read), ["person_missing"]);
        assert_eq!(
            read["findings"][0]["detail"],
            "Newcomer takes part and has no group."
        );
        circle
            .publish(&set.id(), json!({}))
            .await
            .refused("group_rules_broken");
        let place = json!({ "group": group_of(&read, gone) });
        let placed = circle.relocate(&set.id(), new, place).await.ok();
        assert_eq!(codes(&placed.json), Vec::<&str>::new());
        circle.publish(&set.id(), json!({})).await.ok();
        let own = format!("rounds/{}/groups", world.round);
        let all = world.get(&own).await.to_string();
        assert!(
            all.contains("Newcomer") && !all.contains("Person 01"),
            "{all}"
        );
        world.client(gone).get(&own).await.refused("not_found");
        let told = world.published("groups.published").await[0].to_string();
        assert!(told.contains(&new.to_string()) && !told.contains(&gone.to_string()));
        // Composed again from scratch, the left one has no place at all.
        let again = circle.compose(json!({ "groupsCount": 2 })).await.created();
        assert!(!again.text.contains(&gone.to_string()));
        // Nothing of a person who was erased is shown.
        let erased = json!({ "personId": new });
        world.fact("person.erased", erased).await;
        assert!(!world.get(&path).await.to_string().contains("Newcomer"));
    })
    .await;
}

#[actix_web::test]
async fn the_same_seed_gives_the_same_groups_and_a_repeated_request_the_same_set() {
    on_each_database(async |world| {
        let circle = Circle::of(world, 12).await;
        let body = json!({ "groupsCount": 3, "seed": 7 });
        let (one, two) = (
            circle.compose(body.clone()).await.created(),
            circle.compose(body.clone()).await.created(),
        );
        assert_eq!(members(&one.json), members(&two.json));
        assert_eq!(one["inputsHash"], two["inputsHash"]);
        let other = circle
            .compose(json!({ "groupsCount": 3, "seed": 8 }))
            .await
            .created();
        assert_ne!(one["inputsHash"], other["inputsHash"]);
        let sets = format!("rounds/{}/group-sets", world.round);
        let named = json!({ "name": { "sv": "Basgrupper" }, "groupsCount": 3 });
        let first = world
            .coordinator
            .post_once(&sets, "key-1", named.clone())
            .await
            .created();
        // Even when nobody is left to compose of.
        for person in 0..12 {
            circle.leave(person).await;
        }
        let again = world
            .coordinator
            .post_once(&sets, "key-1", named)
            .await
            .created();
        assert_eq!(first.id(), again.id());
        let path = format!("group-sets/{}", first.id());
        let stale = world.coordinator.get(&path).await.ok().tag();
        let member = format!("{path}/members/{}", circle.join("Late", 0).await);
        let to = json!({ "group": 1 });
        world
            .coordinator
            .change("PUT", &member, &stale, to.clone())
            .await
            .ok();
        let late = world.coordinator.change("PUT", &member, &stale, to).await;
        late.refused("version_stale");
    })
    .await;
}
