//! Deadlines: whole days in the organiser's zone, when clocks change too, and by its calendar.

use crate::world::{World, at, on_each_database, organisation, programme, round, with};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared_testing::{Client, Method, Reply};
use shared_types::{OrganisationId, Role};

/// A last day, and the first instant after it: 00.00 local time of the next.
const LAST_DAYS: [(&str, &str); 4] = [
    ("2022-03-26", "2022-03-26T23:00:00Z"),
    // Clocks go forward on this day, and back on the other.
    ("2022-03-27", "2022-03-27T22:00:00Z"),
    ("2022-10-29", "2022-10-29T22:00:00Z"),
    ("2022-10-30", "2022-10-30T23:00:00Z"),
];

const ZONES: [&str; 2] = ["Europe/Stockholm", "Europe/Copenhagen"];

/// 23.59.59,999 of the last day.
fn last_moment(end: &str) -> DateTime<Utc> {
    at(end) - TimeDelta::milliseconds(1)
}

async fn in_swedish(client: &Client, path: &str, body: Value) -> Reply {
    let call = client.call(Method::POST, path).json(&body);
    call.header("accept-language", "sv").send().await
}

fn names_the_day(reply: &Reply, day: &str, zone: &str) {
    let detail = reply["detail"].as_str().unwrap();
    assert!(detail.contains(&format!("{day} ({zone})")), "{detail}");
    assert!(detail.starts_with("Sista dagen"), "{detail}");
}

/// A round whose applications and endorsements end on a day.
async fn ending_on(world: &World, day: &str, zone: &str) -> String {
    let members = json!({
        "opensOn": "2022-01-01", "closesOn": day, "endorseBy": day, "timeZone": zone, "answerDays": 1,
    });
    world.open_round(members).await
}

#[actix_web::test]
async fn applying_and_endorsing_end_with_the_day_also_when_clocks_change() {
    on_each_database(async |world| {
        for zone in ZONES {
            for (day, end) in LAST_DAYS {
                world.service.clock.set(at(end) - TimeDelta::hours(20));
                let round = ending_on(world, day, zone).await;
                let (_, second) = world.applicant(0, &round).await;
                let late = world.person(world.municipalities[0].id, "Late").await;
                world.service.clock.stop_at(last_moment(end));
                let (_, first) = world.applicant(0, &round).await;
                world.endorse(0, &first, 1).await;
                world.service.clock.stop_at(at(end));
                let body = json!({ "roundId": round });
                let refused = in_swedish(&late.client, "applications", body).await;
                names_the_day(&refused.refused("round_deadline_passed"), day, zone);
                let director = &world.municipalities[0].director.client;
                let path = format!("applications/{second}/endorsement");
                let refused = in_swedish(director, &path, json!({ "verdict": "endorse" })).await;
                names_the_day(&refused.refused("endorsement_deadline_passed"), day, zone);
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn answering_an_offer_ends_with_the_day_also_when_clocks_change() {
    on_each_database(async |world| {
        for zone in ZONES {
            for (day, end) in LAST_DAYS {
                world.service.clock.set(at(end) - TimeDelta::hours(40));
                let members = json!({
                    "opensOn": "2022-01-01", "closesOn": day, "endorseBy": day, "timeZone": zone,
                    "answerDays": 1,
                });
                let announced = world.announced(2, members).await;
                let path = format!("applications/{}", announced.application(0));
                let offered = announced.person(0).get(&path).await.ok();
                assert_eq!(offered["seat"]["answerBy"], day);
                world.service.clock.stop_at(last_moment(end));
                announced.answer(0, "accept").await.ok();
                world.service.clock.stop_at(at(end));
                let path = format!("applications/{}/answer", announced.application(1));
                let body = json!({ "verdict": "accept" });
                let refused = in_swedish(announced.person(1), &path, body).await;
                names_the_day(&refused.refused("offer_expired"), day, zone);
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn deadlines_move_to_working_days_of_the_rounds_country_if_it_says_so() {
    on_each_database(async |world| {
        let coordinator = &world.coordinator;
        let programme = world.programme().await;
        let days = json!({
            "opensOn": "2022-04-01", "closesOn": "2022-04-14", "endorseBy": "2022-06-24",
            "moveDeadlines": true,
        });
        // Maundy Thursday is a holiday in Denmark, midsommarafton closes Sweden.
        for (zone, closes_on, endorse_by, calendar, cloned) in [
            (
                "Europe/Stockholm",
                "2022-04-14",
                "2022-06-27",
                "SE",
                "2022-04-19",
            ),
            (
                "Europe/Copenhagen",
                "2022-04-19",
                "2022-06-24",
                "DK",
                "2022-04-20",
            ),
        ] {
            let body = with(
                with(round(&programme), days.clone()),
                json!({ "timeZone": zone }),
            );
            let made = coordinator.post("rounds", body.clone()).await.created();
            let path = format!("rounds/{}", made.id());
            let read = coordinator.get(&path).await.ok();
            for reply in [&made, &read] {
                assert_eq!(reply["closesOn"], closes_on);
                assert_eq!(reply["endorseBy"], endorse_by);
                assert_eq!(reply["calendar"], calendar);
            }
            let day = json!({ "shiftDays": 1, "keepWeekdays": false });
            let clone = coordinator.post(&format!("{path}/clones"), day).await;
            assert_eq!(clone.created()["closesOn"], cloned);
            let unmoved = with(body, json!({ "moveDeadlines": false }));
            let changed = coordinator
                .change("PUT", &path, &read.tag(), unmoved)
                .await
                .ok();
            assert_eq!(changed["closesOn"], "2022-04-14");
        }
    })
    .await;
}

#[actix_web::test]
async fn answer_days_may_be_working_days() {
    on_each_database(async |world| {
        // Thursday before Easter.
        world.service.set_clock("2022-04-14T08:00:00Z");
        for (members, answer_by) in [
            (
                json!({ "answerDays": 5, "answerDaysKind": "working" }),
                "2022-04-25",
            ),
            (
                json!({ "answerDays": 3, "moveDeadlines": true }),
                "2022-04-19",
            ),
            (json!({ "answerDays": 3 }), "2022-04-17"),
        ] {
            let announced = world.announced(1, members).await;
            let path = format!("applications/{}", announced.application(0));
            let read = announced.person(0).get(&path).await.ok();
            assert_eq!(read["seat"]["answerBy"], answer_by);
        }
    })
    .await;
}

#[actix_web::test]
async fn without_a_country_there_are_no_working_days_and_the_organisers_code_names_one() {
    on_each_database(async |world| {
        let body = with(
            round(&world.programme().await),
            json!({ "timeZone": "UTC", "answerDaysKind": "working" }),
        );
        let refused = world.coordinator.post("rounds", body.clone()).await;
        refused.refused("round_calendar_unknown");
        let calendar_days = with(body.clone(), json!({ "answerDaysKind": "calendar" }));
        let made = world
            .coordinator
            .post("rounds", calendar_days)
            .await
            .created();
        assert_eq!(made["calendar"], Value::Null);
        let founder = world.service.stranger();
        let founder = founder.system(Role::Coordinator, Some(OrganisationId::new()));
        let danish = organisation("Aabenraa Kommune", "municipality", Some("DK-0580"));
        let organiser = founder.post("organisations", danish).await.created().id();
        let organiser: OrganisationId = organiser.parse().unwrap();
        let coordinator = founder.system(Role::Coordinator, Some(organiser));
        let programme = coordinator.post("programmes", programme(organiser)).await;
        let body = with(body, json!({ "programmeId": programme.created().id() }));
        let made = coordinator.post("rounds", body).await.created();
        assert_eq!(made["calendar"], "DK");
        let unknown = with(
            round(&world.programme().await),
            json!({ "answerDaysKind": "lunar", "needsKeptDays": 366 }),
        );
        let refused = world.coordinator.post("rounds", unknown).await;
        let places = refused.refused("invalid_body").violations();
        assert_eq!(places.len(), 2, "{places:?}");
    })
    .await;
}
