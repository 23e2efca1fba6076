//! Bookings, beds, and what a venue reads by its link.

use crate::world::{World, event, on_each_database, seminar, with};
use futures_util::future::join_all;
use scheduling::releases::claims::sabotage;
use serde_json::{Value, json};
use shared_types::OrganisationId;

async fn booking(world: &World, venue: &str, heads: i32) -> Value {
    json!({
        "roundId": world.round, "venueId": venue, "startsOn": "2022-09-01",
        "endsOn": "2022-09-02", "heldUntil": "2022-06-15",
        "nights": [{ "night": "2022-09-01", "heads": heads }],
        "meals": [{ "date": "2022-09-01", "meal": "lunch", "heads": 26 }],
    })
}

#[actix_web::test]
async fn an_option_is_confirmed_and_cancelled_and_makes_its_session_tentative_until_then() {
    on_each_database(async |world| {
        let (venue, room) = world.venue().await;
        let places = json!({ "venueId": venue, "roomId": room });
        let session = world.session(with(seminar("2022-09-01"), &places)).await;
        let body = with(
            booking(world, &venue, 12).await,
            &json!({ "sessionId": session }),
        );
        let made = world
            .coordinator
            .post("bookings", body.clone())
            .await
            .created();
        assert_eq!(made["state"], "option");
        assert_eq!(world.release().await["sessions"][0]["status"], "tentative");
        let path = format!("bookings/{}", made.id());
        let reason = json!({ "reason": "Moved." });
        let cancel = format!("{path}/cancellation");
        let refused = world.coordinator.post(&cancel, reason.clone()).await;
        refused.refused("booking_state_forbids");
        let firm = world
            .coordinator
            .post_empty(&format!("{path}/confirmation"))
            .await
            .ok();
        assert_eq!(firm["state"], "firm");
        assert_eq!(world.plan().await["isChanged"], true);
        assert_eq!(world.release().await["sessions"][0]["status"], "confirmed");
        let other = with(body.clone(), &json!({ "sessionId": uuid::Uuid::now_v7() }));
        let other = world.coordinator.change("PUT", &path, "*", other).await;
        other.refused("session_unknown");
        let cancelled = world.coordinator.post(&cancel, reason).await.ok();
        assert_eq!(cancelled["state"], "cancelled");
        let late = world.coordinator.change("PUT", &path, "*", body).await;
        late.refused("booking_state_forbids");
        let history = world.get(&format!("{path}/history")).await;
        assert_eq!(history["entries"][2]["reason"], "Moved.");
    })
    .await;
}

#[actix_web::test]
async fn a_firm_booking_that_the_venue_takes_back_is_released_and_its_beds_are_free() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let body = booking(world, &venue, 12).await;
        let made = world
            .coordinator
            .post("bookings", body.clone())
            .await
            .created();
        let path = format!("bookings/{}", made.id());
        let confirm = format!("{path}/confirmation");
        let firm = world.coordinator.post_empty(&confirm).await.ok();
        for edge in ["release", "cancellation"] {
            assert!(firm.rels().iter().any(|rel| rel == edge), "{edge}");
        }
        let full = world.coordinator.post("bookings", body.clone()).await;
        full.refused("venue_beds_taken");
        let reason = json!({ "reason": "Another round wants it." });
        let release = format!("{path}/release");
        let released = world.coordinator.post(&release, reason.clone()).await.ok();
        assert_eq!(released["state"], "released");
        let again = world.coordinator.post(&release, reason).await;
        again.refused("booking_state_forbids");
        let told = world.published("booking.released").await;
        assert_eq!(told.len(), 1);
        world.coordinator.post("bookings", body).await.created();
    })
    .await;
}

#[actix_web::test]
async fn of_two_who_want_the_last_beds_one_gets_them() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let body = booking(world, &venue, 12).await;
        let calls = (0..3).map(|_| world.coordinator.post("bookings", body.clone()));
        let replies = join_all(calls).await;
        let made: Vec<_> = replies.iter().filter(|one| one.status == 201).collect();
        assert_eq!(made.len(), 1);
        let id = made[0].id();
        for reply in replies.into_iter().filter(|one| one.status != 201) {
            let detail = reply.refused("venue_beds_taken")["detail"].to_string();
            assert!(detail.contains("8 of 20"), "{detail}");
        }
        let rest = booking(world, &venue, 8).await;
        world.coordinator.post("bookings", rest).await.created();
        // Its own beds are not in its way.
        let path = format!("bookings/{id}");
        world
            .coordinator
            .change("PUT", &path, "*", body.clone())
            .await
            .ok();
        let release = format!("{path}/release");
        world
            .coordinator
            .post(&release, json!({ "reason": "Few." }))
            .await
            .ok();
        world.coordinator.post("bookings", body).await.created();
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_all_who_want_the_last_beds_get_them() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let body = booking(world, &venue, 12).await;
        sabotage::look_early(world.round.uuid());
        let calls = (0..3).map(|_| world.coordinator.post("bookings", body.clone()));
        let replies = join_all(calls).await;
        assert!(replies.iter().all(|reply| reply.status == 201));
    })
    .await;
}

#[actix_web::test]
async fn an_option_that_nobody_confirms_runs_out_after_its_last_day() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let body = booking(world, &venue, 12).await;
        let made = world.coordinator.post("bookings", body).await.created();
        let path = format!("bookings/{}", made.id());
        for (instant, state) in [
            ("2022-06-15T21:59:59Z", "option"),
            ("2022-06-15T22:00:00Z", "released"),
        ] {
            world.service.set_clock(instant);
            world.sweep().await;
            assert_eq!(world.get(&path).await["state"], state);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_venue_reads_counts_and_never_names_by_a_link_of_its_own() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let (venue, _) = world.venue().await;
        let body = booking(world, &venue, 12).await;
        let made = world.coordinator.post("bookings", body).await.created();
        let counted = |value: &str, count: i32| {
            json!({
                "roundId": world.round, "organiserId": world.organiser,
                "needs": { "statedCount": 1, "counts": [
                    { "kind": "diet", "value": value, "count": count },
                ] },
            })
        };
        let now = world.service.clock.now();
        let later = event("needs.counted", counted("vegan", 1), now);
        world.deliver(&later).await;
        world.deliver(&later).await;
        let earlier = now - chrono::TimeDelta::hours(1);
        world
            .deliver(&event("needs.counted", counted("halal", 9), earlier))
            .await;
        let link = format!("bookings/{}/link", made.id());
        let link = world.coordinator.post_empty(&link).await.ok();
        let address = link["address"].as_str().unwrap().to_owned();
        let venue = world.service.stranger();
        let read = venue.get(&address).await.ok();
        assert_eq!(read["participantsCount"], 1);
        assert_eq!(
            read["nights"],
            json!([{ "night": "2022-09-01", "heads": 12 }])
        );
        assert_eq!(
            read["needs"],
            json!([{ "kind": "diet", "value": "vegan", "count": 1 }])
        );
        assert!(!read.text.contains("Petra"), "{}", read.text);
        let table = venue.get(&address.replace(".json", ".csv")).await.ok();
        let expected = "what,kind,date,count\r\nparticipants,,,1\r\nguests,,,0\r\nnight,,2022-09-01,12\r\n\
                        meal,lunch,2022-09-01,26\r\nneeds_stated,,,1\r\nneed_diet,vegan,,1\r\n";
        assert_eq!(table.text, expected);
        assert!(
            table
                .header("content-type")
                .unwrap()
                .starts_with("text/csv")
        );
        for wrong in [
            address.replace(".json", ".xml"),
            address.replace("counts/A", "counts/B"),
        ] {
            venue.get(&wrong).await.is(404);
        }
        let again = format!("bookings/{}/link", made.id());
        let link = world.coordinator.post_empty(&again).await.ok();
        venue.get(&address).await.is(404);
        let address = link["address"].as_str().unwrap();
        venue.get(address).await.ok();
        for _ in 0..2 {
            let ended = world.coordinator.change("DELETE", &again, "*", Value::Null);
            ended.await.is(204);
            venue.get(address).await.is(404);
        }
        let history = world.get(&format!("bookings/{}/history", made.id())).await;
        let edges = history["entries"].as_array().unwrap().iter();
        let ended = edges.filter(|one| one["edge"] == "booking.link_ended");
        assert_eq!(ended.count(), 1);
    })
    .await;
}

#[actix_web::test]
async fn nights_and_meals_lie_within_the_booking() {
    on_each_database(async |world| {
        let (venue, _) = world.venue().await;
        let body = with(
            booking(world, &venue, 1).await,
            &json!({
                "heldUntil": "2022-09-01",
                "nights": [{ "night": "2022-09-02", "heads": 1 }],
                "meals": [{ "date": "2022-09-03", "meal": "lunch", "heads": 1 }],
            }),
        );
        let refused = world.coordinator.post("bookings", body).await;
        let found = refused.refused("invalid_body").violations();
        let found: Vec<_> = found.iter().map(|one| one.0.as_str()).collect();
        assert_eq!(found, ["/heldUntil", "/meals/0/date", "/nights/0/night"]);
        let elsewhere = booking(world, &OrganisationId::new().to_string(), 1).await;
        world
            .coordinator
            .post("bookings", elsewhere)
            .await
            .refused("venue_unknown");
    })
    .await;
}

/// What the venue reads of a booking for a session: participants and guests, as JSON and as CSV.
async fn heads(world: &World, venue: &str, session: &str) -> (i64, i64) {
    let nights = json!({ "sessionId": session, "nights": [] });
    let body = with(booking(world, venue, 1).await, &nights);
    let made = world.coordinator.post("bookings", body).await.created();
    let link = format!("bookings/{}/link", made.id());
    let link = world.coordinator.post_empty(&link).await.ok();
    let address = link["address"].as_str().unwrap();
    let venue = world.service.stranger();
    let read = venue.get(address).await.ok();
    let count = |name: &str| read[name].as_i64().unwrap();
    let counts = (count("participantsCount"), count("guestsCount"));
    let table = venue.get(&address.replace(".json", ".csv")).await.ok();
    let lines = format!("participants,,,{}\r\nguests,,,{}\r\n", counts.0, counts.1);
    assert!(table.text.contains(&lines), "{}", table.text);
    counts
}

#[actix_web::test]
async fn heads_are_those_for_whom_the_session_is() {
    on_each_database(async |world| {
        let mut people = Vec::new();
        for _ in 0..3 {
            people.push(world.participant(world.round).await);
        }
        let sets = format!("rounds/{}/group-sets", world.round);
        let body = json!({ "name": { "sv": "Par" }, "groupsCount": 2 });
        let set = world.coordinator.post(&sets, body).await.created();
        let groups = set["groups"].as_array().unwrap();
        let pair = groups
            .iter()
            .find(|one| one["members"].as_array().unwrap().len() == 2);
        let pair = pair.unwrap()["id"].clone();
        let meeting = json!({ "kind": "group_meeting", "audience": ["group"], "groupId": pair });
        let meeting = world.session(with(seminar("2022-09-01"), &meeting)).await;
        let elective = json!({ "kind": "elective", "choice": "spring" });
        let elective = world.session(with(seminar("2022-09-08"), &elective)).await;
        let guests = json!({ "kind": "ceremony", "audience": ["participants", "directors"] });
        let ceremony = world.session(with(seminar("2023-03-31"), &guests)).await;
        let (venue, _) = world.venue().await;
        // Nobody is in a group that is not published, and nobody has chosen or answered.
        assert_eq!(heads(world, &venue, &meeting).await, (0, 0));
        let publish = format!("group-sets/{}/publication", set.id());
        world.coordinator.post(&publish, json!({})).await.ok();
        assert_eq!(heads(world, &venue, &meeting).await, (2, 0));
        world.release().await;
        assert_eq!(heads(world, &venue, &meeting).await, (2, 0));
        assert_eq!(heads(world, &venue, &elective).await, (0, 0));
        let choice = format!("sessions/{elective}/choice");
        world.client(people[0]).post_empty(&choice).await.ok();
        assert_eq!(heads(world, &venue, &elective).await, (1, 0));
        assert_eq!(heads(world, &venue, &ceremony).await, (3, 0));
        let director = world.client(world.municipalities[0].1);
        let invited = director.get("invitations").await.ok();
        let id = invited["items"][0]["id"].as_str().unwrap();
        let answer = format!("invitations/{id}/answer");
        for (verdict, coming) in [("maybe", 0), ("yes", 1), ("no", 0)] {
            director
                .post(&answer, json!({ "verdict": verdict }))
                .await
                .ok();
            assert_eq!(heads(world, &venue, &ceremony).await, (3, coming));
        }
    })
    .await;
}
