//! Plans: from a pattern, after another, and what they say of themselves.

use crate::world::{World, codes, on_each_database, seminar, with};
use serde_json::{Value, json};
use shared_types::{OrganisationId, PersonId, Role, RoundId};

/// The published programme "Ledarskap i kommuner" 2022/23.
pub(crate) fn pattern(venue: &str, room: &str) -> Value {
    json!({ "parts": [
        { "kind": "kickoff", "form": "digital", "name": { "sv": "Uppstartsmöte" },
          "startsOn": ["2022-08-24"], "startsAt": "13:15", "endsAt": "15:00" },
        { "kind": "residential", "form": "on_site", "name": { "sv": "Internat" },
          "startsOn": ["2022-09-01", "2022-10-13", "2022-11-03", "2022-12-15", "2023-01-26"],
          "lengthDays": 2, "startsAt": "10:00", "endsAt": "16:00", "eveningEndsAt": "18:00",
          "morningStartsAt": "09:00", "venueId": venue, "roomId": room },
        { "kind": "reserve", "form": "on_site", "name": { "sv": "Reservtillfälle" },
          "startsOn": ["2023-02-16"], "startsAt": "10:00", "endsAt": "16:00",
          "heldUntil": "2023-01-31", "venueId": venue, "roomId": room },
        { "kind": "ceremony", "form": "on_site", "name": { "sv": "Avslutningsceremoni" },
          "startsOn": ["2023-03-15"], "startsAt": "13:00", "endsAt": "16:00" },
    ] })
}

/// Makes the plan of the world's round from the published pattern.
pub(crate) async fn published(world: &World) -> Value {
    let (venue, room) = world.venue().await;
    let path = format!("rounds/{}/plan/from-pattern", world.round);
    let made = world.coordinator.post(&path, pattern(&venue, &room)).await;
    made.created().json
}

#[actix_web::test]
async fn the_published_programme_is_made_in_one_call_and_has_twelve_of_twelve_days() {
    on_each_database(async |world| {
        let empty = world.plan().await;
        assert_eq!(empty["programmeDays"], json!({ "planned": 0 }));
        let plan = published(world).await;
        assert_eq!(
            plan["programmeDays"],
            json!({ "planned": 12, "promised": 12 })
        );
        assert_eq!(plan["findings"], json!([]));
        assert_eq!(plan["isChanged"], true);
        let sessions = plan["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 8);
        let third = &sessions[3]["content"];
        assert_eq!(third["name"], json!({ "sv": "Internat 3" }));
        let days = json!([
            { "date": "2022-11-03", "startsAt": "10:00", "endsAt": "18:00" },
            { "date": "2022-11-04", "startsAt": "09:00", "endsAt": "16:00" },
        ]);
        assert_eq!(third["days"], days);
        assert_eq!(
            sessions[7]["content"]["audience"],
            json!(["participants", "mentors", "directors"])
        );
        let path = format!("rounds/{}/plan/from-pattern", world.round);
        let again = world.coordinator.post(&path, pattern("x", "y")).await;
        again.refused("invalid_body");
        let (venue, room) = world.venue().await;
        let again = world.coordinator.post(&path, pattern(&venue, &room)).await;
        again.refused("plan_already_exists");
    })
    .await;
}

#[actix_web::test]
async fn a_pattern_that_cannot_be_held_makes_nothing() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/plan/from-pattern", world.round);
        let part = json!({
            "kind": "seminar", "form": "digital", "name": { "sv": "Natt" },
            "startsOn": ["2027-03-27", "2027-03-28"], "startsAt": "02:30", "endsAt": "04:00",
        });
        let made = world
            .coordinator
            .post(&path, json!({ "parts": [part] }))
            .await;
        made.refused("invalid_body");
        assert_eq!(world.plan().await["sessions"], json!([]));
        let elective = with(part, &json!({ "kind": "elective" }));
        let made = world
            .coordinator
            .post(&path, json!({ "parts": [elective] }))
            .await;
        assert_eq!(
            made.refused("invalid_body").violations()[0].0,
            "/parts/0/kind"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_plan_is_cloned_to_another_year_with_every_session_on_its_weekday() {
    on_each_database(async |world| {
        published(world).await;
        let next = RoundId::new();
        world.know_round(next, world.organiser).await;
        let path = format!("rounds/{next}/plan/clone");
        let body = json!({ "modelRoundId": world.round, "startsOn": "2023-08-23" });
        let made = world.coordinator.post(&path, body.clone()).await.created();
        assert_eq!(
            made["programmeDays"],
            json!({ "planned": 12, "promised": 12 })
        );
        let firsts: Vec<_> = made["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                one["content"]["days"][0]["date"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let expected = [
            "2023-08-23",
            "2023-08-31",
            "2023-10-12",
            "2023-11-02",
            "2023-12-14",
            "2024-01-25",
            "2024-02-15",
            "2024-03-13",
        ];
        assert_eq!(firsts, expected);
        assert_eq!(made["sessions"][6]["content"]["heldUntil"], "2024-01-30");
        world
            .coordinator
            .post(&path, body.clone())
            .await
            .refused("plan_already_exists");
        let empty = RoundId::new();
        world.know_round(empty, world.organiser).await;
        let third = RoundId::new();
        world.know_round(third, world.organiser).await;
        let path = format!("rounds/{third}/plan/clone");
        let none = with(body.clone(), &json!({ "modelRoundId": empty }));
        world
            .coordinator
            .post(&path, none)
            .await
            .refused("plan_missing");
        let far = with(body, &json!({ "startsOn": "9999-12-30" }));
        world
            .coordinator
            .post(&path, far)
            .await
            .refused("plan_not_shiftable");
    })
    .await;
}

#[actix_web::test]
async fn another_organisers_draft_is_no_model_not_even_for_who_coordinates_both() {
    on_each_database(async |world| {
        published(world).await;
        let other = OrganisationId::new();
        let next = RoundId::new();
        world.know_round(next, other).await;
        let path = format!("rounds/{next}/plan/clone");
        let body = json!({ "modelRoundId": world.round, "startsOn": "2023-08-23" });
        let coordinators = [vec![other], vec![other, world.organiser]];
        for organisers in coordinators {
            let roles: Vec<_> = organisers
                .iter()
                .map(|organiser| (Role::Coordinator, *organiser))
                .collect();
            let client = world.service.stranger().person(PersonId::new(), &roles);
            let refused = client.post(&path, body.clone()).await;
            let text = refused.refused("plan_missing").text.clone();
            assert!(!text.contains("Internat"), "{text}");
            let plan = client.get(&format!("rounds/{next}/plan")).await.ok();
            assert_eq!(plan["sessions"], json!([]));
        }
    })
    .await;
}

#[actix_web::test]
async fn a_plan_made_after_another_has_no_materials() {
    on_each_database(async |world| {
        let session = world.session(seminar("2022-09-01")).await;
        let materials = format!("sessions/{session}/materials");
        let text = json!({ "title": { "sv": "Text" }, "address": "https://library.example/x" });
        world.coordinator.post(&materials, text).await.created();
        let next = RoundId::new();
        world.know_round(next, world.organiser).await;
        let path = format!("rounds/{next}/plan/clone");
        let body = json!({ "modelRoundId": world.round, "startsOn": "2023-08-31" });
        let made = world.coordinator.post(&path, body).await.created();
        let copy = made["sessions"][0]["id"].as_str().unwrap();
        let listed = world.get(&format!("sessions/{copy}/materials")).await;
        assert_eq!(listed["items"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_round_promises_days_and_is_told_when_it_falls_short() {
    on_each_database(async |world| {
        world.session(seminar("2022-09-01")).await;
        world.session(seminar("2022-09-08")).await;
        let plan = format!("rounds/{}/plan", world.round);
        let set = world
            .coordinator
            .change("PUT", &plan, "*", json!({ "promisedDays": 3 }))
            .await
            .ok();
        assert_eq!(set["programmeDays"], json!({ "planned": 2, "promised": 3 }));
        assert_eq!(codes(&set["findings"]), ["programme_days_short"]);
        assert_eq!(set["findings"][0]["severity"], "note");
        let stale = world
            .coordinator
            .change("PUT", &plan, "\"1-000000000000\"", json!({}))
            .await;
        stale.refused("version_stale");
        world.release().await;
        let practice = json!({
            "kind": "practice_period", "form": "digital", "name": { "sv": "Praktik" },
            "period": { "startsOn": "2022-09-02", "endsOn": "2022-09-07" },
        });
        world.session(practice).await;
        assert_eq!(world.plan().await["programmeDays"]["planned"], 2);
        let history = world.get(&format!("{plan}/history")).await;
        let edges = history["entries"].as_array().unwrap().iter();
        let edges: Vec<_> = edges.map(|one| one["edge"].as_str().unwrap()).collect();
        let expected = [
            "session.added",
            "session.added",
            "plan.changed",
            "plan.released",
            "session.added",
        ];
        assert_eq!(edges, expected);
    })
    .await;
}

#[actix_web::test]
async fn a_plan_has_two_hundred_sessions_at_most() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/plan/from-pattern", world.round);
        let first: chrono::NaiveDate = "2022-09-01".parse().unwrap();
        let part = |days: usize| {
            let days: Vec<_> = first.iter_days().take(days).collect();
            json!({
                "kind": "webinar", "form": "digital", "name": { "sv": "Webbinarium" },
                "startsOn": days, "startsAt": "10:00", "endsAt": "11:00",
            })
        };
        let pattern = |last: usize| json!({ "parts": [part(100), part(last)] });
        let over = json!({ "parts": [part(100), part(100), part(1)] });
        let refused = world
            .coordinator
            .post(&path, over)
            .await
            .refused("plan_full");
        assert!(refused["detail"].as_str().unwrap().contains("200"));
        assert_eq!(world.plan().await["sessions"], json!([]));
        world.coordinator.post(&path, pattern(99)).await.created();
        world.session(seminar("2023-09-01")).await;
        let sessions = format!("rounds/{}/sessions", world.round);
        let one_more = world
            .coordinator
            .post(&sessions, seminar("2023-09-08"))
            .await;
        one_more.refused("plan_full");
    })
    .await;
}
