//! Reserve dates: tentative, standing in for a session, or lapsing on their day.

use crate::{
    plans::published,
    world::{codes, on_each_database},
};
use serde_json::{Value, json};

fn of_kind(plan: &Value, kind: &str, number: usize) -> String {
    let sessions = plan["sessions"].as_array().unwrap().iter();
    let mut found = sessions.filter(|one| one["content"]["kind"] == kind);
    found.nth(number).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[actix_web::test]
async fn the_reserve_date_stands_in_for_a_residential_and_eleven_of_twelve_days_are_left() {
    on_each_database(async |world| {
        let plan = published(world).await;
        let fourth = of_kind(&plan, "residential", 3);
        let reserve = of_kind(&plan, "reserve", 0);
        world.participant(world.round).await;
        let release = world.release().await;
        assert_eq!(release["sessions"][6]["status"], "tentative");
        assert_eq!(release["sessions"][6]["counts"], false);
        let path = format!("sessions/{reserve}/activation");
        let body = json!({ "replacesId": fourth, "reason": "Snow." });
        let active = world.coordinator.post(&path, body.clone()).await.ok();
        assert_eq!(active["state"], "activated");
        assert_eq!(active["replacesId"], fourth);
        world
            .coordinator
            .post(&path, body)
            .await
            .refused("session_state_forbids");
        let replaced = world.get(&format!("sessions/{fourth}")).await;
        assert_eq!(replaced["state"], "cancelled");
        assert_eq!(replaced["replacedById"], reserve);
        let plan = world.plan().await;
        assert_eq!(
            plan["programmeDays"],
            json!({ "planned": 11, "promised": 12 })
        );
        assert_eq!(codes(&plan["findings"]), ["programme_days_short"]);
        let release = world.release().await;
        let seen: Vec<_> = release["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["status"].as_str().unwrap())
            .collect();
        let confirmed = ["confirmed"; 4];
        assert_eq!(seen[..4], confirmed);
        assert_eq!(
            seen[4..],
            ["cancelled", "confirmed", "confirmed", "confirmed"]
        );
        world.service.set_clock("2023-02-01T08:00:00Z");
        world.sweep().await;
        let after = world.get(&format!("sessions/{reserve}")).await;
        assert_eq!(after["state"], "activated");
    })
    .await;
}

#[actix_web::test]
async fn only_a_waiting_reserve_date_stands_in_and_only_for_a_session_of_its_plan() {
    on_each_database(async |world| {
        let plan = published(world).await;
        let first = of_kind(&plan, "residential", 0);
        let reserve = of_kind(&plan, "reserve", 0);
        let activate = async |id: &str, replaces: &str| {
            let body = json!({ "replacesId": replaces, "reason": "Snow." });
            world
                .coordinator
                .post(&format!("sessions/{id}/activation"), body)
                .await
        };
        let other = uuid::Uuid::now_v7().to_string();
        for replaces in [&other, &reserve] {
            activate(&reserve, replaces)
                .await
                .refused("session_not_replaceable");
        }
        activate(&first, &reserve)
            .await
            .refused("session_not_reserve");
        let lapse = format!("sessions/{first}/lapse");
        world
            .coordinator
            .post_empty(&lapse)
            .await
            .refused("session_not_reserve");
        let lapse = format!("sessions/{reserve}/lapse");
        assert_eq!(
            world.coordinator.post_empty(&lapse).await.ok()["state"],
            "lapsed"
        );
        activate(&reserve, &first)
            .await
            .refused("session_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn after_its_last_day_a_reserve_date_lapses_and_nothing_else_of_the_draft_is_released() {
    on_each_database(async |world| {
        let plan = published(world).await;
        let reserve = of_kind(&plan, "reserve", 0);
        let kickoff = of_kind(&plan, "kickoff", 0);
        let participant = world.participant(world.round).await;
        world.release().await;
        let before = world.published("message.requested").await.len();
        let cancel = format!("sessions/{kickoff}/cancellation");
        world
            .coordinator
            .post(&cancel, json!({ "reason": "Drafted." }))
            .await
            .ok();
        world.service.set_clock("2023-01-31T22:59:59Z");
        world.sweep().await;
        assert_eq!(
            world.get(&format!("sessions/{reserve}")).await["state"],
            "planned"
        );
        world.service.set_clock("2023-01-31T23:00:00Z");
        world.sweep().await;
        world.sweep().await;
        assert_eq!(
            world.get(&format!("sessions/{reserve}")).await["state"],
            "lapsed"
        );
        let release = world
            .get(&format!("rounds/{}/releases/2", world.round))
            .await;
        let status = |number: usize| release["sessions"][number]["status"].clone();
        assert_eq!(
            (status(0), status(6)),
            (json!("confirmed"), json!("cancelled"))
        );
        assert_eq!(world.plan().await["releasedNumber"], 2);
        let told = world.published("message.requested").await;
        assert_eq!(told.len(), before + 1);
        assert_eq!(told[before]["personId"], json!(participant));
    })
    .await;
}

#[actix_web::test]
async fn a_reserve_date_stands_in_for_what_was_cancelled_before_too() {
    on_each_database(async |world| {
        let plan = published(world).await;
        let fourth = of_kind(&plan, "residential", 3);
        let reserve = of_kind(&plan, "reserve", 0);
        world.participant(world.round).await;
        world.release().await;
        let cancel = format!("sessions/{fourth}/cancellation");
        let reason = json!({ "reason": "Snow." });
        world.coordinator.post(&cancel, reason).await.ok();
        let release = world.release().await;
        assert_eq!(release["sessions"][4]["status"], "cancelled");
        let sequence = release["sessions"][4]["sequence"].clone();
        let path = format!("sessions/{reserve}/activation");
        let body = json!({ "replacesId": fourth, "reason": "There is a date." });
        let active = world.coordinator.post(&path, body).await.ok();
        assert_eq!(active["state"], "activated");
        let replaced = world.get(&format!("sessions/{fourth}")).await;
        assert_eq!(
            (&replaced["state"], &replaced["replacedById"]),
            (&json!("cancelled"), &json!(reserve))
        );
        // It is cancelled once: the reserve date came later, and why stands with the reserve date.
        let history = world.get(&format!("sessions/{fourth}/history")).await;
        let edges = history["entries"].as_array().unwrap().iter();
        let cancelled = edges.filter(|one| one["edge"] == "session.cancelled");
        assert_eq!(cancelled.count(), 1);
        let release = world.release().await;
        assert_eq!(release["sessions"][4]["status"], "cancelled");
        assert_eq!(release["sessions"][4]["replacedById"], json!(reserve));
        assert!(release["sessions"][4]["sequence"].as_i64() > sequence.as_i64());
        assert_eq!(release["sessions"][6]["status"], "confirmed");
        assert_eq!(world.plan().await["programmeDays"]["planned"], 11);
    })
    .await;
}
