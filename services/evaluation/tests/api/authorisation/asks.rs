//! What is asked of each operation: about which thing, with which body. A file for each feature.

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
            "getApiInfo" => ask(&[]),
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
            _ => None,
        }
    }
}
