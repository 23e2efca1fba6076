//! What the programme was to lead to, and whether it did: goals with their indicators, assessed by
//! the evaluator.

use super::{client::text, effects::Surveys, interviews::Interviews, journey::Journey};
use crate::Fault;
use serde_json::{Value, json};

/// A goal as it stands.
#[derive(Debug)]
pub(super) struct Goal {
    /// Id.
    pub(super) id: String,
    /// What is to be reached, in English.
    pub(super) name: String,
    /// Its status.
    pub(super) status: String,
    /// Why.
    pub(super) reason: String,
    /// Kind, state and value of each indicator, the value in hundredths.
    pub(super) indicators: Vec<(String, String, Option<i64>)>,
}

/// What the programme's goal of networks asks for, in hundredths of all ties that could be.
const DENSER: i64 = 10;
/// And how far people are to rise in what they say of their network, in hundredths of a step.
const RISE: i64 = 20;

impl Journey<'_> {
    /// Sets two goals and assesses them.
    pub(super) async fn goals_are_assessed(
        &self,
        surveys: &Surveys,
        interviews: &Interviews,
    ) -> Result<Vec<Goal>, Fault> {
        let round = self.world.round;
        let played = self.coordinator_reads(&format!("rounds/{round}")).await?;
        let programme = text(&played, "/programmeId");
        let completion = json!([{
            "kind": "completion_share", "roundId": round,
            "atLeast": { "numerator": 11, "denominator": 12 },
        }]);
        let network = json!([
            { "kind": "network_change", "surveyId": surveys.network_after, "tieKey": "knows",
              "atLeastHundredths": DENSER },
            { "kind": "question_change", "surveyId": surveys.after,
              "questionKey": "society_network", "atLeastHundredths": RISE },
            { "kind": "theme_count", "themeId": interviews.theme, "atLeastCount": 10 },
        ]);
        let mut goals = Vec::new();
        for (step, swedish, english, indicators) in [
            (
                "completion",
                "Nästan alla slutför",
                "Nearly everybody completes",
                completion,
            ),
            (
                "network",
                "Nätverk över kommungränser",
                "A network across municipalities",
                network,
            ),
        ] {
            let body =
                json!({ "text": { "sv": swedish, "en": english }, "indicators": indicators });
            let path = format!("programmes/{programme}/goals");
            let made = self
                .evaluation_posts(&path, &format!("goal-{step}"), &body)
                .await?;
            goals.push(self.is_assessed(&made, step).await?);
        }
        for goal in &goals {
            self.say(format_args!(
                "Goal \"{}\": {} ({})",
                goal.name, goal.status, goal.reason
            ));
        }
        Ok(goals)
    }

    /// Reached where every indicator is; else it is at risk.
    async fn is_assessed(&self, made: &Value, step: &str) -> Result<Goal, Fault> {
        let id = text(made, "/id");
        let path = format!("programme-goals/{id}");
        let seen = self
            .client
            .get(self.evaluator()?, &format!("evaluation/{path}"))
            .await?;
        let indicators: Vec<(String, String, Option<i64>)> = seen
            .get("indicators")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|one| {
                (
                    text(one, "/indicator/kind").to_owned(),
                    text(one, "/state").to_owned(),
                    one.get("valueHundredths").and_then(Value::as_i64),
                )
            })
            .collect();
        let reached = indicators
            .iter()
            .filter(|(_, state, _)| state == "reached")
            .count();
        let status = if reached == indicators.len() {
            "reached"
        } else {
            "at_risk"
        };
        let reason = format!("{reached} of {} indicators are reached.", indicators.len());
        let body = json!({ "status": status, "reason": reason });
        let assessed = self
            .evaluation_posts(
                &format!("{path}/assessment"),
                &format!("assessment-{step}"),
                &body,
            )
            .await?;
        Ok(Goal {
            id: id.to_owned(),
            name: text(&assessed, "/text/en").to_owned(),
            status: text(&assessed, "/status").to_owned(),
            reason: text(&assessed, "/reason").to_owned(),
            indicators,
        })
    }
}
