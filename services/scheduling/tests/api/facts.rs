//! Facts of registration: doubled, out of order, of a newer version, and of a person who is
//! forgotten. Everything else here works without registration, which no test of this crate runs.

use crate::world::{World, event, on_each_database, seminar, with};
use serde_json::{Value, json};
use shared_types::{ApplicationId, PersonId};

#[actix_web::test]
async fn a_seat_counts_by_its_newest_version_whatever_the_order() {
    on_each_database(async |world| {
        let person = PersonId::new();
        let application = ApplicationId::new();
        let part = |seat: &str, version: i32| json!({
            "applicationId": application, "roundId": world.round, "personId": person,
            "organisationId": world.municipalities[0].0, "municipalityId": world.municipalities[0].0,
            "organiserId": world.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": seat, "replaces": null, "version": version, "newMember": "of a later version",
        });
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        let schedule = format!("rounds/{}/schedule", world.round);
        // The participation is known before the person is.
        let now = world.service.clock.now();
        let accepted = event("offer.accepted", part("accepted", 3), now);
        let withdrawn = event("participation.withdrawn", part("withdrawn", 4), now);
        world.deliver(&accepted).await;
        world.client(person).get(&schedule).await.ok();
        world.deliver(&withdrawn).await;
        world.client(person).get(&schedule).await.refused("not_found");
        for late in [&accepted, &withdrawn] {
            world.deliver(late).await;
            world.client(person).get(&schedule).await.refused("not_found");
        }
        let again = event("offer.accepted", part("accepted", 3), now);
        world.deliver(&again).await;
        world.client(person).get(&schedule).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn whoever_is_forgotten_gets_no_message_and_leaves_no_name() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        let to = |told: &[Value]| {
            told.iter()
                .filter(|one| one["personId"] == json!(person))
                .count()
        };
        assert_eq!(to(&world.published("message.requested").await), 1);
        world
            .fact("person.erased", json!({ "personId": person }))
            .await;
        // What is kept of messages to the person goes too, and none is added.
        assert_eq!(to(&world.published("message.requested").await), 0);
        let done = json!({ "personId": person, "service": "scheduling" });
        assert_eq!(world.published("erasure.acknowledged").await, [done]);
        world.session(seminar("2022-10-01")).await;
        world.release().await;
        assert_eq!(to(&world.published("message.requested").await), 0);
        let contents = shared_testing::database::contents(&world.service.state.database).await;
        let known = contents["known_people"].join("\n");
        let id = person.uuid().simple().to_string();
        for row in known
            .lines()
            .filter(|row| row.replace('-', "").to_lowercase().contains(&id))
        {
            assert!(!row.contains("Petra"), "{row}");
        }
    })
    .await;
}

/// Words that somebody writes, or that are written of somebody, and that nobody else writes.
const CANARY: &str = "kanariefågel";

/// Everything that this service is told of a person in words: why a mark was corrected and why the
/// person sits in another group, what the person proposes, and how the person answers.
async fn told_of(world: &World, person: PersonId) {
    let words = |what: &str| format!("{CANARY} {what}");
    let client = world.client(person);
    let session = world.session(seminar("2022-09-01")).await;
    let elective = json!({ "kind": "elective", "choice": "spring" });
    let elective = world.session(with(seminar("2022-09-08"), &elective)).await;
    let guests = json!({ "kind": "ceremony", "audience": ["mentors"] });
    world.session(with(seminar("2023-03-31"), &guests)).await;
    crate::invitations::mentor(world, uuid::Uuid::now_v7(), person, ("active", 1)).await;
    world.release().await;
    let invited = client.get("invitations").await.ok();
    let answer = format!(
        "invitations/{}/answer",
        invited["items"][0]["id"].as_str().unwrap()
    );
    let body = json!({ "verdict": "maybe", "comment": words("svar") });
    client.post(&answer, body).await.ok();
    let proposals = format!("sessions/{session}/agenda-proposals");
    let body = json!({
        "form": "discussion", "title": { "sv": words("titel") }, "description": words("förslag"),
    });
    client.post(&proposals, body).await.created();
    client
        .post_empty(&format!("sessions/{elective}/choice"))
        .await
        .ok();

    let sets = format!("rounds/{}/group-sets", world.round);
    let body = json!({ "name": { "sv": "Grupper" }, "groupsCount": 2 });
    let set = world.coordinator.post(&sets, body).await.created().id();
    let group = format!("group-sets/{set}/members/{person}");
    for number in [1, 2] {
        let body = json!({ "group": number, "isLocked": true, "reason": words("grupp") });
        world
            .coordinator
            .change("PUT", &group, "*", body)
            .await
            .ok();
    }
    world.service.set_clock("2022-09-01T10:00:00Z");
    let sheet = format!("sessions/{session}/attendance");
    for status in ["absent", "excused"] {
        let marks = json!([{ "personId": person, "day": 1, "status": status }]);
        let body = json!({ "marks": marks, "reason": words("sjuk") });
        world.coordinator.post(&sheet, body).await.ok();
    }
    let tasks = format!("rounds/{}/make-up-tasks", world.round);
    let task = json!({ "title": { "sv": "Reflektion" }, "halfDays": 2 });
    let task = world.coordinator.post(&tasks, task).await.created().id();
    let done = format!("make-up-tasks/{task}/completions");
    let body = json!({ "personIds": [person] });
    world.coordinator.post(&done, body).await.ok();
}

/// In which tables words stand.
async fn tables_with(world: &World, words: &str) -> Vec<String> {
    let contents = shared_testing::database::contents(&world.service.state.database).await;
    let found = contents
        .into_iter()
        .filter(|(_, rows)| rows.iter().any(|row| row.contains(words)));
    found.map(|(table, _)| table).collect()
}

/// Rows of a table in which a person is named.
async fn rows_of(world: &World, table: &str, person: PersonId) -> usize {
    let contents = shared_testing::database::contents(&world.service.state.database).await;
    let id = person.uuid().simple().to_string();
    let plain = |row: &String| row.replace('-', "").to_lowercase();
    let rows = contents[table].iter().map(plain);
    rows.filter(|row| row.contains(&id)).count()
}

#[actix_web::test]
async fn no_table_keeps_a_word_of_or_about_whoever_is_forgotten() {
    on_each_database(async |world| {
        let (person, other) = (
            world.participant(world.round).await,
            world.participant(world.round).await,
        );
        told_of(world, person).await;
        let kept = [
            "attendance_marks",
            "elective_choices",
            "invitations",
            "make_ups",
        ];
        // The canary sings where it is kept: else this would find nothing whatever is forgotten.
        let before = tables_with(world, CANARY).await;
        for table in ["agenda_proposals", "change_reasons", "invitations"] {
            assert!(
                before.iter().any(|one| one == table),
                "{table} in {before:?}"
            );
        }
        for table in kept {
            assert!(rows_of(world, table, person).await > 0, "{table}");
        }
        // Of somebody else nothing is forgotten.
        let fact = |person: PersonId| json!({ "personId": person });
        world.fact("person.erased", fact(PersonId::new())).await;
        assert_eq!(tables_with(world, CANARY).await, before);
        world.fact("person.erased", fact(person)).await;
        assert_eq!(tables_with(world, CANARY).await, Vec::<String>::new());
        for table in kept {
            assert_eq!(rows_of(world, table, person).await, 0, "{table}");
        }
        assert!(world.published("erasure.acknowledged").await.len() == 2);
        world
            .client(other)
            .get(&format!("rounds/{}/schedule", world.round))
            .await
            .ok();
    })
    .await;
}

#[actix_web::test]
async fn what_is_to_come_of_a_round_that_is_cancelled_is_called_off_and_what_was_held_stays() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let (venue, _) = world.venue().await;
        let held = world.session(seminar("2022-04-04")).await;
        let coming = world.session(seminar("2022-09-01")).await;
        let releases = format!("rounds/{}/releases", world.round);
        let reason = json!({ "reason": "One was held already." });
        world.coordinator.post(&releases, reason).await.created();
        let unseen = world.session(seminar("2022-10-01")).await;
        let booking = async |first: &str, last: &str| {
            let body = json!({
                "roundId": world.round, "venueId": venue, "startsOn": first, "endsOn": last,
                "heldUntil": "2022-06-15", "nights": [], "meals": [],
            });
            world
                .coordinator
                .post("bookings", body)
                .await
                .created()
                .id()
        };
        let option = booking("2022-09-01", "2022-09-02").await;
        let firm = booking("2022-10-01", "2022-10-02").await;
        let path = format!("bookings/{firm}/confirmation");
        world.coordinator.post_empty(&path).await.ok();
        let state =
            async |what: &str, id: &str| world.get(&format!("{what}/{id}")).await["state"].clone();
        let to = async || {
            let told = world.published("message.requested").await;
            told.iter()
                .filter(|one| one["personId"] == json!(person))
                .count()
        };
        let before = to().await;
        for _ in 0..2 {
            let round = json!({
                "roundId": world.round, "programmeId": uuid::Uuid::now_v7(),
                "organiserId": world.organiser, "state": "cancelled",
                "name": { "sv": "Ledarskap i kommuner" }, "seats": 24, "startsOn": null,
                "endsOn": null, "language": "sv", "timeZone": "Europe/Stockholm", "version": 2,
            });
            world.fact("round.cancelled", round).await;
            assert_eq!(state("sessions", &held).await, "planned");
            assert_eq!(state("sessions", &coming).await, "cancelled");
            assert_eq!(state("sessions", &unseen).await, "cancelled");
            assert_eq!(state("bookings", &option).await, "released");
            assert_eq!(state("bookings", &firm).await, "cancelled");
            assert_eq!(to().await, before + 1, "who sees the session is told, once");
            let schedule = format!("rounds/{}/schedule", world.round);
            let seen = world.client(person).get(&schedule).await.ok();
            let of = |id: &str| {
                let sessions = seen["sessions"].as_array().unwrap();
                let found = sessions.iter().find(|one| one["id"] == json!(id));
                found.unwrap()["status"].clone()
            };
            assert_eq!(of(&coming), "cancelled");
            assert_ne!(of(&held), "cancelled");
        }
    })
    .await;
}
