//! What is asked of instruments, surveys and answers.

use crate::{asking::pulse, authorisation::scene::Scene};
use serde_json::{Value, json};
use shared_testing::authorisation::Ask;

impl Scene {
    /// What is asked for a row.
    pub(super) async fn asked_of_surveys(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        let world = &self.world;
        let question = json!({ "key": "a", "kind": "text", "text": { "en": "?" } });
        let version = json!({ "name": { "en": "Own" }, "questions": [question] });
        let round = world.round.to_string();
        let planned = async |members: Value| world.plan(members).await.created().id();
        match row {
            "listInstruments" => Some(ask(&[])?.showing(&self.instrument().await)),
            "createInstrument" => {
                let body = json!({ "organiserId": world.organiser, "libraryKey": "network" });
                Some(ask(&[])?.with(body))
            }
            "getInstrument" | "archiveInstrument" => ask(&[&self.instrument().await]),
            "createInstrumentVersion" => Some(ask(&[&self.instrument().await])?.with(version)),
            "getInstrumentVersion" => {
                let instrument = self.instrument().await;
                Some(ask(&[&instrument, "1"])?.about(&instrument))
            }
            "listSurveys" => Some(ask(&[])?.showing(&planned(json!({})).await)),
            "listRoundSurveys" => {
                let survey = planned(json!({})).await;
                Some(ask(&[&round])?.showing(&survey))
            }
            "createSurvey" => {
                let body = json!({
                    "instrumentId": self.instrument().await, "name": { "en": "Pulse" },
                    "audience": "participants", "mode": "anonymous",
                    "occasion": { "kind": "manual" }, "openDays": 14,
                });
                Some(ask(&[&round])?.with(body))
            }
            "getSurvey" | "openSurvey" | "listSurveyInvitations" => {
                ask(&[&planned(json!({})).await])
            }
            "updateSurvey" => {
                Some(ask(&[&planned(json!({})).await])?.with(json!({ "openDays": 7 })))
            }
            "endPairing" => ask(&[&planned(json!({ "part": "before" })).await]),
            "cancelSurvey" => Some(ask(&[&planned(json!({})).await])?.with(json!({}))),
            "copySurvey" => {
                let body = json!({ "roundId": world.round });
                Some(ask(&[&planned(json!({})).await])?.with(body))
            }
            "closeSurvey" | "getQuestionnaire" => ask(&[&world.open(json!({})).await]),
            "listSheets" => {
                let survey = world.open(json!({ "mode": "confidential" })).await;
                world.step(&survey, "closing").await.ok();
                ask(&[&survey])
            }
            "listOwnSurveyInvitations" => {
                let (_, invitation) = self.invitation().await;
                Some(ask(&[])?.showing(&invitation))
            }
            "createSurveyInvitations" => {
                let survey = world.open(json!({ "audience": "colleagues" })).await;
                let body = json!({ "personIds": [self.leader.id] });
                Some(ask(&[&survey])?.with(body))
            }
            "getSurveyInvitation" | "revokeSurveyInvitation" | "renewSurveyInvitation" => {
                ask(&[&self.invitation().await.1])
            }
            "answerSurvey" => {
                let body = json!({ "instrumentVersion": 1, "answers": pulse() });
                Some(ask(&[&world.open(json!({})).await])?.with(body))
            }
            _ => None,
        }
    }

    async fn instrument(&self) -> String {
        self.world.library("session_pulse").await
    }

    /// An open survey, and the participant's invitation to it.
    async fn invitation(&self) -> (String, String) {
        let survey = self.world.open(json!({})).await;
        let path = format!("surveys/{survey}/invitations?limit=100");
        let list = self.world.coordinator.get(&path).await.ok();
        let own = json!(self.participant.person.id);
        let items = list["items"].as_array().unwrap().iter();
        let mut own = items.filter(|one| one["personId"] == own);
        let id = own.next().unwrap()["id"].as_str().unwrap();
        (survey, id.to_owned())
    }
}
