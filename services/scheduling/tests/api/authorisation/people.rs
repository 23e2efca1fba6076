//! What is asked of the operations about people: calendars, attendance, invitations, rosters.

use super::{API, scene::Scene};
use crate::{
    calendars,
    invitations::{ceremony, mentor},
    world::{seminar, with},
};
use serde_json::{Value, json};
use shared_testing::authorisation::{Ask, operation};
use uuid::Uuid;

impl Scene {
    /// What is asked for a row about people; nothing where it is about something else.
    pub(super) async fn ask_of_people(&self, row: &str) -> Option<Ask> {
        match operation(row) {
            "listCalendarLinks" | "createCalendarLink" | "getCalendarLink"
            | "revokeCalendarLink" => self.ask_of_link(row).await,
            "downloadSessionCalendar" => API.ask(row, &[&self.marked(row).await]),
            "getSessionAttendance"
            | "recordAttendance"
            | "getAttendanceMarkHistory"
            | "listRoundAttendance"
            | "getParticipantAttendance"
            | "getRoster" => self.ask_of_attendance(row).await,
            "listMakeUpTasks" | "createMakeUpTask" | "getMakeUpTask" | "completeMakeUpTask" => {
                self.ask_of_task(row).await
            }
            "listInvitations" | "getInvitation" | "answerInvitation" | "countInvitations" => {
                self.ask_of_invitation(row).await
            }
            "listSessionSites" | "chooseSite" => {
                // A site is chosen until the session begins.
                let (session, site) = self.hosted(7).await;
                let body = json!({ "siteId": site, "personId": self.person });
                let ask = API.ask(row, &[&session])?;
                Some(if row == "chooseSite" {
                    ask.with(body)
                } else {
                    ask
                })
            }
            "getMySchedule" => API.ask(row, &[]),
            "listStaffSchedules" => Some(API.ask(row, &[])?.showing(&self.person.to_string())),
            _ => None,
        }
    }

    async fn ask_of_link(&self, row: &str) -> Option<Ask> {
        if operation(row) == "createCalendarLink" {
            return Some(API.ask(row, &[])?.with(json!({})));
        }
        let own = self.world.client(self.person);
        // There are only so many links at a time.
        for old in own.get("calendar-links?limit=100").await.ok()["items"].as_array()? {
            let path = format!("calendar-links/{}", old["id"].as_str()?);
            own.change("DELETE", &path, "*", Value::Null).await.is(204);
        }
        let (id, _) = calendars::link(&own).await;
        match operation(row) {
            "listCalendarLinks" => Some(API.ask(row, &[])?.showing(&id)),
            _ => API.ask(row, &[&id]),
        }
    }

    /// A released hybrid session so many days from today with a site, from which the person joins
    /// and which somebody of another municipality looks after; the session and the site.
    async fn hosted(&self, days: u64) -> (String, String) {
        let (venue, _) = self.world.venue().await;
        let (site, _) = self.world.venue().await;
        let now = self.world.service.clock.now();
        let hybrid = json!({
            "form": "hybrid", "venueId": venue,
            "sites": [{ "venueId": site, "capacity": 8, "hostId": self.rival }],
        });
        let day = now.date_naive() + chrono::Days::new(days);
        let body = with(seminar(&day.to_string()), &hybrid);
        let session = self.world.session(body).await;
        let releases = format!("rounds/{}/releases", self.world.round);
        let reason = json!({ "reason": "They overlap." });
        let coordinator = &self.world.coordinator;
        coordinator.post(&releases, reason).await.created();
        let choice = format!("sessions/{session}/site-choice");
        let body = json!({ "siteId": site, "personId": self.person });
        coordinator.post(&choice, body).await.ok();
        (session, site)
    }

    /// A released session of today with a mark of the person's; in a row that ends in `led` the
    /// person leads it.
    async fn marked(&self, row: &str) -> String {
        if row.ends_with("/hosted") {
            return self.hosted(0).await.0;
        }
        let leaders = if row.ends_with("/led") {
            vec![self.person]
        } else {
            Vec::new()
        };
        let now = self.world.service.clock.now();
        let today = seminar(&now.date_naive().to_string());
        let body = with(today, &json!({ "facilitatorIds": leaders }));
        let session = self.world.session(body).await;
        let releases = format!("rounds/{}/releases", self.world.round);
        let reason = json!({ "reason": "They overlap." });
        let release = self.world.coordinator.post(&releases, reason).await;
        release.created();
        session
    }

    async fn ask_of_attendance(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        let session = self.marked(row).await;
        let sheet = format!("sessions/{session}/attendance");
        let body = json!({ "marks": [{ "personId": self.person, "day": 1, "status": "present" }] });
        match operation(row) {
            "getSessionAttendance" | "getRoster" => API.ask(row, &[&session]),
            "recordAttendance" => Some(API.ask(row, &[&session])?.with(body)),
            "getAttendanceMarkHistory" => {
                let marked = self.world.coordinator.post(&sheet, body).await.ok();
                API.ask(row, &[marked["marks"][0]["id"].as_str()?])
            }
            "listRoundAttendance" => {
                let person = self.person.to_string();
                Some(API.ask(row, &[&round])?.showing(&person).about(&round))
            }
            "getParticipantAttendance" => {
                let list = format!("rounds/{round}/attendance?limit=100");
                let list = self.world.get(&list).await;
                let all = list["items"].as_array()?.iter();
                let mut own = all.filter(|one| one["personId"] == json!(self.person));
                API.ask(row, &[own.next()?["applicationId"].as_str()?])
            }
            _ => None,
        }
    }

    async fn ask_of_task(&self, row: &str) -> Option<Ask> {
        let round = self.world.round.to_string();
        let body = json!({ "title": { "sv": "Reflektion" }, "halfDays": 2 });
        if operation(row) == "createMakeUpTask" {
            return Some(API.ask(row, &[&round])?.with(body));
        }
        let path = format!("rounds/{round}/make-up-tasks");
        let task = self.world.coordinator.post(&path, body).await;
        let task = task.created().id();
        match operation(row) {
            "listMakeUpTasks" => Some(API.ask(row, &[&round])?.showing(&task)),
            "completeMakeUpTask" => {
                let body = json!({ "personIds": [self.person] });
                Some(API.ask(row, &[&task])?.with(body))
            }
            _ => API.ask(row, &[&task]),
        }
    }

    /// A ceremony to which the person is invited as a mentor; the session and the invitation.
    pub(super) async fn invited(&self) -> (String, String) {
        mentor(&self.world, Uuid::now_v7(), self.person, ("active", 1)).await;
        let session = ceremony(&self.world).await;
        let list = format!("invitations?sessionId={session}");
        let listed = self.world.client(self.person).get(&list).await.ok();
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        (session, id)
    }

    async fn ask_of_invitation(&self, row: &str) -> Option<Ask> {
        let (session, id) = self.invited().await;
        match operation(row) {
            "listInvitations" => {
                let filter = format!("sessionId={session}");
                Some(API.ask(row, &[])?.showing(&id).filtered(&[&filter]))
            }
            "answerInvitation" => {
                let body = json!({ "verdict": "yes" });
                Some(API.ask(row, &[&id])?.with(body))
            }
            "countInvitations" => API.ask(row, &[&session]),
            _ => API.ask(row, &[&id]),
        }
    }
}
