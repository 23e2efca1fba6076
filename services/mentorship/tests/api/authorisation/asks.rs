//! What is asked of each operation: about which thing, with which body.

use super::scene::{Pair, Scene};
use chrono::{TimeDelta, Utc};
use serde_json::json;
use shared_testing::{authorisation::Ask, imports};

impl Scene {
    /// What is asked for a row; what it is about is made first. Nothing where nobody has said
    /// what to ask.
    #[expect(clippy::too_many_lines, reason = "an arm for each row of the table")]
    pub(super) async fn asked(
        &self,
        row: &str,
        ask: impl Fn(&[&str]) -> Option<Ask>,
    ) -> Option<Ask> {
        let of_round = async |body: Option<serde_json::Value>| {
            let (round, ..) = self.round().await;
            let asked = ask(&[&round.to_string()])?;
            Some(match body {
                Some(body) => asked.with(body),
                None => asked,
            })
        };
        let of_pair = |pair: &Pair| ask(&[&pair.id]);
        let weights = json!({
            "menteeWish": "high", "mentorWish": "medium", "competences": "high",
            "languages": "mandatory", "travel": "medium", "form": "low", "sector": "low",
        });
        let note = json!({ "text": "A note" });
        match row {
            "getApiInfo" | "getMentorshipArchive" | "getMyMeetings" => ask(&[]),
            "listMentors" => {
                let (round, _, mentor) = self.round().await;
                Some(ask(&[&round.to_string()])?.showing(&mentor))
            }
            "createMentor" => {
                let person = self.world.municipalities[2].chief.id;
                of_round(Some(json!({ "personId": person, "capacity": 1 }))).await
            }
            "getMentor" => ask(&[&self.round().await.2]),
            "updateMentor" => Some(ask(&[&self.round().await.2])?.with(json!({ "capacity": 3 }))),
            one if one.contains("Import") => {
                let (round, ..) = self.round().await;
                let path = format!("imports?mode=dry_run&roundId={round}");
                let body = json!([{ "key": "1", "personId": round, "capacity": 1 }]);
                if one == "createMentorshipImport" {
                    let mut asked = ask(&[])?.with(body).about(&round.to_string());
                    asked.path = path;
                    return Some(asked);
                }
                let made = imports::made(self.coordinator(), &path, &body).await;
                if one == "listMentorshipImports" {
                    Some(ask(&[])?.showing(&made))
                } else {
                    ask(&[&made])
                }
            }
            "listMentees" => {
                let (round, application, _) = self.round().await;
                let shown = application.to_string();
                Some(ask(&[&round.to_string()])?.showing(&shown))
            }
            "getMentee" => ask(&[&self.round().await.1.to_string()]),
            "replaceMenteeProfile" => {
                Some(ask(&[&self.round().await.1.to_string()])?.with(json!({})))
            }
            "listConflicts" => {
                let (round, conflict) = self.conflict().await;
                Some(ask(&[&round])?.showing(&conflict))
            }
            "declareConflict" => {
                let body = json!({
                    "personId": self.participant.id, "otherPersonId": self.mentor().id,
                });
                of_round(Some(body)).await
            }
            "getConflict" => ask(&[&self.conflict().await.1]),
            "withdrawConflict" => Some(ask(&[&self.conflict().await.1])?.each_anew()),
            "replaceMentorshipTerms" => {
                let body = json!({
                    "weights": weights, "longJourneyMinutes": 60, "answerDays": 5, "keptDays": 30,
                });
                of_round(Some(body)).await
            }
            "replaceMunicipalityPlaces" => of_round(Some(json!({ "places": [] }))).await,
            "previewMatching" => of_round(Some(json!({ "weights": weights }))).await,
            "getMentorshipTerms"
            | "getMunicipalityPlaces"
            | "listMatchingRuns"
            | "createMatchingRun"
            | "listMatchingConstraints"
            | "listAlarms" => of_round(None).await,
            "createMatchingConstraint" => {
                let (round, application, mentor) = self.round().await;
                let body = json!({
                    "kind": "lock", "mentorId": mentor, "applicationId": application,
                    "reason": "They know each other.",
                });
                Some(ask(&[&round.to_string()])?.with(body))
            }
            "getMatchingRun" | "publishMatchingRun" => {
                let (round, ..) = self.round().await;
                ask(&[&self.run(round).await])
            }
            "getMatchingConstraint" => ask(&[&self.constraint().await]),
            "deleteMatchingConstraint" => Some(ask(&[&self.constraint().await])?.each_anew()),
            "listPairs" => {
                let pair = self.proposed().await;
                Some(ask(&[])?.showing(&pair.id))
            }
            "listRoundPairs" => {
                let pair = self.proposed().await;
                Some(ask(&[&pair.round.to_string()])?.showing(&pair.id))
            }
            "answerPairProposal" => {
                let pair = self.proposed().await;
                Some(of_pair(&pair)?.with(json!({ "verdict": "accept" })))
            }
            "activatePair" => of_pair(&self.accepted().await),
            "endPair" => {
                Some(of_pair(&self.active().await)?.with(json!({ "ending": "completed" })))
            }
            "resumePair" => {
                let pair = self.active().await;
                self.coordinator().post_empty(&pair.at("pause")).await.ok();
                of_pair(&pair)
            }
            "setPulse" => Some(of_pair(&self.active().await)?.with(json!({ "fit": "good" }))),
            "getPair" | "pausePair" | "getPairHistory" | "listPairMeetings" | "listPairGoals"
            | "listPairNotes" | "listPairMessages" | "exportPair" => {
                let pair = self.active().await;
                self.coordinator()
                    .get(&format!("mentees/{}", pair.application))
                    .await
                    .ok();
                self.coordinator()
                    .get(&format!("mentors/{}", pair.mentor))
                    .await
                    .ok();
                of_pair(&pair)
            }
            "planPairMeeting" => Some(of_pair(&self.active().await)?.with(self.meeting())),
            "getPairMeeting" | "cancelPairMeeting" => {
                let made = self.written("meetings", self.meeting()).await;
                ask(&[&made.id()])
            }
            "holdPairMeeting" => {
                let made = self.written("meetings", self.meeting()).await;
                let clock = &self.world.service.clock;
                clock.set(clock.now() + TimeDelta::hours(1));
                Some(ask(&[&made.id()])?.with(json!({ "lengthMinutes": 60 })))
            }
            "getAgreement" | "replaceAgreement" => {
                let pair = self.active().await;
                let agreement = json!({ "meetingDays": 30, "text": "It stays here." });
                let client = &self.participant.client;
                let path = pair.at("agreement");
                client
                    .change("PUT", &path, "*", agreement.clone())
                    .await
                    .ok();
                let asked = of_pair(&pair)?;
                Some(if row == "getAgreement" {
                    asked
                } else {
                    asked.with(agreement)
                })
            }
            "createPairGoal" | "createPairNote" | "sendPairMessage" => {
                Some(of_pair(&self.active().await)?.with(note))
            }
            "getPairGoal" => ask(&[&self.written("goals", note).await.id()]),
            "replacePairGoal" => {
                Some(ask(&[&self.written("goals", note.clone()).await.id()])?.with(note))
            }
            "deletePairGoal" => Some(ask(&[&self.written("goals", note).await.id()])?.each_anew()),
            "getPairNote" => ask(&[&self.written("notes", note).await.id()]),
            "deletePairNote" => Some(ask(&[&self.written("notes", note).await.id()])?.each_anew()),
            "getPairMessage" => ask(&[&self.written("messages", note).await.id()]),
            "sharePairNotes" => {
                let (first, second) = (self.active().await, self.active().await);
                let body = json!({ "withPairId": second.id });
                Some(of_pair(&first)?.with(body))
            }
            "getChallenge" | "replaceChallenge" => {
                let (application, challenge) = self.challenge().await;
                let asked = ask(&[&application])?;
                Some(if row == "getChallenge" {
                    asked
                } else {
                    asked.with(challenge)
                })
            }
            "getBoard" => {
                let (round, ..) = self.round().await;
                ask(&[&round.to_string()])
            }
            "listExperiments" => {
                let (application, experiment) = self.experiment().await;
                Some(ask(&[&application])?.showing(&experiment))
            }
            "createExperiment" => {
                let (_, application, _) = self.round().await;
                Some(ask(&[&application.to_string()])?.with(plan()))
            }
            "getExperiment" => ask(&[&self.experiment().await.1]),
            "replaceExperiment" => Some(ask(&[&self.experiment().await.1])?.with(plan())),
            "deleteExperiment" => Some(ask(&[&self.experiment().await.1])?.each_anew()),
            "listKeyFigures" => ask(&[&self.world.municipalities[0].id.to_string()]),
            _ => None,
        }
    }

    /// The participant's challenge, shared with the round.
    async fn challenge(&self) -> (String, serde_json::Value) {
        let (_, application, _) = self.round().await;
        let body = json!({ "title": { "text": "Waiting times", "audience": "round" } });
        let path = format!("challenges/{application}");
        let client = &self.participant.client;
        client.change("PUT", &path, "*", body.clone()).await.ok();
        (application.to_string(), body)
    }

    /// An experiment of the participant, shared with the round.
    async fn experiment(&self) -> (String, String) {
        let (_, application, _) = self.round().await;
        let path = format!("challenges/{application}/experiments");
        let made = self.participant.client.post(&path, plan()).await.created();
        (application.to_string(), made.id())
    }

    fn meeting(&self) -> serde_json::Value {
        let at: chrono::DateTime<Utc> = self.world.service.clock.now() + TimeDelta::minutes(30);
        json!({ "startsAt": at, "lengthMinutes": 60 })
    }

    /// A conflict that the participant declared: its round and its id.
    async fn conflict(&self) -> (String, String) {
        let (round, ..) = self.round().await;
        let body = json!({
            "personId": self.participant.id, "otherPersonId": self.mentor().id,
        });
        let path = format!("rounds/{round}/conflicts");
        let made = self.participant.client.post(&path, body).await.created();
        (round.to_string(), made.id())
    }

    /// A demanded pair.
    async fn constraint(&self) -> String {
        let (round, application, mentor) = self.round().await;
        let body = json!({
            "kind": "lock", "mentorId": mentor, "applicationId": application,
            "reason": "They know each other.",
        });
        let path = format!("rounds/{round}/matching-constraints");
        self.coordinator().post(&path, body).await.created().id()
    }
}

fn plan() -> serde_json::Value {
    json!({ "track": "relations", "plan": { "text": "Ask first", "audience": "round" } })
}
