//! The demo's journey, asserted through the gateway.

use crate::{
    effects, hr, init, integration, links, meetings, mentors, money,
    program::{Api, Place},
};
use serde_json::Value;

#[actix_web::test]
async fn the_demo_plays_its_whole_journey_and_stays_up_for_every_role() {
    for place in Place::all().await {
        let mut program = place.demo(&[]);
        program.until("stays up");
        let summary = place.summary();
        let api = Api::new(summary["address"].as_str().unwrap());
        let token = |role: &str| summary["tokens"][role].as_str().unwrap().to_owned();
        let round = summary["round"].as_str().unwrap();

        seats_are_divided(&api, &token("coordinator"), round).await;
        roles_see_their_own(&api, &summary, round).await;
        the_public_sees_the_catalogue(&api, round).await;
        strangers_and_forgers_are_refused(&api, &token("coordinator")).await;
        pages_open(&api, &summary).await;
        meetings::are_as_played(&api, &summary).await;
        mentors::are_as_played(&api, &summary).await;
        effects::are_as_played(&api, &summary).await;
        hr::is_as_played(&api, &summary).await;
        integration::is_as_played(&api, &summary).await;
        money::is_as_played(&api, &summary).await;
        links::open_nothing_else(&place, &api, &summary).await;
        assert!(program.terminate().success());
        if place.is_sqlite() {
            init::tokens_of_the_demo_count_no_more(&place, &token("coordinator")).await;
        }
    }
}

async fn seats_are_divided(api: &Api, coordinator: &str, round: &str) {
    let path = format!("/registration/v1/rounds/{round}/invariants");
    let (status, report) = api.get(Some(coordinator), &path).await;
    assert_eq!(
        (status, &report["holds"]),
        (200, &Value::Bool(true)),
        "{report}"
    );
    let mut seated = Vec::new();
    // Two are there and have not completed the round.
    for (seat, count) in [("completed", 22), ("accepted", 2)] {
        let path = format!("/registration/v1/applications?roundId={round}&seat={seat}&limit=100");
        let (_, part) = api.get(Some(coordinator), &path).await;
        assert_eq!(part["_meta"]["totalRecords"], count);
        seated.extend(part["items"].as_array().unwrap().clone());
    }
    let mut municipalities: Vec<&str> = seated
        .iter()
        .map(|one| one["municipalityId"].as_str().unwrap())
        .collect();
    municipalities.sort_unstable();
    let most = municipalities
        .chunk_by(|one, other| one == other)
        .map(<[&str]>::len)
        .max()
        .unwrap();
    municipalities.dedup();
    assert_eq!(
        (municipalities.len(), most <= 3),
        (13, true),
        "floors and ceilings hold"
    );
    let (_, queue) = api
        .get(
            Some(coordinator),
            &format!("/registration/v1/rounds/{round}/queue"),
        )
        .await;
    assert!(!queue["entries"].as_array().unwrap().is_empty());
}

async fn roles_see_their_own(api: &Api, summary: &Value, round: &str) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let slate = format!("/registration/v1/rounds/{round}/slate");
    let (status, body) = api.get(Some(token("director")), &slate).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["municipalityName"], "Linköpings kommun");
    for role in ["participant", "applicant", "auditor", "facilitator"] {
        let (status, _) = api.get(Some(token(role)), &slate).await;
        assert_eq!(status, 403, "{role}");
        let (status, _) = api
            .get(
                Some(token(role)),
                &format!("/registration/v1/rounds/{round}/queue"),
            )
            .await;
        assert_eq!(status, 403, "{role}");
    }
    // Who has no seat has applied for the next round too.
    for (role, count) in [("participant", 1), ("applicant", 2)] {
        let (_, own) = api
            .get(Some(token(role)), "/registration/v1/applications")
            .await;
        assert_eq!(own["_meta"]["totalRecords"], count, "{role}");
    }
    let (_, all) = api
        .get(
            Some(token("coordinator")),
            "/registration/v1/applications?limit=1",
        )
        .await;
    let foreign = all["items"][0]["id"].as_str().unwrap();
    let (known, _) = api
        .get(
            Some(token("auditor")),
            &format!("/registration/v1/applications/{foreign}"),
        )
        .await;
    let (random, _) = api
        .get(
            Some(token("auditor")),
            &format!("/registration/v1/applications/{}", uuid::Uuid::new_v4()),
        )
        .await;
    assert_eq!(
        (known, random),
        (404, 404),
        "what is not yours looks as if it were not there"
    );
}

async fn the_public_sees_the_catalogue(api: &Api, round: &str) {
    let (status, programmes) = api.get(None, "/registration/v1/programmes").await;
    assert_eq!(
        (status, &programmes["_meta"]["totalRecords"]),
        (200, &Value::from(5))
    );
    let (status, body) = api
        .get(None, &format!("/registration/v1/rounds/{round}"))
        .await;
    assert_eq!(
        (status, &body["closesOn"]),
        (200, &Value::from("2022-04-26"))
    );
    for path in [
        "/docs",
        "/openapi.json",
        "/registration/v1/openapi.json",
        "/evaluation/v1/api-info",
        "/health/ready",
    ] {
        assert_eq!(api.get(None, path).await.0, 200, "{path}");
    }
}

async fn strangers_and_forgers_are_refused(api: &Api, token: &str) {
    let (status, problem) = api.get(None, "/registration/v1/applications").await;
    assert_eq!(
        (status, &problem["code"]),
        (401, &Value::from("unauthenticated"))
    );
    let forged = format!("{}x", token.strip_suffix('Q').unwrap_or(token));
    assert_eq!(
        api.get(Some(&forged), "/registration/v1/applications")
            .await
            .0,
        401
    );
}

async fn pages_open(api: &Api, summary: &Value) {
    for page in summary["pages"].as_array().unwrap() {
        let url = page["url"].as_str().unwrap();
        let path = url.strip_prefix(&api.url).unwrap();
        assert_eq!(api.get(None, path).await.0, 200, "{page}");
    }
}
