//! Feeds: events, deletions and the history, for those who may follow them.

use crate::world::{World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{Client, database};
use shared_types::{Caller, OrganisationId, PersonId, Role, RoleGrant};
use std::collections::{BTreeMap, HashSet};

/// Follows a feed to its end.
async fn follow(client: &Client, feed: &str, limit: usize) -> Vec<Value> {
    let mut address = format!("{feed}?limit={limit}");
    let mut seen = Vec::new();
    loop {
        let page = client.get(&address).await.ok();
        let items = page["items"].as_array().unwrap().clone();
        assert_eq!(
            page["_meta"],
            json!({ "limit": limit, "count": items.len() })
        );
        address = text(&page["_links"]["next"]["href"]);
        let is_last = items.len() < limit;
        seen.extend(items);
        if is_last {
            return seen;
        }
    }
}

fn auditor(world: &World, organisation: Option<OrganisationId>) -> Client {
    let stranger = world.service.stranger();
    stranger.caller(Caller {
        person: None,
        subject: "key:audit".to_owned(),
        roles: vec![RoleGrant {
            role: Role::Auditor,
            organisation_id: organisation,
        }],
        scopes: None,
    })
}

#[actix_web::test]
async fn events_come_in_order_once_and_without_names() {
    on_each_database(async |world| {
        world.announced(2, json!({ "seats": 1 })).await;
        let before = world.coordinator.get("events").await.ok();
        assert_eq!(before["items"], json!([]), "nothing has its place yet");
        world.service.seal().await;
        let events = follow(&world.coordinator, "events", 7).await;
        let ids: HashSet<_> = events.iter().map(|event| text(&event["id"])).collect();
        assert_eq!(ids.len(), events.len());
        assert_eq!(
            i64::try_from(events.len()).unwrap(),
            world.service.count("outbox").await
        );
        let kinds: Vec<_> = events.iter().map(|event| text(&event["type"])).collect();
        let place = |kind: &str| kinds.iter().position(|one| one == kind).unwrap();
        assert!(place("application.submitted") < place("admission.published"));
        let whole = json!(events).to_string();
        for personal in ["Anna Applicant", "@kommun.example", "Cecilia", "Ledarskap"] {
            assert!(!whole.contains(personal), "{personal}: {whole}");
        }
        let submitted = &events[place("application.submitted")];
        for member in [
            "applicationId",
            "personId",
            "roundId",
            "organisationId",
            "organiserId",
        ] {
            assert!(submitted["data"][member].is_string(), "{submitted}");
        }
        assert_eq!(submitted["subject"], submitted["data"]["applicationId"]);
        // Where it ended it goes on.
        let end = world.coordinator.get("events?limit=100").await.ok();
        let next = text(&end["_links"]["next"]["href"]);
        assert_eq!(world.coordinator.get(&next).await.ok()["items"], json!([]));
        world.person(world.municipalities[0].id, "Late").await;
        world.service.seal().await;
        let late = world.coordinator.get(&next).await.ok();
        assert_eq!(late["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn a_changed_person_is_told_of_by_the_names_of_what_changed() {
    on_each_database(async |world| {
        let person = world.person(world.municipalities[0].id, "Anna").await;
        let path = format!("people/{}", person.id);
        let tag = world.coordinator.get(&path).await.tag();
        let body = json!({ "title": "Chef", "language": "da" });
        world
            .coordinator
            .change("PATCH", &path, &tag, body)
            .await
            .ok();
        world.service.seal().await;
        let events = follow(&world.coordinator, "events", 50).await;
        let changed = events
            .iter()
            .find(|event| event["type"] == "person.changed")
            .unwrap();
        assert_eq!(
            changed["data"]["changedMembers"],
            json!(["title", "language"])
        );
    })
    .await;
}

#[actix_web::test]
async fn hr_follows_its_own_organisation_and_nobody_anothers() {
    on_each_database(async |world| {
        let announced = world.announced(2, json!({ "seats": 1 })).await;
        world.person(world.municipalities[1].id, "Elsewhere").await;
        world.service.seal().await;
        let stranger = world.service.stranger();
        for municipality in &world.municipalities {
            let hr = stranger.system(Role::Hr, Some(municipality.id));
            let events = follow(&hr, "events", 50).await;
            assert!(!events.is_empty());
            for event in &events {
                assert_eq!(
                    event["data"]["organisationId"],
                    municipality.id.to_string(),
                    "{event}"
                );
            }
            let own = json!(events).to_string().contains(announced.application(0));
            assert_eq!(own, municipality.id == world.municipalities[0].id);
        }
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        assert_eq!(follow(&other, "events", 50).await, Vec::<Value>::new());
    })
    .await;
}

#[actix_web::test]
async fn a_partners_people_are_no_way_to_another_organisers_applications() {
    on_each_database(async |world| {
        let announced = world.announced(1, json!({ "seats": 1 })).await;
        // Another organiser with the same partner.
        let other = OrganisationId::new();
        let founder = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(other));
        let body = crate::world::organisation("Annat förbund", "other", None);
        let organiser = founder.post("organisations", body).await.created().id();
        let organiser: OrganisationId = organiser.parse().unwrap();
        let other = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(organiser));
        let partner = format!(
            "organisations/{organiser}/partners/{}",
            world.municipalities[0].id
        );
        for side in [&other, &world.coordinator] {
            side.change("PUT", &partner, "*", Value::Null).await.ok();
        }
        world.service.seal().await;
        let events = json!(follow(&other, "events", 50).await).to_string();
        assert!(events.contains("person.created"), "{events}");
        assert!(!events.contains(announced.application(0)), "{events}");
        assert!(!events.contains(&announced.round), "{events}");
    })
    .await;
}

#[actix_web::test]
async fn feeds_are_for_those_whose_task_they_are() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let own = Some(world.organiser);
        for feed in ["events", "deletions", "audit-records"] {
            for client in [
                stranger.system(Role::Operator, None),
                stranger.system(Role::Facilitator, own),
                world.municipalities[0].director.client.clone(),
                stranger.person(PersonId::new(), &[]),
            ] {
                client.get(feed).await.refused("forbidden");
            }
            stranger.get(feed).await.refused("unauthenticated");
        }
        for feed in ["events", "deletions"] {
            auditor(world, own).get(feed).await.refused("forbidden");
        }
        world
            .coordinator
            .get("audit-records")
            .await
            .refused("forbidden");
        let auditor = auditor(world, None);
        for after in ["x", "p", "p-1", "1"] {
            let address = format!("audit-records?after={after}");
            auditor.get(&address).await.refused("invalid_cursor");
            let address = format!("events?after={after}");
            world
                .coordinator
                .get(&address)
                .await
                .refused("invalid_cursor");
        }
        auditor
            .get("audit-records?limit=101")
            .await
            .refused("invalid_parameter");
        auditor
            .get("audit-records?page=2")
            .await
            .refused("invalid_parameter");
    })
    .await;
}

#[actix_web::test]
async fn what_is_deleted_is_told_with_kind_and_id() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let person = world.person(own, "Anna").await;
        let path = format!("people/{}/roles", person.id);
        let body = json!({ "role": "hr", "organisationId": own });
        let role = world.coordinator.post(&path, body).await.created();
        let assignment = format!("{path}/{}", role.id());
        // From here on the municipality keeps itself.
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let tag = hr.get(&assignment).await.tag();
        hr.change("DELETE", &assignment, &tag, Value::Null)
            .await
            .is(204);
        let partner = format!("organisations/{}/partners/{own}", world.organiser);
        for _ in 0..2 {
            // A repetition deletes nothing.
            world
                .coordinator
                .change("DELETE", &partner, "*", Value::Null)
                .await
                .is(204);
        }
        world.service.seal().await;
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        for (client, is_hr) in [(&world.coordinator, false), (&hr, true)] {
            let deletions = follow(client, "deletions", 50).await;
            let told: Vec<_> = deletions
                .iter()
                .map(|one| (text(&one["kind"]), text(&one["id"])))
                .collect();
            let partner = ("partner".to_owned(), own.to_string());
            assert!(told.contains(&partner), "{told:?}");
            let role = ("role_assignment".to_owned(), role.id());
            // The organiser reaches the municipality no more.
            assert_eq!(told.contains(&role), is_hr, "{told:?}");
        }
    })
    .await;
}

#[actix_web::test]
async fn whoever_comes_after_events_were_forgotten_is_told_so() {
    on_each_database(async |world| {
        world.service.seal().await;
        let first = world.coordinator.get("events?limit=1").await.ok();
        let next = text(&first["_links"]["next"]["href"]);
        world.coordinator.get(&next).await.ok();
        world.service.set_clock("2022-06-12T08:00:00Z");
        world.person(world.municipalities[0].id, "Later").await;
        world.service.seal().await;
        world.service.sweep().await;
        world.coordinator.get(&next).await.refused("cursor_expired");
        let kept = follow(&world.coordinator, "events", 50).await;
        assert_eq!(kept.len(), 1, "from the beginning of what is left");
    })
    .await;
}

#[actix_web::test]
async fn whoever_asks_often_enough_misses_nothing_even_where_little_happens() {
    on_each_database(async |world| {
        let quiet = world.municipalities[1].id;
        let hr = world.service.stranger().system(Role::Hr, Some(quiet));
        let mut next = "events".to_owned();
        // Events are kept for 30 days here, and nothing of this is the quiet one's.
        for day in ["2022-04-13", "2022-05-12", "2022-06-10", "2022-07-09"] {
            world.service.set_clock(&format!("{day}T08:00:00Z"));
            world.person(world.municipalities[0].id, "Elsewhere").await;
            world.service.seal().await;
            world.service.sweep().await;
            let page = hr.get(&next).await.ok();
            next = text(&page["_links"]["next"]["href"]);
        }
        world.person(quiet, "Here").await;
        world.service.seal().await;
        let page = hr.get(&next).await.ok();
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn auditors_read_who_did_what_under_which_seal() {
    on_each_database(async |world| {
        let key = json!({
            "name": "Personalsystemet", "role": "coordinator", "organisationId": world.organiser,
            "scopes": ["rounds:read"],
        });
        let key = world.coordinator.post("api-keys", key).await.created().id();
        let announced = world.announced(2, json!({ "seats": 1 })).await;
        world.service.seal().await;
        announced.answer(0, "accept").await.ok();
        world.service.seal().await;
        let all = follow(&auditor(world, None), "audit-records", 9).await;
        assert_eq!(
            i64::try_from(all.len()).unwrap(),
            world.service.count("changes").await
        );
        let places: Vec<_> = all
            .iter()
            .map(|one| one["position"].as_i64().unwrap())
            .collect();
        assert_eq!(
            places,
            (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>()
        );
        let accepted = all
            .iter()
            .find(|one| one["edge"] == "offer.accepted")
            .unwrap();
        assert_eq!(accepted["thingId"], announced.application(0));
        let actor = format!("person:{}", announced.all[0].0.id);
        assert_eq!(accepted["actor"], actor);
        let seals: BTreeMap<i64, usize> = all.iter().fold(BTreeMap::new(), |mut seals, one| {
            *seals.entry(one["seal"].as_i64().unwrap()).or_default() += 1;
            seals
        });
        assert_eq!(seals.keys().copied().collect::<Vec<_>>(), [1, 2]);
        // It can be narrowed, and every page stays so.
        let whole = auditor(world, None);
        let narrowed = async |asked: &str, limit: usize| {
            let mut address = format!("audit-records?limit={limit}&{asked}");
            let mut seen = Vec::new();
            loop {
                let page = whole.get(&address).await.ok();
                let items = page["items"].as_array().unwrap().clone();
                address = text(&page["_links"]["next"]["href"]);
                let is_last = items.len() < limit;
                seen.extend(items);
                if is_last {
                    return seen;
                }
            }
        };
        let thing = announced.application(0);
        for (asked, member, value) in [
            (
                format!("actor={}", actor.replace(':', "%3A")),
                "actor",
                &actor,
            ),
            (format!("thingId={thing}"), "thingId", &thing.to_owned()),
            (
                "edge=person.created".to_owned(),
                "edge",
                &"person.created".to_owned(),
            ),
        ] {
            let own: Vec<Value> = all
                .iter()
                .filter(|one| one[member] == **value)
                .cloned()
                .collect();
            assert!(own.len() > 1, "{asked}");
            assert_eq!(narrowed(&asked, 1).await, own, "{asked}");
        }
        let at = "2022-04-12T08:00:00Z";
        assert_eq!(narrowed(&format!("from={at}"), 100).await, all);
        assert!(narrowed(&format!("until={at}"), 100).await.is_empty());
        let both = format!("thingId={thing}&edge=offer.accepted");
        assert_eq!(narrowed(&both, 9).await, std::slice::from_ref(accepted));
        let wrong = whole.get("audit-records?from=yesterday").await;
        wrong.refused("invalid_parameter");
        // An organiser's auditor reads what is the organiser's alone.
        let own = json!(follow(&auditor(world, Some(world.organiser)), "audit-records", 50).await);
        assert!(own.to_string().contains(announced.application(0)));
        assert!(own.to_string().contains(&key));
        assert!(!own.to_string().contains(&world.municipalities[0].office));
        let other = auditor(world, Some(OrganisationId::new()));
        assert_eq!(
            follow(&other, "audit-records", 50).await,
            Vec::<Value>::new()
        );
        let report = shared_database::verify::verify(&world.service.state().database, &[]).await;
        let report = report.unwrap();
        assert!(report.is_sound() && report.waiting == 0, "{report:?}");
        let waiting = "SELECT COUNT(*) AS row FROM unsealed_changes";
        assert_eq!(
            database::number(&world.service.state().database, waiting).await,
            0
        );
    })
    .await;
}
