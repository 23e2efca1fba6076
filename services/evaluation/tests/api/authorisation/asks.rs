//! What is asked of each operation: about which thing, with which body. A file for each feature.

mod completion;
mod feedbacks;
mod interviews;
mod surveys;

use super::scene::Scene;
use shared_testing::authorisation::Ask;

impl Scene {
    /// What is asked for a row; what it is about is made first. Nothing where nobody has said
    /// what to ask.
    pub(super) async fn asked(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        match row {
            "getApiInfo" | "getEvaluationArchive" | "getInstrumentLibrary" => ask(&[]),
            "listReports" => {
                let (_, survey) = self.report().await;
                Some(ask(&[])?.showing(&survey.to_string()))
            }
            "getSurveyReport" => ask(&[&self.report().await.1.to_string()]),
            "getComparison" => ask(&[&self.report().await.0.to_string()]),
            "getRoundReport" | "shareRoundReport" => ask(&[&self.world.round.to_string()]),
            "getMunicipalityReport" | "shareMunicipalityReport" => {
                ask(&[&self.world.municipalities[0].to_string()])
            }
            "getParticipationReport" | "shareParticipationReport" => {
                ask(&[&self.participant.application.to_string()])
            }
            _ if ["Feedback", "Rater", "rateParticipant"]
                .iter()
                .any(|part| row.contains(part)) =>
            {
                self.asked_feedbacks(row, ask).await
            }
            _ if row.contains("Interview") || row.contains("Theme") || row.contains("Goal") => {
                self.asked_interviews(row, ask).await
            }
            _ if ["Completion", "Credit", "Certificate"]
                .iter()
                .any(|part| row.contains(part)) =>
            {
                self.asked_completion(row, ask).await
            }
            _ => self.asked_of_surveys(row, ask).await,
        }
    }
}
