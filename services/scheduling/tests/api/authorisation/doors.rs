//! Pages and inner doors: what opens them is not a role but what is presented.

use super::{API, scene::Scene};
use crate::{calendars, invitations, world::World};
use serde_json::{Value, json};
use shared_testing::{Reply, authorisation::Doors, databases};
use shared_types::{LinkId, Role};
use shared_web::link::LinkKey;

const CALENDAR: &str = "/scheduling/pages/calendars/{secret}.ics";
const INVITATION: &str = "/scheduling/pages/invitation/{token}";

#[actix_web::test]
async fn pages_and_doors_open_for_what_the_table_says() {
    for database in databases().await {
        let scene = Scene::set(World::new(database).await).await;
        assert_eq!(API.check_doors(&scene).await, 5 * API.doors().rows.len());
    }
}

impl Doors for Scene {
    /// What a page is about, and the token that opens it.
    type Keys = (String, String);

    async fn keys(&self, row: &str) -> Self::Keys {
        if row == CALENDAR {
            let (id, path) = calendars::link(&self.world.client(self.person)).await;
            let (_, name) = path.rsplit_once('/').unwrap();
            return (id, name.trim_end_matches(".ics").to_owned());
        }
        if row == INVITATION {
            let (_, id) = self.invited().await;
            let page = invitations::page(&self.world, &id).await;
            return (id, page.rsplit_once('/').unwrap().1.to_owned());
        }
        let (venue, _) = self.world.venue().await;
        let body = json!({
            "roundId": self.world.round, "venueId": venue, "startsOn": "2022-09-01",
            "endsOn": "2022-09-02",
        });
        let booking = self
            .world
            .coordinator
            .post("bookings", body)
            .await
            .created()
            .id();
        let token = self.link(&booking).await;
        (booking, token)
    }

    async fn knock(&self, row: &str, (booking, token): &Self::Keys, presented: char) -> Reply {
        if row == CALENDAR || row == INVITATION {
            return self.knock_of_people(row, (booking, token), presented).await;
        }
        let stranger = self.world.service.stranger();
        let key = LinkKey::from_secret("links of tests");
        let token = match presented {
            'r' => token.clone(),
            'w' => format!("{}.json", key.sign("slate", LinkId::new())),
            'v' => {
                self.link(booking).await;
                token.clone()
            }
            'f' => format!(
                "{}.json",
                LinkKey::from_secret("x").sign("head-counts", LinkId::new())
            ),
            _ => "x.json".to_owned(),
        };
        let path = row
            .replace("{name}", "scheduling")
            .replace("{token}", &token);
        let caller = match presented {
            'w' => stranger.system(Role::Coordinator, Some(self.world.organiser)),
            _ => stranger,
        };
        if path == "/events" {
            return caller.post(&path, json!({})).await;
        }
        caller.get(&path).await
    }
}

impl Scene {
    async fn knock_of_people(
        &self,
        row: &str,
        (id, token): (&str, &str),
        presented: char,
    ) -> Reply {
        let key = LinkKey::from_secret("links of tests");
        let forged = LinkKey::from_secret("x").sign("invitation", LinkId::new());
        let token = match presented {
            'r' => token.to_owned(),
            'w' => key.sign("head-counts", LinkId::new()),
            'v' => {
                self.revoke(row, id).await;
                token.to_owned()
            }
            'f' => forged,
            _ => "x".to_owned(),
        };
        let path = row.replace("{secret}", &token).replace("{token}", &token);
        self.world.service.stranger().get(&path).await
    }

    /// Takes back what opens a page: one's own calendar, or an invitation by cancelling what it is
    /// to.
    async fn revoke(&self, row: &str, id: &str) {
        let own = self.world.client(self.person);
        if row == CALENDAR {
            let path = format!("calendar-links/{id}");
            own.change("DELETE", &path, "*", Value::Null).await.is(204);
            return;
        }
        let read = own.get(&format!("invitations/{id}")).await.ok();
        let session = read["sessionId"].as_str().unwrap();
        let path = format!("sessions/{session}/cancellation");
        let reason = json!({ "reason": "Snow." });
        self.world.coordinator.post(&path, reason).await.ok();
        self.world.release().await;
    }

    async fn link(&self, booking: &str) -> String {
        let path = format!("bookings/{booking}/link");
        let made = self.world.coordinator.post_empty(&path).await.ok();
        let address = made["address"].as_str().unwrap();
        address.rsplit_once('/').unwrap().1.to_owned()
    }
}
