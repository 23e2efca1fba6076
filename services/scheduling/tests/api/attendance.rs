//! Attendance: marking, correcting, counting, making up.

use crate::world::{World, on_each_database, seminar, with};
use serde_json::{Value, json};
use shared_testing::Reply;
use shared_types::PersonId;

/// A released seminar that a person leads.
pub(crate) async fn led(world: &World, date: &str, leader: PersonId) -> String {
    let body = with(seminar(date), &json!({ "facilitatorIds": [leader] }));
    let session = world.session(body).await;
    world.release().await;
    session
}

fn mark(person: PersonId, half: &str, status: &str) -> Value {
    json!({ "personId": person, "day": 1, "half": half, "status": status })
}

fn whole(person: PersonId, status: &str) -> Value {
    json!({ "personId": person, "day": 1, "status": status })
}

fn sheet(session: &str) -> String {
    format!("sessions/{session}/attendance")
}

/// Marks as the coordinator, at noon of the day.
async fn record(world: &World, session: &str, marks: Value) -> Reply {
    let body = json!({ "marks": marks });
    world.coordinator.post(&sheet(session), body).await
}

/// How somebody stands, as the coordinator's list says.
async fn standing(world: &World, person: PersonId, query: &str) -> Value {
    let path = format!("rounds/{}/attendance?limit=100{query}", world.round);
    let listed = world.get(&path).await;
    let all = listed["items"].as_array().unwrap();
    let own = all.iter().find(|one| one["personId"] == json!(person));
    own.cloned().unwrap_or_default()
}

#[actix_web::test]
async fn a_facilitator_marks_a_whole_group_in_one_call() {
    on_each_database(async |world| {
        let (leader, one) = (PersonId::new(), world.participant(world.round).await);
        let two = world.participant(world.round).await;
        let session = led(world, "2022-09-01", leader).await;
        let facilitator = world.client(leader);
        world.service.set_clock("2022-09-01T07:44:00Z");
        let marks = json!([whole(one, "present"), mark(two, "second", "partial")]);
        let body = json!({ "marks": marks });
        let early = facilitator.post(&sheet(&session), body.clone()).await;
        let early = early.refused("attendance_refused");
        let expected = ["/marks/0/day", "/marks/1/day"];
        let not_open = expected.map(|at| (at.to_owned(), "attendance_not_open".to_owned()));
        assert_eq!(early.violations(), not_open);
        world.service.set_clock("2022-09-01T07:45:00Z");
        let made = facilitator.post(&sheet(&session), body.clone()).await.ok();
        assert_eq!(made["marks"].as_array().unwrap().len(), 3);
        assert_eq!(made["days"][0]["opensAt"], "2022-09-01T07:45:00Z");
        let first = world.published("attendance.recorded").await;
        assert_eq!(first.len(), 2);
        assert!(first.iter().all(|fact| fact["version"] == 1));
        let of_one = first.iter().find(|fact| fact["personId"] == json!(one));
        let of_one = of_one.unwrap();
        assert_eq!(of_one["countedQuarters"], 4);
        assert_eq!(of_one["halfDays"].as_array().unwrap().len(), 2);
        // What is said already changes nothing.
        let again = facilitator.post(&sheet(&session), body).await.ok();
        assert_eq!(again.tag(), made.tag());
        assert_eq!(world.published("attendance.recorded").await.len(), 2);
        let read = facilitator.get(&sheet(&session)).await.ok();
        assert_eq!((read.tag(), &read["marks"]), (made.tag(), &made["marks"]));
        let stale = facilitator.call("POST".parse().unwrap(), &sheet(&session));
        let correct = json!({ "marks": [whole(one, "absent")] });
        let stale = stale.header("if-match", "\"1-abc\"").json(&correct);
        stale.send().await.refused("version_stale");
    })
    .await;
}

#[actix_web::test]
async fn a_correction_keeps_who_when_and_what_it_said() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = led(world, "2022-09-01", PersonId::new()).await;
        world.service.set_clock("2022-09-01T10:00:00Z");
        let made = record(world, &session, json!([mark(person, "first", "absent")])).await;
        let id = made.ok()["marks"][0]["id"].as_str().unwrap().to_owned();
        world.service.set_clock("2022-09-20T10:00:00Z");
        let body = json!({ "marks": [mark(person, "first", "excused")], "reason": "She was ill." });
        world.coordinator.post(&sheet(&session), body).await.ok();
        let history = world.get(&format!("attendance-marks/{id}/history")).await;
        let entries = history["entries"].as_array().unwrap();
        let edges: Vec<_> = entries
            .iter()
            .map(|one| one["edge"].as_str().unwrap())
            .collect();
        let expected = [
            "attendance.unknown_to_absent",
            "attendance.absent_to_excused",
        ];
        assert_eq!(edges, expected);
        assert_eq!(entries[1]["reason"], "She was ill.");
        assert!(
            entries[1]["at"]
                .as_str()
                .unwrap()
                .starts_with("2022-09-20T10:00")
        );
        assert!(entries[1]["actor"].as_str().unwrap().starts_with("person:"));
        let told = world.published("attendance.recorded").await;
        assert_eq!(told.last().unwrap()["version"], 2);
        assert_eq!(told.last().unwrap()["halfDays"][0]["status"], "excused");
        let own = world.client(person);
        let path = format!("attendance-marks/{id}/history");
        own.get(&path).await.refused("not_found");
        own.get(&sheet(&session)).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn everything_that_speaks_against_a_list_is_told_and_nothing_is_marked() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let elsewhere = PersonId::new();
        let session = led(world, "2022-09-01", PersonId::new()).await;
        world.service.set_clock("2022-09-01T10:00:00Z");
        let marks = json!([
            whole(person, "present"),
            whole(elsewhere, "present"),
            { "personId": person, "day": 2, "status": "present" },
            mark(person, "second", "absent"),
            { "personId": person, "day": 3, "status": "present", "siteId": PersonId::new() },
        ]);
        let refused = record(world, &session, marks).await;
        let refused = refused.refused("attendance_refused");
        let expected = [
            ("/marks/1/personId", "attendance_not_participant"),
            ("/marks/2/day", "attendance_no_such_day"),
            ("/marks/3", "attendance_twice"),
            ("/marks/4/day", "attendance_no_such_day"),
            ("/marks/4/siteId", "attendance_site_unknown"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(refused.violations(), expected);
        let read = world.get(&sheet(&session)).await;
        assert_eq!(read["marks"], json!([]));
        let bad = json!({ "marks": [
            { "personId": "x", "day": 0, "half": "third", "status": "there", "why": 1 },
        ] });
        let bad = world.coordinator.post(&sheet(&session), bad).await;
        let bad = bad.refused("invalid_body").violations();
        let at: Vec<_> = bad.iter().map(|(at, _)| at.as_str()).collect();
        for member in ["personId", "day", "half", "status", "why"] {
            let pointer = format!("/marks/0/{member}");
            assert!(at.contains(&pointer.as_str()), "{pointer} in {at:?}");
        }
        let cancel = format!("sessions/{session}/cancellation");
        let reason = json!({ "reason": "Snow." });
        world.coordinator.post(&cancel, reason).await.ok();
        world.release().await;
        let late = record(world, &session, json!([whole(person, "present")])).await;
        late.refused("session_cancelled");
    })
    .await;
}

#[actix_web::test]
async fn marking_opens_by_the_clocks_of_the_day_on_which_they_move() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        // Ten o'clock is 08:00 UTC after clocks went forward, and 09:00 after they went back.
        for (date, before, opens) in [
            ("2022-10-30", "2022-10-30T08:44:59Z", "2022-10-30T08:45:00Z"),
            ("2023-03-26", "2023-03-26T07:44:59Z", "2023-03-26T07:45:00Z"),
        ] {
            let session = led(world, date, PersonId::new()).await;
            world.service.clock.stop_at(before.parse().unwrap());
            let marks = || json!([whole(person, "present")]);
            let early = record(world, &session, marks()).await;
            early.refused("attendance_refused");
            world.service.clock.stop_at(opens.parse().unwrap());
            record(world, &session, marks()).await.ok();
        }
    })
    .await;
}

#[actix_web::test]
async fn one_is_told_how_many_days_one_was_there_and_a_coordinator_who_falls_short() {
    on_each_database(async |world| {
        let (good, poor) = (
            world.participant(world.round).await,
            world.participant(world.round).await,
        );
        let mut sessions = Vec::new();
        for date in ["2022-09-01", "2022-09-02", "2022-09-05", "2023-03-01"] {
            sessions.push(world.session(seminar(date)).await);
        }
        world.release().await;
        world.service.set_clock("2022-09-06T10:00:00Z");
        for session in &sessions[..3] {
            let marks = json!([
                mark(good, "first", "present"),
                mark(good, "second", "partial"),
                mark(poor, "first", "excused"),
                mark(poor, "second", "absent")
            ]);
            record(world, session, marks).await.ok();
        }
        let of_good = standing(world, good, "").await;
        assert_eq!(of_good["days"]["counted"], 2.25);
        assert_eq!(of_good["days"]["total"], 4.0);
        assert_eq!(of_good["days"]["ahead"], 1.0);
        assert_eq!(of_good["outlook"], "at_risk");
        assert_eq!(standing(world, poor, "").await["outlook"], "out_of_reach");
        let easy = "&requiredPercent=50";
        assert_eq!(standing(world, good, easy).await["outlook"], "on_track");
        assert_eq!(standing(world, poor, easy).await["outlook"], "at_risk");
        let narrowed = format!("{easy}&outlook=at_risk");
        assert_eq!(standing(world, good, &narrowed).await, Value::Null);
        assert!(standing(world, poor, &narrowed).await.is_object());
        let id = of_good["applicationId"].as_str().unwrap();
        let path = format!("participations/{id}/attendance");
        let own = world.client(good).get(&path).await.ok();
        assert_eq!(own["days"], of_good["days"]);
        assert_eq!(own["halfDays"].as_array().unwrap().len(), 8);
        world.client(poor).get(&path).await.refused("not_found");
        let bad = format!("rounds/{}/attendance?outlook=lost", world.round);
        world
            .coordinator
            .get(&bad)
            .await
            .refused("invalid_parameter");
    })
    .await;
}

#[actix_web::test]
async fn a_task_makes_up_for_what_was_excused_and_for_what_no_session_gives() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let plan = json!({ "promisedDays": 3 });
        let path = format!("rounds/{}/plan", world.round);
        world.coordinator.change("PUT", &path, "*", plan).await.ok();
        world.session(seminar("2022-09-02")).await;
        world.release().await;
        world.service.set_clock("2022-09-03T10:00:00Z");
        let marks = json!([
            mark(person, "first", "present"),
            mark(person, "second", "excused")
        ]);
        record(world, &session, marks).await.ok();
        let before = standing(world, person, "").await;
        assert_eq!(before["days"]["counted"], 0.5);
        assert_eq!(
            (&before["days"]["total"], &before["days"]["notOffered"]),
            (&json!(3.0), &json!(1.0))
        );
        let task = json!({ "title": { "sv": "Reflektion" }, "halfDays": 2 });
        let path = format!("rounds/{}/make-up-tasks", world.round);
        let task = world.coordinator.post(&path, task).await.created();
        let done = format!("make-up-tasks/{}/completions", task.id());
        let body = json!({ "personIds": [person] });
        world.coordinator.post(&done, body.clone()).await.ok();
        let after = standing(world, person, "").await;
        assert_eq!(
            (&after["days"]["counted"], &after["days"]["madeUp"]),
            (&json!(1.5), &json!(1.0))
        );
        let told = world.published("attendance.recorded").await;
        assert_eq!(
            (told.len(), &told[1]["version"], &told[1]["countedQuarters"]),
            (2, &json!(2), &json!(6))
        );
        let own = world.client(person);
        let seen = own.get(&format!("make-up-tasks/{}", task.id())).await.ok();
        assert_eq!(seen["doneByIds"], json!([person]));
        own.post(&done, body).await.refused("forbidden");
        let other = world.participant(world.round).await;
        let seen = world.client(other).get(&path).await.ok();
        assert_eq!(seen["items"][0]["doneByIds"], json!([]));
        let undone = json!({ "personIds": [person], "done": false });
        world.coordinator.post(&done, undone).await.ok();
        assert_eq!(standing(world, person, "").await["days"]["counted"], 0.5);
        let stranger = json!({ "personIds": [person, PersonId::new()] });
        let refused = world.coordinator.post(&done, stranger).await;
        let refused = refused.refused("make_up_refused");
        assert_eq!(refused.violations()[0].0, "/personIds/1");
    })
    .await;
}

#[actix_web::test]
async fn a_release_tells_anew_how_those_stand_who_were_marked() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = led(world, "2022-09-01", PersonId::new()).await;
        world.service.set_clock("2022-09-01T10:00:00Z");
        record(world, &session, json!([whole(person, "present")]))
            .await
            .ok();
        world.session(seminar("2022-10-01")).await;
        world.release().await;
        let told = world.published("attendance.recorded").await;
        assert_eq!(told.len(), 2);
        assert_eq!(
            (&told[1]["version"], &told[1]["totalQuarters"]),
            (&json!(2), &json!(8))
        );
    })
    .await;
}
