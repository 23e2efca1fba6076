//! What is asked of what mentors and directors read. Each row has a round of its own, so that the
//! guest is nothing else to anybody there: no manager, and no participant.

use super::{API, scene::Scene};
use crate::world::{seminar, with};
use serde_json::{Value, json};
use shared_testing::authorisation::{Ask, operation};
use shared_types::{ApplicationId, OrganisationId, PersonId, RoundId};
use uuid::Uuid;

impl Scene {
    /// What is asked for a row about guests; nothing where it is about something else.
    pub(super) async fn ask_of_guests(&self, row: &str) -> Option<Ask> {
        let (_, guests) = row.split_once('/')?;
        if matches!(guests, "led" | "hosted") {
            return None;
        }
        let round = RoundId::new();
        self.world.know_round(round, self.world.organiser).await;
        let (audience, employer) = match guests {
            "mentored" => {
                self.world.seat(self.person, round).await;
                let pair = json!({
                    "pairId": Uuid::now_v7(), "roundId": round, "mentorPersonId": self.rival,
                    "state": "active", "version": 1,
                });
                self.world.fact("pair.active", pair).await;
                (json!(["participants", "mentors"]), None)
            }
            "directed" => (json!(["directors"]), Some(self.directed(round).await)),
            _ => return None,
        };
        let session = with(seminar("2022-09-01"), &json!({ "audience": audience }));
        let coordinator = &self.world.coordinator;
        let sessions = format!("rounds/{round}/sessions");
        let session = coordinator.post(&sessions, session).await.created().id();
        let releases = format!("rounds/{round}/releases");
        let reason = json!({ "reason": "They overlap." });
        coordinator.post(&releases, reason).await.created();
        let mut ask = self.guest(row, round, &session, audience).await?;
        ask.employer = employer;
        Some(ask)
    }

    async fn guest(&self, row: &str, round: RoundId, session: &str, to: Value) -> Option<Ask> {
        let round = round.to_string();
        match operation(row) {
            "getSchedule" => API.ask(row, &[&round]),
            "downloadSessionCalendar" => API.ask(row, &[session]),
            _ => {
                // To guests alone: participants do not read it.
                let to = to.as_array()?.last().cloned();
                let words = json!({
                    "title": { "sv": "Buss" }, "body": { "sv": "Den går 8.15." }, "audience": [to],
                });
                let path = format!("rounds/{round}/announcements");
                let made = self.world.coordinator.post(&path, words).await;
                let id = made.created().id();
                if operation(row) == "getAnnouncement" {
                    return API.ask(row, &[&id]);
                }
                Some(API.ask(row, &[&round])?.showing(&id).about(&round))
            }
        }
    }

    /// A municipality with somebody in a round, whose office the manager of the scene holds, who
    /// is nobody's manager there.
    async fn directed(&self, round: RoundId) -> OrganisationId {
        let (municipality, participant) = (OrganisationId::new(), PersonId::new());
        self.world.person(participant, municipality, None).await;
        let office = json!({
            "officeId": Uuid::now_v7(), "organisationId": municipality,
            "kind": "municipal_director", "holderId": self.manager, "version": 1,
        });
        self.world.fact("office.changed", office).await;
        let seat = json!({
            "applicationId": ApplicationId::new(), "roundId": round, "personId": participant,
            "organisationId": municipality, "municipalityId": municipality,
            "organiserId": self.world.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": "accepted", "replaces": null, "version": 3,
        });
        self.world.fact("offer.accepted", seat).await;
        municipality
    }
}
