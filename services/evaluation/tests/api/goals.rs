//! Goals of a programme: indicators and status.

use crate::world::{World, on_each_database};
use serde_json::{Value, json};
use shared_types::{RoundId, SurveyId};

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
