//! Date proposals over HTTP; `src/dates/propose` tests the planning itself.

use crate::stage::{Stage, on_each_database};
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::{OrganisationId, PersonId, VenueId};

fn hours(starts_at: &str, ends_at: &str) -> Value {
    json!({ "startsAt": starts_at, "endsAt": ends_at })
}

fn residential() -> Value {
    json!({
        "kind": "residential", "form": "on_site",
        "days": [hours("10:00", "17:00"), hours("09:00", "16:00")],
        "spacing": { "atLeastDays": 5, "atMostDays": 15 },
    })
}

/// A digital kick-off and two residentials within six weeks.
fn pattern() -> Value {
    json!({
        "window": { "startsOn": "2026-08-24", "endsOn": "2026-10-02" },
        "preferredWeekdays": ["thursday", "friday"],
        "occasions": [
            { "kind": "kickoff", "form": "digital", "name": { "sv": "Uppstart" },
              "days": [hours("13:15", "15:00")],
              "between": { "startsOn": "2026-08-26", "endsOn": "2026-08-26" } },
            residential(), residential(),
        ],
    })
}

async fn propose(caller: &Client, body: Value) -> Reply {
    caller.post("date-proposals", body).await
}

fn codes(reply: &Reply) -> Vec<Value> {
    let constraints = reply["conflict"]["constraints"].as_array();
    constraints
        .unwrap()
        .iter()
        .map(|one| one["code"].clone())
        .collect()
}

#[actix_web::test]
async fn a_pattern_gets_its_best_plans_with_points_by_reason() {
    on_each_database(async |stage: &Stage| {
        let (venue, person) = (VenueId::new(), PersonId::new());
        let mut body = pattern();
        body["venues"] = json!([{ "venueId": venue }]);
        body["facilitators"] = json!([{ "personId": person }]);
        body["occasions"][1]["leadIds"] = json!([person]);
        body["plansCount"] = json!(1);
        let reply = propose(&stage.coordinator, body.clone()).await.ok();
        let days = |first: &str, second: &str| {
            json!([
                { "date": first, "startsAt": "10:00", "endsAt": "17:00" },
                { "date": second, "startsAt": "09:00", "endsAt": "16:00" },
            ])
        };
        let spare = json!({
            "code": "no_spare", "count": 1, "points": 2,
            "detail": "Occasions without a facilitator to spare: 1.",
        });
        let weekday = json!({
            "code": "weekday", "count": 1, "points": 3,
            "detail": "Days that are not on a preferred weekday: 1.",
        });
        let spacing = json!({
            "code": "spacing", "count": 5, "points": 5,
            "detail": "Distances between occasions are off the best by 5 days in all.",
        });
        let expected = json!({
            "plans": [{
                "points": 10,
                "reasons": [spacing, weekday, spare],
                "occasions": [
                    { "kind": "kickoff", "form": "digital", "name": { "sv": "Uppstart" },
                      "days": [{ "date": "2026-08-26", "startsAt": "13:15", "endsAt": "15:00" }],
                      "freeFacilitatorIds": [person], "reasons": [weekday] },
                    { "kind": "residential", "form": "on_site", "venueId": venue,
                      "days": days("2026-09-03", "2026-09-04"),
                      "freeFacilitatorIds": [person], "reasons": [spare] },
                    { "kind": "residential", "form": "on_site", "venueId": venue,
                      "days": days("2026-09-17", "2026-09-18"),
                      "freeFacilitatorIds": [person], "reasons": [] },
                ],
            }],
            "complete": true,
            "ruleVersion": "dates-1",
            "inputsHash": reply["inputsHash"],
            "_links": reply["_links"],
        });
        assert_eq!(reply.json, expected);
        let again = propose(&stage.coordinator, body.clone()).await.ok();
        assert_eq!(again.json, reply.json);
        let swedish = stage
            .coordinator
            .call("POST".parse().unwrap(), "date-proposals");
        let swedish = swedish
            .header("accept-language", "sv")
            .json(&body)
            .send()
            .await
            .ok();
        let detail = &swedish["plans"][0]["reasons"][1]["detail"];
        assert_eq!(detail, "Dagar som inte är en önskad veckodag: 1.");
    })
    .await;
}

#[actix_web::test]
async fn where_there_is_no_plan_the_constraints_that_cannot_hold_together_are_named() {
    on_each_database(async |stage: &Stage| {
        // The day before All Saints' Day, until four.
        let mut body = pattern();
        body["window"]["endsOn"] = json!("2026-11-30");
        body["halfDays"] = json!("forbid");
        body["occasions"][2]["spacing"] = Value::Null;
        body["occasions"][2]
            .as_object_mut()
            .unwrap()
            .remove("spacing");
        body["occasions"][2]["between"] =
            json!({ "startsOn": "2026-10-29", "endsOn": "2026-10-30" });
        let reply = propose(&stage.coordinator, body.clone()).await.ok();
        assert_eq!(reply["plans"], json!([]));
        let between = "Occasion 3 from 2026-10-29 to 2026-10-30.";
        let expected = json!({
            "smallest": true,
            "constraints": [
                { "code": "half_days",
                  "detail": "No afternoon on which municipalities commonly close." },
                { "code": "between", "detail": between, "occasionNumber": 3 },
            ],
        });
        assert_eq!(reply["conflict"], expected);
        body["halfDays"] = json!("avoid");
        let reply = propose(&stage.coordinator, body.clone()).await.ok();
        assert_eq!(reply["conflict"], Value::Null);
        // The only venue is taken, the one who leads is away, an organisation meets.
        let (venue, person) = (VenueId::new(), PersonId::new());
        let organisation = OrganisationId::new();
        let month = json!([{ "startsOn": "2026-10-26", "endsOn": "2026-11-01" }]);
        let mut taken = body.clone();
        taken["venues"] = json!([{ "venueId": venue, "busy": month }]);
        let reply = propose(&stage.coordinator, taken).await.ok();
        assert_eq!(codes(&reply), ["between", "venue_busy"]);
        assert_eq!(reply["conflict"]["constraints"][1]["venueId"], json!(venue));
        let mut away = body.clone();
        away["facilitators"] = json!([{ "personId": person, "busy": month }]);
        away["occasions"][2]["leadIds"] = json!([person]);
        let reply = propose(&stage.coordinator, away).await.ok();
        assert_eq!(codes(&reply), ["between", "facilitator_busy"]);
        assert_eq!(
            reply["conflict"]["constraints"][1]["personId"],
            json!(person)
        );
        let mut council = body.clone();
        council["blackouts"] = json!([{
            "organisationId": organisation, "startsOn": "2026-10-30", "endsOn": "2026-10-30",
            "strength": "forbid",
        }]);
        let reply = propose(&stage.coordinator, council).await.ok();
        assert_eq!(codes(&reply), ["blackouts", "between"]);
        assert_eq!(
            reply["conflict"]["constraints"][0]["organisationId"],
            json!(organisation)
        );
        let mut far = pattern();
        far["occasions"][1]["spacing"] = json!({ "atLeastDays": 60, "atMostDays": 90 });
        let reply = propose(&stage.coordinator, far).await.ok();
        assert_eq!(codes(&reply), ["window", "spacing_at_least"]);
        let mut weekend = pattern();
        weekend["weekdays"] = json!(["saturday"]);
        let reply = propose(&stage.coordinator, weekend).await.ok();
        assert_eq!(codes(&reply), ["weekdays"]);
    })
    .await;
}

#[actix_web::test]
async fn an_answer_bears_its_rules_version_and_a_digest_of_what_was_asked() {
    on_each_database(async |stage: &Stage| {
        let first = propose(&stage.coordinator, pattern()).await.ok();
        assert_eq!(first["ruleVersion"], "dates-1");
        let digest = first["inputsHash"].as_str().unwrap();
        assert_eq!(digest.len(), 64);
        let again = propose(&stage.coordinator, pattern()).await.ok();
        assert_eq!(again.json, first.json);
        let mut other = pattern();
        other["preferredWeekdays"] = json!(["friday"]);
        let other = propose(&stage.coordinator, other).await.ok();
        assert_ne!(other["inputsHash"], first["inputsHash"]);
    })
    .await;
}

#[actix_web::test]
async fn everything_that_is_wrong_with_a_pattern_is_said_at_once() {
    on_each_database(async |stage: &Stage| {
        let venue = VenueId::new();
        let mut body = pattern();
        body["window"] = json!({ "startsOn": "2026-08-24", "endsOn": "2030-08-24" });
        body["venues"] = json!([{ "venueId": venue }, { "venueId": venue }]);
        body["occasions"][0]["days"] = json!([hours("15:00", "13:15")]);
        body["occasions"][0]["between"] = json!({ "startsOn": "2025-01-01", "endsOn": "2024-01-01" });
        body["occasions"][1]["spacing"] = json!({ "atLeastDays": 9, "atMostDays": 3 });
        body["occasions"][1]["venueIds"] = json!([VenueId::new()]);
        body["occasions"][1]["leadIds"] = json!([PersonId::new()]);
        body["occasions"][1]["facilitatorsCount"] = json!(2);
        body["occasions"][2]["spacing"] = json!({ "atLeastDays": 3, "atMostDays": 9, "idealDays": 10 });
        body["blackouts"] = json!([{
            "organisationId": OrganisationId::new(), "startsOn": "2026-10-30", "endsOn": "2026-10-29",
        }]);
        let reply = propose(&stage.coordinator, body).await.refused("invalid_body");
        let expected = [
            "/blackouts/0/endsOn",
            "/occasions/0/between",
            "/occasions/0/between/endsOn",
            "/occasions/0/days/0/endsAt",
            "/occasions/1/facilitatorsCount",
            "/occasions/1/leadIds/0",
            "/occasions/1/spacing/atMostDays",
            "/occasions/1/venueIds/0",
            "/occasions/2/spacing/idealDays",
            "/venues/1/venueId",
            "/window",
        ];
        let found: Vec<String> = reply.violations().into_iter().map(|(place, _)| place).collect();
        assert_eq!(found, expected);
        // What the document says is checked before, all at once, too.
        let mut body = pattern();
        body["occasions"][0]["days"] = json!([]);
        body["halfDays"] = json!("sometimes");
        body["differIn"] = json!(4);
        let reply = propose(&stage.coordinator, body).await.refused("invalid_body");
        let found: Vec<String> = reply.violations().into_iter().map(|(place, _)| place).collect();
        assert_eq!(found, ["/differIn", "/halfDays", "/occasions/0/days"]);
    })
    .await;
}

#[actix_web::test]
async fn dates_are_proposed_to_coordinators_alone() {
    on_each_database(async |stage: &Stage| {
        propose(&stage.stranger, pattern())
            .await
            .refused("unauthenticated");
        for other in stage.others() {
            propose(&other, pattern()).await.refused("forbidden");
        }
        // Nothing is anybody's in a calculation: whoever coordinates may ask.
        propose(&stage.other_coordinator(), pattern()).await.ok();
    })
    .await;
}
