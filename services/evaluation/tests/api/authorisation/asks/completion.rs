//! What is asked of completion, credits and certificates.

use super::super::scene::Scene;
use serde_json::json;
use shared_testing::{authorisation::Ask, database};
use shared_types::Role;

impl Scene {
    /// What is asked for a row of these features.
    pub(super) async fn asked_completion(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        let round = self.world.round.to_string();
        let programme = self.world.programme.to_string();
        let part = self.participant.application.to_string();
        let reason = json!({ "reason": "By mistake." });
        match row {
            "listCompletionRules" | "decideCompletions" | "issueCertificates" => {
                self.completion_rule().await;
                ask(&[&round])
            }
            "getCompletionRule" => ask(&[&self.completion_rule().await]),
            "setCompletionRule" => Some(ask(&[&round])?.with(rule())),
            "noteCompletionTask" => {
                self.completion_rule().await;
                let body = json!({ "taskKey": "paper", "applicationIds": [part] });
                Some(ask(&[&round])?.with(body))
            }
            "listCompletions" => Some(ask(&[&round])?.showing(&part)),
            "getCompletion" | "getCompletionHistory" | "listCredits" => ask(&[&part]),
            "decideCompletion" => {
                // Who is completed stays so: as if nobody had decided yet.
                let database = &self.world.service.state.database;
                database::tamper(database, "DELETE FROM completions").await;
                let body = json!({ "outcome": "not_completed", "reason": "Left." });
                Some(ask(&[&part])?.with(body))
            }
            "getCreditProvider" => ask(&[&programme]),
            "setCreditProvider" => {
                let body = json!({ "providerId": self.world.organiser });
                Some(ask(&[&programme])?.with(body))
            }
            "registerCredits" => Some(ask(&[&part])?.with(credits())),
            "getCredits" => ask(&[&self.credits().await]),
            "revokeCredits" => Some(ask(&[&self.credits().await])?.with(reason)),
            "listCertificates" => Some(ask(&[])?.showing(&self.certificate().await.0)),
            "listRoundCertificates" => Some(ask(&[&round])?.showing(&self.certificate().await.0)),
            "issueCertificate" => {
                let path = format!("certificates/{}/revocation", self.certificate().await.0);
                self.world.coordinator.post(&path, reason).await.ok();
                Some(ask(&[&part])?.with(json!({})))
            }
            "getCertificate"
            | "getCertificateDocument"
            | "getCertificateCredential"
            | "getCertificateHistory" => ask(&[&self.certificate().await.0]),
            "revokeCertificate" | "replaceCertificate" => {
                Some(ask(&[&self.certificate().await.0])?.with(reason))
            }
            _ => None,
        }
    }

    /// The round's rule.
    async fn completion_rule(&self) -> String {
        let path = format!("rounds/{}/completion-rules", self.world.round);
        let made = self.world.coordinator.post(&path, rule()).await;
        made.created().id()
    }

    async fn credits(&self) -> String {
        let path = format!("participations/{}/credits", self.participant.application);
        let registrar = self.world.staff(Role::Registrar);
        registrar.post(&path, credits()).await.created().id()
    }

    /// A valid certificate of the participant: id and code.
    pub(in super::super) async fn certificate(&self) -> (String, String) {
        self.world.tell_organiser().await;
        let coordinator = &self.world.coordinator;
        let part = self.participant.application;
        let body = json!({ "outcome": "completed", "reason": "By the rule." });
        coordinator
            .post(&format!("completions/{part}/decision"), body)
            .await;
        coordinator
            .post(&format!("participations/{part}/certificates"), json!({}))
            .await;
        let stands = coordinator.get(&format!("completions/{part}")).await.ok();
        let id = stands["certificateId"].as_str().unwrap().to_owned();
        let read = coordinator.get(&format!("certificates/{id}")).await.ok();
        (id, read["code"].as_str().unwrap().to_owned())
    }
}

fn rule() -> serde_json::Value {
    json!({ "tasks": [{ "key": "paper", "text": { "sv": "Uppgift" } }] })
}

fn credits() -> serde_json::Value {
    json!({ "creditsTenths": 1, "reference": "118", "registeredOn": "2022-05-30" })
}
