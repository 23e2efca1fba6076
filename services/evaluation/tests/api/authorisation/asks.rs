//! What is asked of each operation: about which thing, with which body. A file for each feature.

mod completion;
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
            "getApiInfo" | "getInstrumentLibrary" => ask(&[]),
            _ if row.contains("Interview") || row.contains("Theme") || row.contains("Goal") => {
                self.asked_interviews(row, ask).await
            }
            _ if ["Completion", "Credit", "Certificate"].iter().any(|part| row.contains(part)) => {
                self.asked_completion(row, ask).await
            }
            _ => self.asked_of_surveys(row, ask).await,
        }
    }
}
