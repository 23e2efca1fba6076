//! Rosters, one's own schedule and that of one's staff.

use crate::{
    attendance::led,
    world::{on_each_database, seminar, with},
};
use serde_json::json;
use shared_types::PersonId;

#[actix_web::test]
async fn a_facilitator_sees_who_comes_by_name_and_municipality() {
    on_each_database(async |world| {
        let municipality = world.municipalities[0].0;
        let fact = json!({
            "organisationId": municipality, "kind": "municipality", "name": "Tranås kommun",
            "officialCode": "SE-0687", "parentId": null, "municipalityId": municipality,
            "timeZone": "Europe/Stockholm", "version": 1,
        });
        world.fact("organisation.updated", fact).await;
        let (leader, person) = (PersonId::new(), world.participant(world.round).await);
        // Whose name nobody has told yet.
        let unknown = PersonId::new();
        world.seat(unknown, world.round).await;
        let session = led(world, "2022-09-01", leader).await;
        let path = format!("sessions/{session}/roster");
        let roster = world.client(leader).get(&path).await.ok();
        let entries = roster["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 2);
        assert!(entries[0].get("name").is_none());
        assert_eq!(entries[1]["name"], "Petra Person");
        assert_eq!(entries[1]["municipality"], "Tranås kommun");
        assert!(!roster.text.contains("needs"));
        world.client(person).get(&path).await.refused("forbidden");
        let other = world.client(PersonId::new());
        other.get(&path).await.refused("not_found");
        world
            .fact("person.erased", json!({ "personId": person }))
            .await;
        let roster = world.client(leader).get(&path).await.ok();
        assert!(!roster.text.contains("Petra"));
    })
    .await;
}

#[actix_web::test]
async fn one_sees_where_one_is_next_and_how_many_days_one_was_there() {
    on_each_database(async |world| {
        let (venue, room) = world.venue().await;
        let person = world.participant(world.round).await;
        world.session(seminar("2022-09-01")).await;
        let next = json!({ "venueId": venue, "roomId": room, "name": { "sv": "Nästa" } });
        let next = world.session(with(seminar("2022-10-13"), &next)).await;
        world.release().await;
        let client = world.client(person);
        world.service.set_clock("2022-09-01T13:00:00Z");
        let now = client.get("me/schedule").await.ok();
        assert_eq!(now["rounds"][0]["nextSession"]["name"]["sv"], "Seminarium");
        world.service.set_clock("2022-09-01T14:00:00Z");
        let schedule = client.get("me/schedule").await.ok();
        let round = &schedule["rounds"][0];
        assert_eq!(round["name"]["sv"], "Ledarskap i kommuner");
        assert_eq!(round["nextSession"]["sessionId"], next);
        assert_eq!(round["nextSession"]["venue"]["roomName"], "Stora salen");
        assert_eq!(round["days"]["total"], 2.0);
        assert_eq!(round["days"]["unknown"], 1.0);
        assert_eq!(schedule["upcoming"].as_array().unwrap().len(), 1);
        let nobody = world.client(PersonId::new()).get("me/schedule").await.ok();
        assert_eq!(
            (&nobody["rounds"], &nobody["upcoming"]),
            (&json!([]), &json!([]))
        );
    })
    .await;
}

#[actix_web::test]
async fn a_manager_sees_when_the_own_staff_is_away_and_not_where_they_join() {
    on_each_database(async |world| {
        let (manager, person) = (PersonId::new(), PersonId::new());
        let municipality = world.municipalities[0].0;
        world.person(person, municipality, Some(manager)).await;
        world.seat(person, world.round).await;
        world.participant(world.round).await;
        let digital = json!({ "form": "digital", "onlineAddress": "https://meet.example/x" });
        world.session(with(seminar("2022-09-01"), &digital)).await;
        world.release().await;
        let staff = world.client(manager).get("me/staff-schedules").await.ok();
        let items = staff["items"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["personId"], json!(person));
        assert_eq!(items[0]["upcoming"][0]["days"][0]["date"], "2022-09-01");
        assert!(!staff.text.contains("meet.example"));
        let other = world.client(person).get("me/staff-schedules").await.ok();
        assert_eq!(other["items"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_session_of_a_group_is_for_its_members_who_see_their_group() {
    on_each_database(async |world| {
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(world.participant(world.round).await);
        }
        let sets = format!("rounds/{}/group-sets", world.round);
        let body = json!({ "name": { "sv": "Grupper" }, "groupsCount": 2 });
        let set = world.coordinator.post(&sets, body).await.created();
        let publish = format!("group-sets/{}/publication", set.id());
        world.coordinator.post(&publish, json!({})).await.ok();
        let first = &set["groups"][0];
        let is_in = |person: &PersonId| first["members"].to_string().contains(&person.to_string());
        let member = people.iter().copied().find(is_in).unwrap();
        let other = people.iter().copied().find(|one| !is_in(one)).unwrap();
        let body =
            json!({ "kind": "group_meeting", "audience": ["group"], "groupId": first["id"] });
        let session = world.session(with(seminar("2022-09-01"), &body)).await;
        world.release().await;
        let schedule = world.client(member).get("me/schedule").await.ok();
        let next = &schedule["rounds"][0]["nextSession"];
        assert_eq!(next["sessionId"], session);
        assert_eq!(
            (&next["groupId"], &next["groupNumber"]),
            (&first["id"], &first["number"])
        );
        // What is for one group alone is no programme day of the round.
        assert_eq!(schedule["rounds"][0]["days"]["total"], 0.0);
        let schedule = world.client(other).get("me/schedule").await.ok();
        assert_eq!(schedule["upcoming"], json!([]));
        let roster = world.get(&format!("sessions/{session}/roster")).await;
        assert_eq!(roster["entries"].as_array().unwrap().len(), 2);
        world.service.set_clock("2022-09-01T10:00:00Z");
        let mark =
            |person| json!({ "marks": [{ "personId": person, "day": 1, "status": "present" }] });
        let path = format!("sessions/{session}/attendance");
        world.coordinator.post(&path, mark(member)).await.ok();
        let refused = world.coordinator.post(&path, mark(other)).await;
        refused.refused("attendance_refused");
    })
    .await;
}
