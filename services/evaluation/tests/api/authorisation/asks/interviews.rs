//! What is asked of interviews, themes and goals.

use super::super::scene::Scene;
use serde_json::json;
use shared_testing::authorisation::Ask;

impl Scene {
    /// What is asked for a row of these features.
    pub(super) async fn asked_interviews(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        let round = self.world.round.to_string();
        let programme = self.world.programme.to_string();
        let with = [&self.participant];
        let goal = json!({ "text": { "sv": "Nätverk" }, "indicators": [] });
        match row {
            "listInterviews" => {
                let id = self.world.interview("individual", &with).await;
                Some(ask(&[&round])?.showing(&id))
            }
            "planInterview" => {
                let body = json!({
                    "kind": "individual", "applicationIds": [self.participant.application],
                    "guideQuestions": [{ "sv": "Vad?" }],
                });
                Some(ask(&[&round])?.with(body))
            }
            "getInterview" => ask(&[&self.world.interview("individual", &with).await]),
            "answerInterviewConsent" => {
                let id = self.world.interview("individual", &with).await;
                Some(ask(&[&id])?.with(json!({ "given": true })))
            }
            "holdInterview" => {
                Some(ask(&[&self.agreed().await])?.with(json!({ "heldOn": "2022-06-15" })))
            }
            "getInterviewNotes" | "getInterviewCodings" => ask(&[&self.agreed().await]),
            "replaceInterviewNotes" => {
                Some(ask(&[&self.agreed().await])?.with(json!({ "text": "Said." })))
            }
            "replaceInterviewCodings" => {
                Some(ask(&[&self.agreed().await])?.with(json!({ "codings": [] })))
            }
            "listThemes" => ask(&[&round]),
            "createTheme" => Some(ask(&[&round])?.with(json!({ "name": { "sv": "Tema" } }))),
            "getTheme" => ask(&[&self.world.theme().await]),
            "listProgrammeGoals" => ask(&[&programme]),
            "setProgrammeGoal" => Some(ask(&[&programme])?.with(goal)),
            "getProgrammeGoal" => ask(&[&self.goal().await]),
            "replaceProgrammeGoal" => Some(ask(&[&self.goal().await])?.with(goal)),
            "assessProgrammeGoal" => {
                let body = json!({ "status": "on_track", "reason": "It grows." });
                Some(ask(&[&self.goal().await])?.with(body))
            }
            _ => None,
        }
    }

    /// An interview to which the participant agreed.
    async fn agreed(&self) -> String {
        let id = self
            .world
            .interview("individual", &[&self.participant])
            .await;
        self.world.agree(&self.participant, &id, true).await.ok();
        id
    }

    async fn goal(&self) -> String {
        self.world.goal(json!([])).await.created().id()
    }
}
