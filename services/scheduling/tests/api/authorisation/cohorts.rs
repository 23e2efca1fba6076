//! What is asked of dates and of rounds for everyone.

use super::{API, scene::Scene};
use serde_json::{Value, json};
use shared_testing::authorisation::{Ask, operation};
use shared_types::{ProgrammeId, RoundId};

impl Scene {
    pub(super) async fn ask_of_dates(&self, row: &str) -> Option<Ask> {
        let body = json!({
            "window": { "startsOn": "2026-08-24", "endsOn": "2026-08-28" },
            "occasions": [{
                "kind": "kickoff", "form": "digital",
                "days": [{ "startsAt": "13:15", "endsAt": "15:00" }],
            }],
        });
        Some(API.ask(row, &[])?.with(body))
    }

    pub(super) async fn ask_of_cohorts(&self, row: &str) -> Option<Ask> {
        let body = self.rounds_for_everyone().await;
        let made = self
            .world
            .coordinator
            .post("cohort-plans", body.clone())
            .await;
        let id = made.created().id();
        let fresh = self.rounds_for_everyone().await;
        match operation(row) {
            "listCohortPlans" => Some(API.ask(row, &[])?.showing(&id)),
            "createCohortPlan" => Some(API.ask(row, &[])?.with(fresh)),
            "replanCohorts" => {
                let (rounds, people) = (&body["rounds"], &body["people"]);
                let body = json!({ "rounds": rounds, "people": people, "reason": "Moved." });
                Some(API.ask(row, &[&id])?.with(body))
            }
            "publishCohortPlan" => Some(API.ask(row, &[&id])?.each_anew()),
            _ => API.ask(row, &[&id]),
        }
    }

    /// A programme of the organiser's with one round, and the person to go there.
    async fn rounds_for_everyone(&self) -> Value {
        let (programme, round) = (ProgrammeId::new(), RoundId::new());
        let fact = json!({
            "programmeId": programme, "organiserId": self.world.organiser, "state": "published",
            "name": { "sv": "Ledarskap" }, "version": 1,
        });
        self.world.fact("programme.published", fact).await;
        let fact = json!({
            "roundId": round, "programmeId": programme, "organiserId": self.world.organiser,
            "state": "open", "name": { "sv": "Omgång" }, "seats": 9, "startsOn": "2026-09-01",
            "endsOn": "2026-12-18", "language": "sv", "timeZone": "Europe/Stockholm", "version": 1,
        });
        self.world.fact("round.opened", fact).await;
        json!({
            "programmeId": programme, "rounds": [{ "roundId": round }],
            "people": { "personIds": [self.person] },
        })
    }
}
