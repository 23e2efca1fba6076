//! What is asked of 360s and raters.

use super::super::scene::Scene;
use crate::circle::{own_rating, sheet};
use serde_json::json;
use shared_testing::{authorisation::Ask, database};

impl Scene {
    /// What is asked for a row of these features.
    pub(super) async fn asked_feedbacks(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        let round = self.world.round.to_string();
        match row {
            "listFeedbacks" => {
                let id = self.feedback().await;
                Some(ask(&[&round])?.showing(&id))
            }
            "openFeedbacks" => {
                self.none_is_open().await;
                Some(ask(&[&round])?.with(self.world.new_feedback(&[&self.participant]).await))
            }
            "getFeedback"
            | "confirmRaters"
            | "closeFeedback"
            | "cancelFeedback"
            | "getFeedbackQuestionnaire" => ask(&[&self.feedback().await]),
            "listRaters" => {
                let (feedback, rater) = self.rater().await;
                Some(ask(&[&feedback])?.showing(&rater))
            }
            "nominateRater" => {
                let body = json!({ "group": "peers", "name": "Bo", "email": "bo@kommun.example" });
                Some(ask(&[&self.feedback().await])?.with(body))
            }
            "getRater" | "withdrawRater" => ask(&[&self.rater().await.1]),
            "rateParticipant" => Some(ask(&[&self.feedback().await])?.with(own_rating(&sheet(4)))),
            "getFeedbackReport" | "shareFeedbackReport" => ask(&[&self.closed_feedback().await]),
            "releaseFeedback" | "revokeFeedbackRelease" => {
                let body = json!({ "reader": "leader" });
                Some(ask(&[&self.closed_feedback().await])?.with(body))
            }
            _ => None,
        }
    }

    /// The participant has one open 360 at a time.
    async fn none_is_open(&self) {
        let sql = "UPDATE feedbacks SET state = 'cancelled' WHERE state = 'open'";
        database::tamper(&self.world.service.state.database, sql).await;
    }

    /// An open 360 of the participant.
    pub(in super::super) async fn feedback(&self) -> String {
        self.none_is_open().await;
        self.world.feedback(&self.participant).await
    }

    async fn rater(&self) -> (String, String) {
        let feedback = self.feedback().await;
        let rater = json!({ "group": "leader" });
        let made = self.world.names(&self.participant, &feedback, rater).await;
        let rater = made.created().id();
        (feedback, rater)
    }

    async fn closed_feedback(&self) -> String {
        let feedback = self.feedback().await;
        self.world.feedback_step(&feedback, "closing").await.ok();
        feedback
    }
}
