//! What the demo's sessions left, asked of the API through the gateway.

use crate::program::Api;
use serde_json::{Value, json};

/// Asks for everything that scheduling played.
pub(crate) async fn are_as_played(api: &Api, summary: &Value) {
    let token = summary["tokens"]["coordinator"].as_str().unwrap();
    let round = summary["round"].as_str().unwrap();
    let at = |what: &str| format!("/scheduling/v1/rounds/{round}/{what}");
    let plan = read(api, token, &at("plan")).await;
    the_reserve_date_stands_in(&plan);
    everybody_has_the_days(api, token, &at("attendance?limit=100")).await;
    groups_are_known_to_those_in_them(api, summary, &at("group-sets")).await;
    guests_are_invited(api, summary, &plan).await;
    calendars_follow(api, summary).await;
}

/// Reads what must be there.
pub(crate) async fn read(api: &Api, token: &str, path: &str) -> Value {
    let (status, body) = api.get(Some(token), path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn session<'a>(plan: &'a Value, starts_on: &str) -> &'a Value {
    let sessions = plan["sessions"].as_array().unwrap();
    let found = sessions
        .iter()
        .find(|one| one["content"]["days"][0]["date"] == starts_on);
    found.unwrap()
}

fn the_reserve_date_stands_in(plan: &Value) {
    let days = &plan["programmeDays"];
    assert_eq!(
        (&days["planned"], &days["promised"]),
        (&json!(11), &json!(12))
    );
    let (cancelled, reserve) = (session(plan, "2022-12-15"), session(plan, "2023-02-16"));
    assert_eq!(
        (&cancelled["state"], &reserve["state"]),
        (&json!("cancelled"), &json!("activated"))
    );
    assert_eq!(cancelled["replacedById"], reserve["id"]);
    assert_eq!(reserve["replacesId"], cancelled["id"]);
    assert_eq!(plan["sessions"].as_array().unwrap().len(), 8);
    // The draft, and the one because of the snow.
    assert_eq!(
        (&plan["releasedNumber"], &plan["isChanged"]),
        (&json!(2), &json!(false))
    );
}

async fn everybody_has_the_days(api: &Api, token: &str, path: &str) {
    let list = read(api, token, path).await;
    let all = list["items"].as_array().unwrap();
    assert_eq!(all.len(), 24);
    let counted = |one: &Value| one["days"]["counted"].as_f64().unwrap();
    for one in all {
        assert_eq!(one["days"]["madeUp"], json!(1.0), "{one}");
    }
    let whole = all.iter().filter(|one| counted(one) >= 12.0).count();
    let mut short: Vec<f64> = all
        .iter()
        .map(counted)
        .filter(|days| *days < 12.0)
        .collect();
    short.sort_by(f64::total_cmp);
    // One missed a residential of two days; one another, and the fifth; one half of the second.
    assert_eq!((whole, short.len()), (21, 3), "{short:?}");
    assert!(short.iter().all(|days| *days >= 8.0), "{short:?}");
}

async fn groups_are_known_to_those_in_them(api: &Api, summary: &Value, path: &str) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let sets = read(api, token("coordinator"), path).await;
    let set = &sets["items"][0];
    assert_eq!(set["state"], "published");
    let path = format!("/scheduling/v1/group-sets/{}", set["id"].as_str().unwrap());
    let set = read(api, token("coordinator"), &path).await;
    let groups = set["groups"].as_array().unwrap();
    let sizes = groups
        .iter()
        .map(|one| one["members"].as_array().unwrap().len());
    assert_eq!(sizes.collect::<Vec<_>>(), [6, 6, 6, 6]);
    for group in groups {
        assert!(
            group["municipalitiesCount"].as_i64().unwrap() >= 5,
            "{group}"
        );
    }
    // A participant sees the own group; who has no seat sees none.
    let round = summary["round"].as_str().unwrap();
    let own = format!("/scheduling/v1/rounds/{round}/groups");
    let seen = read(api, token("participant"), &own).await;
    let own_groups = seen["groups"].as_array().unwrap();
    assert_eq!(
        (own_groups.len(), &own_groups[0]["isOwn"]),
        (1, &json!(true))
    );
    assert_eq!(api.get(Some(token("applicant")), &own).await.0, 404);
}

async fn guests_are_invited(api: &Api, summary: &Value, plan: &Value) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let ceremony = session(plan, "2023-03-24")["id"].as_str().unwrap();
    let path = format!("/scheduling/v1/sessions/{ceremony}/invitation-counts");
    let counts = read(api, token("coordinator"), &path).await;
    let of = |kind: &str| {
        let all = counts["counts"].as_array().unwrap();
        all.iter()
            .find(|one| one["invitedAs"] == kind)
            .unwrap()
            .clone()
    };
    // Kinda's director answered by the link; the other twelve have not.
    assert_eq!(
        (&of("director")["yes"], &of("director")["unanswered"]),
        (&json!(1), &json!(12))
    );
    // Mentors who are no directors of a participant's municipality.
    assert!(
        of("mentor")["unanswered"].as_i64().unwrap() >= 11,
        "{counts}"
    );
    let own = read(api, token("director"), "/scheduling/v1/invitations").await;
    assert_eq!(own["items"][0]["sessionId"], ceremony);
    assert_eq!(own["items"][0]["verdict"], Value::Null);
}

async fn calendars_follow(api: &Api, summary: &Value) {
    let token = summary["tokens"]["participant"].as_str().unwrap();
    let (status, link) = api
        .post(
            token,
            "/scheduling/v1/calendar-links",
            &json!({ "name": "Test" }),
        )
        .await;
    assert_eq!(status, 201, "{link}");
    let address = link["address"].as_str().unwrap();
    let path = address.strip_prefix(&api.url).unwrap();
    let calendar = api.text(path).await.replace("\r\n ", "");
    let events = calendar.matches("BEGIN:VEVENT").count();
    // Eleven days; what was cancelled in December is not shown any more in March.
    assert_eq!(events, 11, "{calendar}");
    assert!(calendar.contains("DTSTART;TZID=Europe/Stockholm:20230216T100000"));
    assert!(!calendar.contains("20221215"));
}
