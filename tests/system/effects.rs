//! What the demo's round led to, asked of the API through the gateway.

use crate::{meetings::read, program::Api};
use serde_json::{Value, json};

/// Asks for everything that evaluation played.
pub(crate) async fn are_as_played(api: &Api, summary: &Value) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap().to_owned();
    let round = summary["round"].as_str().unwrap();
    let coordinator = token("coordinator");
    let path = |what: &str| format!("/evaluation/v1/rounds/{round}/{what}");

    let stand = read(api, &coordinator, &path("completions?limit=100")).await;
    let stand = stand["items"].as_array().unwrap();
    let completed = |one: &&Value| one["decision"]["outcome"] == "completed";
    assert_eq!(stand.len(), 24);
    assert_eq!(stand.iter().filter(completed).count(), 22);
    for open in stand.iter().filter(|one| !completed(one)) {
        assert_eq!(open["gaps"][0]["kind"], "attendance", "{open}");
    }

    let issued = read(api, &coordinator, &path("certificates?limit=100")).await;
    assert_eq!(issued["_meta"]["totalRecords"], 22);
    let certificate = &issued["items"][0];
    let (_, shown) = certificate["verificationUrl"]
        .as_str()
        .unwrap()
        .split_once("/evaluation/")
        .unwrap();
    let page = api.text(&format!("/evaluation/{shown}")).await;
    assert!(page.contains(certificate["name"].as_str().unwrap()));
    assert!(!page.contains(certificate["personId"].as_str().unwrap()));
    let (status, _) = api
        .get(None, "/evaluation/pages/certificates/0000-0000-0000-0000")
        .await;
    assert_eq!(status, 404);

    let report = read(api, &token("evaluator"), &path("report")).await;
    assert_eq!(report["completedCount"], 22);
    assert!(report["effects"][0]["pairsCount"].as_i64().unwrap() >= 20);
    assert_eq!(report["networks"].as_array().unwrap().len(), 2);
    // With 24 from 13 municipalities no answer is ever shown by municipality.
    assert!(
        !report
            .to_string()
            .contains("\"dimension\":\"municipality\"")
    );
    let surveys = report["surveys"].as_array().unwrap();
    assert_eq!(
        surveys.len(),
        12,
        "before, after, the end, two networks, seven pulses"
    );

    who_answered_what_is_read_by_nobody(api, summary, &path("surveys?limit=100")).await;
    a_circle_is_read_by_its_participant_alone(api, summary).await;
    interviews_are_the_evaluators_and_their_themes_are_counted(api, summary).await;
    goals_are_assessed_by_their_indicators(api, summary).await;
    for page in ["reportOfBoard", "reportOfDirector", "reportOfFeedback"] {
        let pages = summary["pages"].as_array().unwrap();
        let page = pages.iter().find(|one| one["name"] == page).unwrap();
        let (_, path) = page["url"]
            .as_str()
            .unwrap()
            .split_once("/evaluation/")
            .unwrap();
        let text = api.text(&format!("/evaluation/{path}")).await;
        assert!(text.contains("<svg") && text.contains("<table"), "{path}");
    }
}

async fn a_circle_is_read_by_its_participant_alone(api: &Api, summary: &Value) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let id = summary["feedback"].as_str().unwrap();
    let path = format!("/evaluation/v1/feedbacks/{id}/report");
    let report = read(api, token("mentee"), &path).await;
    let groups = report["groups"].as_array().unwrap().iter();
    let answered: Vec<_> = groups
        .map(|one| (one["group"].as_str(), one["answeredCount"].as_i64()))
        .collect();
    let expected = [
        ("self", 1),
        ("leader", 1),
        ("mentor", 1),
        ("peers", 4),
        ("staff", 3),
    ];
    let expected = expected.map(|(group, count)| (Some(group), Some(count)));
    assert_eq!(answered, expected);
    for role in ["coordinator", "evaluator", "mentor", "director", "auditor"] {
        let (status, body) = api.get(Some(token(role)), &path).await;
        assert!([403, 404].contains(&status), "{role}: {status} {body}");
    }
    let path = format!("/evaluation/v1/feedbacks/{id}");
    let seen = read(api, token("coordinator"), &path).await;
    assert_eq!(seen["state"], "closed");
    assert!(!seen.to_string().contains("linkoping.example"));
}

async fn interviews_are_the_evaluators_and_their_themes_are_counted(api: &Api, summary: &Value) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let interviews = summary["interviews"].as_array().unwrap();
    assert_eq!(interviews.len(), 3);
    let (mut agreed, mut quotes) = (0, 0);
    for id in interviews {
        let path = format!("/evaluation/v1/interviews/{}", id.as_str().unwrap());
        let seen = read(api, token("coordinator"), &path).await;
        assert_eq!(seen["state"], "held");
        let given: Vec<&Value> = seen["interviewees"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["consent"] == "given")
            .map(|one| &one["applicationId"])
            .collect();
        agreed += given.len();
        let notes = read(api, token("evaluator"), &format!("{path}/notes")).await;
        assert!(notes["text"].as_str().unwrap().contains("grannkommunerna"));
        let codings = read(api, token("evaluator"), &format!("{path}/codings")).await;
        for coding in codings["codings"].as_array().unwrap() {
            assert!(given.contains(&&coding["applicationId"]), "{coding}");
            quotes += usize::from(coding["quote"].is_string());
        }
        for role in [
            "coordinator",
            "participant",
            "mentor",
            "director",
            "auditor",
        ] {
            for what in ["notes", "codings"] {
                let path = format!("{path}/{what}");
                let (status, body) = api.get(Some(token(role)), &path).await;
                assert!([403, 404].contains(&status), "{role}: {status} {body}");
            }
        }
    }
    assert_eq!((agreed, quotes), (21, 12));
    let themes = summary["themes"].as_array().unwrap();
    for (theme, count) in themes.iter().zip([Some(12), None]) {
        let path = format!("/evaluation/v1/themes/{}", theme.as_str().unwrap());
        let seen = read(api, token("coordinator"), &path).await;
        assert_eq!(seen.get("peopleCount").and_then(Value::as_i64), count);
    }
}

async fn goals_are_assessed_by_their_indicators(api: &Api, summary: &Value) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let goals = summary["goals"].as_array().unwrap();
    let mut seen = Vec::new();
    for goal in goals {
        let path = format!("/evaluation/v1/programme-goals/{}", goal.as_str().unwrap());
        let goal = read(api, token("coordinator"), &path).await;
        assert!(goal["reason"].as_str().unwrap().contains("indicators"));
        let (status, body) = api.get(Some(token("participant")), &path).await;
        assert_eq!(status, 404, "{body}");
        seen.push(goal);
    }
    let [completion, network] = seen.as_slice() else {
        panic!("{goals:?}")
    };
    let stands = |goal: &Value, kind: &str| {
        let all = goal["indicators"].as_array().unwrap();
        let one = all.iter().find(|one| one["indicator"]["kind"] == kind);
        let one = one.unwrap();
        let state = one["state"].as_str().unwrap().to_owned();
        (state, one["valueHundredths"].as_i64())
    };
    assert_eq!(completion["status"], "reached");
    let reached = |value| ("reached".to_owned(), Some(value));
    assert_eq!(stands(completion, "completion_share"), reached(91));
    assert_eq!(stands(network, "theme_count"), reached(1200));
    assert_eq!(stands(network, "network_change").0, "reached");
}

async fn who_answered_what_is_read_by_nobody(api: &Api, summary: &Value, surveys: &str) {
    let token = |role: &str| summary["tokens"][role].as_str().unwrap();
    let planned = read(api, token("evaluator"), surveys).await;
    let anonymous: Vec<&Value> = planned["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["mode"] == "anonymous" && one["state"] == "closed")
        .collect();
    assert_eq!(anonymous.len(), 10);
    for survey in anonymous {
        let id = survey["id"].as_str().unwrap();
        for role in ["coordinator", "evaluator", "participant", "director"] {
            let path = format!("/evaluation/v1/surveys/{id}/sheets");
            let (status, body) = api.get(Some(token(role)), &path).await;
            assert!([403, 404, 409].contains(&status), "{role}: {status} {body}");
        }
        let path = format!("/evaluation/v1/surveys/{id}/invitations?limit=100");
        let asked = read(api, token("evaluator"), &path).await;
        for one in asked["items"].as_array().unwrap() {
            assert_eq!(one.get("answered"), None, "{one}");
        }
        let path = format!("/evaluation/v1/surveys/{id}/answers");
        let again = json!({ "instrumentVersion": 1, "answers": {} });
        let (status, _) = api.post(token("participant"), &path, &again).await;
        assert!((400..500).contains(&status));
    }
}
