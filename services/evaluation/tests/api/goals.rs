//! Goals of a programme: indicators and status.

use crate::{
    answered::{Asked, likert},
    networks::network,
    world::{World, on_each_database},
};
use serde_json::{Value, json};
use shared_types::{ProgrammeId, RoundId, SurveyId};
use uuid::Uuid;

impl World {
    /// Sets a goal of the programme.
    pub(crate) async fn goal(&self, indicators: Value) -> shared_testing::Reply {
        let path = format!("programmes/{}/goals", self.programme);
        let body = json!({
            "text": { "sv": "Nätverk över kommungränser" }, "indicators": indicators,
        });
        self.evaluator.post(&path, body).await
    }
}

#[actix_web::test]
async fn an_indicator_of_completion_is_read_anew_each_time() {
    on_each_database(async |world| {
        let share = json!([{
            "kind": "completion_share", "roundId": world.round,
            "atLeast": { "numerator": 1, "denominator": 2 },
        }]);
        let goal = world.goal(share).await.created();
        assert_eq!(goal["indicators"][0]["state"], "not_available");
        assert_eq!(goal["status"], "not_assessed");
        let anna = world.graduate("Anna").await;
        world.participant(1, json!({})).await;
        let path = format!("programme-goals/{}", goal.id());
        let half = world.coordinator.get(&path).await.ok();
        assert_eq!(half["indicators"][0]["state"], "reached");
        assert_eq!(half["indicators"][0]["valueHundredths"], 50);
        world.participant(2, json!({})).await;
        let third = world.coordinator.get(&path).await.ok();
        assert_eq!(third["indicators"][0]["state"], "not_reached");
        assert_eq!(third["indicators"][0]["valueHundredths"], 33);
        drop(anna);
    })
    .await;
}

#[actix_web::test]
async fn a_status_has_its_reason_and_a_changed_goal_is_assessed_again() {
    on_each_database(async |world| {
        let survey = SurveyId::new();
        let indicators = json!([
            { "kind": "question_mean", "surveyId": survey, "questionKey": "content_relevant",
              "atLeastHundredths": 400 },
            { "kind": "network_measure", "surveyId": survey, "tieKey": "knows",
              "measure": "across_municipalities", "atLeastHundredths": 40 },
        ]);
        let goal = world.goal(indicators.clone()).await.created();
        // Of what is not published nothing is said.
        for index in 0..2 {
            let reading = &goal["indicators"][index];
            assert_eq!(reading["state"], "not_available");
            assert!(reading.get("valueHundredths").is_none());
        }
        let path = format!("programme-goals/{}", goal.id());
        let assess = format!("{path}/assessment");
        let body = json!({ "status": "at_risk", "reason": "The network has not grown yet." });
        let assessed = world.coordinator.post(&assess, body).await.ok();
        assert_eq!(assessed["status"], "at_risk");
        assert_eq!(assessed["reason"], "The network has not grown yet.");
        let without = json!({ "status": "reached" });
        world
            .coordinator
            .post(&assess, without)
            .await
            .refused("invalid_body");
        let body = json!({ "text": { "sv": "Annat" }, "indicators": [] });
        let tag = world.coordinator.get(&path).await.ok().tag();
        let changed = world
            .coordinator
            .change("PUT", &path, &tag, body.clone())
            .await
            .ok();
        assert_eq!(changed["status"], "not_assessed");
        assert!(changed.json.get("reason").is_none());
        let stale = world.coordinator.change("PUT", &path, &tag, body).await;
        stale.refused("version_stale");
        let list = format!("programmes/{}/goals", world.programme);
        assert_eq!(
            world.evaluator.get(&list).await.ok()["_meta"]["totalRecords"],
            1
        );
    })
    .await;
}

#[actix_web::test]
async fn a_goal_refuses_what_can_never_be_reached_and_another_programmes_round_says_nothing() {
    on_each_database(async |world| {
        let more = json!([{
            "kind": "completion_share", "roundId": world.round,
            "atLeast": { "numerator": 3, "denominator": 2 },
        }]);
        world.goal(more).await.refused("completion_share_too_large");
        let unknown = json!([{ "kind": "wishes" }]);
        world.goal(unknown).await.refused("invalid_body");
        let foreign = json!([{
            "kind": "completion_share", "roundId": RoundId::new(),
            "atLeast": { "numerator": 1, "denominator": 2 },
        }]);
        let goal = world.goal(foreign).await.created();
        assert_eq!(goal["indicators"][0]["state"], "not_available");
    })
    .await;
}

/// The states and values of a goal's indicators.
async fn readings(world: &World, goal: &str) -> Vec<(Value, Value)> {
    let path = format!("programme-goals/{goal}");
    let goal = world.coordinator.get(&path).await.ok();
    let all = goal["indicators"].as_array().unwrap().iter();
    all.map(|one| (one["state"].clone(), one["valueHundredths"].clone()))
        .collect()
}

#[actix_web::test]
async fn means_changes_and_networks_are_read_from_what_was_published_of_the_own_programme() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant"), likert("alike")])).await;
        let family = Uuid::now_v7();
        let part = |part| Asked {
            family: Some((family, part)),
            ..Asked::default()
        };
        let before = world.asked(instrument, &part("before")).await;
        let after = world.asked(instrument, &part("after")).await;
        for number in 0..20_i32 {
            let code = format!("code {number}");
            let rises = i32::from(number < 10);
            for (survey, rise) in [(before, 0), (after, rises)] {
                let sheet = json!({ "relevant": 2 + number % 2 + rise, "alike": 4 });
                let background = ("woman", "elected", None, None);
                world.answered(survey, background, Some(&code), sheet).await;
            }
        }
        world.close(before).await;
        world.close(after).await;
        // Of twelve everybody knows two before and six at the end.
        let members = world.participants(12).await;
        let network = world.asking(&network()).await;
        let mut networks = Vec::new();
        for ties in [2, 6] {
            let survey = world.asked(network, &Asked::default()).await;
            for (number, own) in members.iter().enumerate() {
                let others = (1..=ties).map(|step| members[(number + step) % 12].application);
                let sheet = json!({
                    "_application": own.application.to_string(),
                    "network": { "knows": others.collect::<Vec<_>>() },
                });
                let background = ("woman", "elected", None, None);
                world.answered(survey, background, None, sheet).await;
            }
            world.close(survey).await;
            networks.push(survey);
        }
        let indicators = |survey: SurveyId, networks: &[SurveyId], least: [i32; 4]| {
            json!([
                { "kind": "question_mean", "surveyId": survey, "questionKey": "relevant",
                  "atLeastHundredths": least[0] },
                { "kind": "question_change", "surveyId": survey, "questionKey": "relevant",
                  "atLeastHundredths": least[1] },
                { "kind": "network_measure", "surveyId": networks[1], "tieKey": "knows",
                  "measure": "density", "atLeastHundredths": least[2] },
                { "kind": "network_change", "surveyId": networks[1], "tieKey": "knows",
                  "atLeastHundredths": least[3] },
                // What all answered alike is not shown, nor is a change of the first.
                { "kind": "question_mean", "surveyId": survey, "questionKey": "alike",
                  "atLeastHundredths": 100 },
                { "kind": "network_change", "surveyId": networks[0], "tieKey": "knows",
                  "atLeastHundredths": 0 },
            ])
        };
        let hidden = (json!("not_available"), Value::Null);
        let values = readings(
            world,
            &world
                .goal(indicators(after, &networks[..], [100, 50, 54, 36]))
                .await
                .created()
                .id(),
        )
        .await;
        assert!(values[..4].iter().all(|(state, _)| state == "reached"), "{values:?}");
        assert_eq!(values[1].1, 50);
        assert_eq!(values[2].1, 54);
        assert_eq!(values[3].1, 36);
        assert_eq!(values[4..], [hidden.clone(), hidden.clone()]);
        let missed = world.goal(indicators(after, &networks[..], [500, 51, 55, 37])).await;
        let missed = readings(world, &missed.created().id()).await;
        assert!(missed[..4].iter().all(|(state, _)| state == "not_reached"), "{missed:?}");
        // Another programme reads nothing of it.
        let other = ProgrammeId::new();
        world.tell_programme(other).await;
        let path = format!("programmes/{other}/goals");
        let body = json!({
            "text": { "sv": "Annat" }, "indicators": indicators(after, &networks[..], [100, 50, 54, 36]),
        });
        let foreign = world.evaluator.post(&path, body).await.created();
        let foreign = readings(world, &foreign.id()).await;
        assert!(foreign.iter().all(|one| *one == hidden), "{foreign:?}");
    })
    .await;
}
