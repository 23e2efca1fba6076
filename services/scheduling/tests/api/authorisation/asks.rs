//! What is asked of each operation: about which thing, with which body.

use super::{API, scene::Scene};
use crate::{
    plans::pattern,
    world::{seminar, venue, with},
};
use serde_json::{Value, json};
use shared_testing::{
    authorisation::{Ask, UNIQUE, operation},
    imports,
};
use shared_types::RoundId;

impl Scene {
    /// What is asked for a row.
    pub(super) async fn request(&self, row: &str) -> Option<Ask> {
        if let Some(ask) = self.ask_of_guests(row).await {
            return Some(ask);
        }
        if let Some(ask) = self.ask_of_people(row).await {
            return Some(ask);
        }
        match operation(row) {
            "getApiInfo" | "getSchedulingArchive" => API.ask(row, &[]),
            "proposeDates" => self.ask_of_dates(row).await,
            one if one.contains("Import") => self.ask_of_import(row).await,
            one if one.contains("Cohort") => self.ask_of_cohorts(row).await,
            one if one.contains("Group") => self.ask_of_groups(row).await,
            one if one.contains("Venue") || one.contains("Room") => self.ask_of_venue(row).await,
            one if one.contains("Session") => self.ask_of_session(row).await,
            one if one.contains("Booking") || one.contains("HeadCount") => {
                self.ask_of_booking(row).await
            }
            one if one.contains("Material") || one.contains("Announcement") => {
                self.ask_of_words(row).await
            }
            one if one.contains("AgendaProposal") => self.ask_of_proposal(row).await,
            "listElectives" | "chooseElective" | "withdrawChoice" => {
                self.ask_of_elective(row).await
            }
            _ => self.ask_of_plan(row).await,
        }
    }

    async fn ask_of_import(&self, row: &str) -> Option<Ask> {
        let organiser = self.world.organiser;
        let path = format!("imports?mode=dry_run&organisationId={organiser}");
        let body = json!([{ "key": UNIQUE, "name": UNIQUE }]);
        if operation(row) == "createSchedulingImport" {
            let mut ask = API.ask(row, &[])?.with(body);
            ask.path = path;
            return Some(ask);
        }
        let made = imports::made(&self.world.coordinator, &path, &body).await;
        match operation(row) {
            "listSchedulingImports" => Some(API.ask(row, &[])?.showing(&made)),
            _ => API.ask(row, &[&made]),
        }
    }

    async fn ask_of_words(&self, row: &str) -> Option<Ask> {
        let (round, session) = (self.world.round.to_string(), self.session.clone());
        let material = json!({ "title": { "sv": "Text" }, "address": "https://library.example/x" });
        let words = json!({ "title": { "sv": "Buss" }, "body": { "sv": "Den går 8.15." } });
        let coordinator = &self.world.coordinator;
        match operation(row) {
            "createMaterial" => Some(API.ask(row, &[&session])?.with(material)),
            "createAnnouncement" => Some(API.ask(row, &[&round])?.with(words)),
            one if one.contains("Material") => {
                let path = format!("sessions/{session}/materials");
                let id = coordinator.post(&path, material).await.created().id();
                match one {
                    "listMaterials" => {
                        Some(API.ask(row, &[&session])?.showing(&id).about(&session))
                    }
                    "getMaterial" => API.ask(row, &[&id]),
                    "deleteMaterial" => Some(API.ask(row, &[&id])?.each_anew()),
                    _ => None,
                }
            }
            one => {
                let path = format!("rounds/{round}/announcements");
                let id = coordinator.post(&path, words).await.created().id();
                match one {
                    "listAnnouncements" => {
                        Some(API.ask(row, &[&round])?.showing(&id).about(&round))
                    }
                    "getAnnouncement" => API.ask(row, &[&id]),
                    _ => None,
                }
            }
        }
    }

    async fn ask_of_proposal(&self, row: &str) -> Option<Ask> {
        let session = self.session.clone();
        let body = json!({ "form": "discussion", "title": { "sv": "Skolor" } });
        let path = format!("sessions/{session}/agenda-proposals");
        if operation(row) == "createAgendaProposal" {
            return Some(API.ask(row, &[&session])?.with(body));
        }
        let person = self.world.client(self.person);
        let id = person.post(&path, body).await.created().id();
        if operation(row) == "listAgendaProposals" {
            return Some(API.ask(row, &[&session])?.showing(&id).about(&session));
        }
        let ask = API.ask(row, &[&id])?;
        match operation(row) {
            "getAgendaProposal" => Some(ask),
            "acceptAgendaProposal" => {
                let place = json!({ "day": 1, "startsAt": "11:00" });
                Some(ask.with(place).each_anew())
            }
            "refuseAgendaProposal" | "withdrawAgendaProposal" => Some(ask.each_anew()),
            _ => None,
        }
    }

    async fn ask_of_elective(&self, row: &str) -> Option<Ask> {
        if operation(row) == "listElectives" {
            return API.ask(row, &[&self.world.round.to_string()]);
        }
        API.ask(row, &[&self.elective])
    }

    async fn ask_of_venue(&self, row: &str) -> Option<Ask> {
        let (id, room) = self.world.venue().await;
        let body = venue(self.world.organiser);
        let new_room = json!({ "name": UNIQUE, "capacity": 3 });
        match operation(row) {
            "listVenues" => Some(API.ask(row, &[])?.showing(&id)),
            "createVenue" => Some(API.ask(row, &[])?.with(body)),
            "getVenue" => API.ask(row, &[&id]),
            "replaceVenue" => Some(API.ask(row, &[&id])?.with(body)),
            "listRooms" => Some(API.ask(row, &[&id])?.showing(&room).about(&id)),
            "createRoom" => Some(API.ask(row, &[&id])?.with(new_room)),
            "getRoom" => API.ask(row, &[&room]),
            "replaceRoom" => Some(API.ask(row, &[&room])?.with(new_room)),
            _ => None,
        }
    }

    async fn ask_of_session(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        let reserve = json!({ "kind": "reserve" });
        let reason = json!({ "reason": "Few." });
        if operation(row) == "createSession" {
            return Some(API.ask(row, &[&round])?.with(seminar("2022-10-01")));
        }
        let id = self
            .world
            .session(with(seminar("2023-02-01"), &reserve))
            .await;
        let ask = API.ask(row, &[&id])?;
        match operation(row) {
            "getSession" | "getSessionHistory" => Some(ask),
            "replaceSession" => Some(ask.with(seminar("2022-10-01"))),
            "deleteSession" | "lapseSession" => Some(ask.each_anew()),
            "cancelSession" => Some(ask.with(reason).each_anew()),
            "activateSession" => {
                let other = self.world.session(seminar("2022-11-01")).await;
                let body = json!({ "replacesId": other, "reason": "Snow." });
                Some(ask.with(body).each_anew())
            }
            _ => None,
        }
    }

    async fn ask_of_plan(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        match operation(row) {
            "getPlan" | "getPlanHistory" | "previewRelease" | "comparePlan" | "getSchedule" => {
                API.ask(row, &[&round])
            }
            "replacePlan" => Some(API.ask(row, &[&round])?.with(json!({}))),
            "createPlanFromPattern" => {
                let (venue, room) = self.world.venue().await;
                let empty = self.empty_round().await;
                let ask = API.ask(row, &[&empty])?.with(pattern(&venue, &room));
                Some(ask.each_anew())
            }
            "clonePlan" => {
                let empty = self.empty_round().await;
                let body = json!({ "modelRoundId": round, "startsOn": "2023-09-01" });
                Some(API.ask(row, &[&empty])?.with(body).each_anew())
            }
            "listReleases" => {
                let releases = format!("rounds/{round}/releases");
                let first: Value = self.world.get(&releases).await;
                let first = first["items"][0]["id"].as_str()?.to_owned();
                Some(API.ask(row, &[&round])?.showing(&first).about(&round))
            }
            "createRelease" => {
                self.world.session(seminar("2022-12-01")).await;
                let reason = json!({ "reason": "They overlap." });
                Some(API.ask(row, &[&round])?.with(reason).each_anew())
            }
            "getRelease" => Some(API.ask(row, &[&round, "1"])?.about(&round)),
            _ => None,
        }
    }

    async fn ask_of_booking(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        let (venue, _) = self.world.venue().await;
        let body = json!({
            "roundId": round, "venueId": venue, "startsOn": "2022-09-01", "endsOn": "2022-09-02",
        });
        if operation(row) == "createBooking" {
            return Some(API.ask(row, &[])?.with(body).about(&round));
        }
        let made = self.world.coordinator.post("bookings", body.clone()).await;
        let id = made.created().id();
        if operation(row) == "listBookings" {
            let filter = format!("roundId={round}");
            return Some(API.ask(row, &[])?.showing(&id).filtered(&[&filter]));
        }
        let ask = API.ask(row, &[&id])?;
        let reason = json!({ "reason": "Few." });
        match operation(row) {
            "getBooking"
            | "getHeadCounts"
            | "getBookingHistory"
            | "createHeadCountLink"
            | "endHeadCountLink" => Some(ask),
            "replaceBooking" => Some(ask.with(body)),
            "confirmBooking" => Some(ask.each_anew()),
            "releaseBooking" => Some(ask.with(reason).each_anew()),
            "cancelBooking" => {
                let confirm = format!("bookings/{id}/confirmation");
                self.world.coordinator.post_empty(&confirm).await.ok();
                Some(ask.with(reason).each_anew())
            }
            _ => None,
        }
    }

    /// A round of the organiser's without a plan.
    async fn empty_round(&self) -> String {
        let round = RoundId::new();
        self.world.know_round(round, self.world.organiser).await;
        round.to_string()
    }
}
