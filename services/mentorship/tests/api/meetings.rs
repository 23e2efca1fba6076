//! Meetings of pairs.

use crate::world::{World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::Client;
use shared_types::PersonId;

#[actix_web::test]
async fn coordinators_see_that_and_when_a_pair_meets_and_not_what_about() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let path = matched.at("meetings");
        let body = json!({
            "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 60,
            "topic": "The first hundred days", "place": "The library",
        });
        let client = matched.mentor();
        let call = async || client.post_once(&path, "one", body.clone()).await.created();
        let (planned, again) = (call().await, call().await);
        assert_eq!(planned.id(), again.id());
        let other = json!({ "startsAt": "2022-06-14T12:00:00Z", "lengthMinutes": 60 });
        client
            .post_once(&path, "one", other)
            .await
            .refused("idempotency_key_reused");
        assert_eq!(planned["topic"], "The first hundred days");
        let seen = world.coordinator.get(&path).await.ok();
        assert_eq!(seen["items"][0]["startsAt"], "2022-06-13T12:00:00Z");
        assert!(!seen.text.contains("hundred days") && !seen.text.contains("library"));
        let own = format!("meetings/{}", planned.id());
        let held = json!({ "lengthMinutes": 75 });
        let early = client.post(&format!("{own}/holding"), held.clone()).await;
        early.refused("meeting_not_yet_begun");
        world.service.set_clock("2022-06-13T13:30:00Z");
        let by_coordinator = world
            .coordinator
            .post(&format!("{own}/holding"), held.clone())
            .await;
        by_coordinator.refused("forbidden");
        let held = matched
            .mentee()
            .post(&format!("{own}/holding"), held)
            .await
            .ok();
        assert_eq!(
            (&held["state"], &held["lengthMinutes"]),
            (&json!("held"), &json!(75))
        );
        let over = client.post_empty(&format!("{own}/cancellation")).await;
        over.refused("meeting_state_forbids");
        let pair = world
            .coordinator
            .get(&format!("pairs/{}", matched.pair))
            .await
            .ok();
        assert_eq!(pair["meetingsHeld"], 1);
    })
    .await;
}

#[actix_web::test]
async fn each_sees_the_own_meetings_to_come_of_all_pairs_the_nearest_first() {
    on_each_database(async |world| {
        let matched = world.active().await;
        // The same chief mentors another one too.
        let path = format!("mentors/{}", matched.mentor_id);
        let two = json!({ "capacity": 2 });
        world
            .coordinator
            .change("PATCH", &path, "*", two)
            .await
            .ok();
        let other = world.participant(0).await;
        world.match_all().await;
        let pairs = world.pairs().await;
        let is_other = |pair: &&Value| pair["applicationId"] == json!(other.application);
        let second = text(&pairs.iter().find(is_other).unwrap()["id"]);
        let answer = format!("pairs/{second}/answer");
        for client in [matched.mentor(), &other.person.client] {
            let yes = json!({ "verdict": "accept" });
            client.post(&answer, yes).await.ok();
        }
        let activation = format!("pairs/{second}/activation");
        world.coordinator.post_empty(&activation).await.ok();
        let plan = async |pair: &str, at: &str, topic: &str| {
            let path = format!("pairs/{pair}/meetings");
            let body = json!({ "startsAt": at, "lengthMinutes": 60, "topic": topic });
            matched.mentor().post(&path, body).await.created().id()
        };
        plan(&matched.pair, "2022-06-15T12:00:00Z", "third").await;
        plan(&second, "2022-06-14T12:00:00Z", "second").await;
        let called_off = plan(&second, "2022-06-16T12:00:00Z", "never").await;
        plan(&matched.pair, "2022-06-13T12:00:00Z", "first").await;
        let path = format!("meetings/{called_off}/cancellation");
        matched.mentor().post_empty(&path).await.ok();
        let topics = async |client: &Client| {
            let read = client.get("me/meetings").await.ok();
            let upcoming = read["upcoming"].as_array().unwrap();
            let topics = upcoming.iter().map(|one| text(&one["topic"]));
            topics.collect::<Vec<_>>()
        };
        assert_eq!(topics(matched.mentor()).await, ["first", "second", "third"]);
        assert_eq!(topics(matched.mentee()).await, ["first", "third"]);
        assert_eq!(topics(&other.person.client).await, ["second"]);
        assert_eq!(topics(&world.coordinator).await, Vec::<String>::new());
        // What has begun is not to come.
        world.service.set_clock("2022-06-13T12:00:00Z");
        assert_eq!(topics(matched.mentor()).await, ["second", "third"]);
        world
            .service
            .stranger()
            .get("me/meetings")
            .await
            .refused("unauthenticated");
    })
    .await;
}

#[actix_web::test]
async fn no_meeting_is_planned_before_the_pair_is_active_or_in_the_past() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let path = matched.at("meetings");
        let meeting = |at: &str| json!({ "startsAt": at, "lengthMinutes": 60 });
        let early = matched
            .mentee()
            .post(&path, meeting("2022-06-13T12:00:00Z"))
            .await;
        early.refused("pair_not_active");
        let activation = matched.at("activation");
        world.coordinator.post_empty(&activation).await.ok();
        let past = matched
            .mentee()
            .post(&path, meeting("2022-06-01T07:00:00Z"))
            .await;
        past.refused("meeting_in_the_past");
        let wrong = json!({ "startsAt": "tomorrow", "lengthMinutes": 1 });
        let refused = matched
            .mentee()
            .post(&path, wrong)
            .await
            .refused("invalid_body");
        assert_eq!(refused.violations().len(), 2);
    })
    .await;
}

/// The appointments that were mailed to a person, unfolded, with subject and text.
async fn appointments(world: &World, person: PersonId) -> Vec<(String, String, String)> {
    let messages = world.service.messages().await.into_iter();
    let own =
        messages.filter(|one| one["personId"] == json!(person) && one["calendar"].is_string());
    own.map(|one: Value| {
        let calendar = text(&one["calendar"])
            .replace("\r\n ", "")
            .replace("\r\n", "\n");
        (text(&one["subject"]), text(&one["text"]), calendar)
    })
    .collect()
}

#[actix_web::test]
async fn both_get_an_appointment_and_a_cancellation_that_say_when_and_not_what_about() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let body = json!({
            "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 90,
            "topic": "The first hundred days", "place": "The library",
        });
        let planned = matched
            .mentor()
            .post(&matched.at("meetings"), body)
            .await
            .created();
        let other = "Mentor meeting with Chef 1";
        let mentee = matched.mentee.person.id;
        for (person, subject) in [
            (mentee, other),
            (matched.mentor.id, "Mentor meeting with Anna Andersson"),
        ] {
            let sent = appointments(world, person).await;
            assert_eq!(sent.len(), 1);
            let (told, words, calendar) = &sent[0];
            assert_eq!(told, subject);
            assert!(
                words.starts_with("13\u{a0}June\u{a0}2022, 14.00–15.30\n\n"),
                "{words}"
            );
            for line in [
                "METHOD:REQUEST".to_owned(),
                format!("UID:{}@akademi", planned.id()),
                "SEQUENCE:0".to_owned(),
                "DTSTART;TZID=Europe/Stockholm:20220613T140000".to_owned(),
                "DTEND;TZID=Europe/Stockholm:20220613T153000".to_owned(),
            ] {
                assert!(
                    calendar.contains(&format!("\n{line}\n")),
                    "{line}: {calendar}"
                );
            }
            for secret in ["hundred", "library"] {
                assert!(!words.contains(secret) && !calendar.contains(secret));
            }
        }
        let cancel = format!("meetings/{}/cancellation", planned.id());
        matched.mentee().post_empty(&cancel).await.ok();
        for person in [mentee, matched.mentor.id] {
            let sent = appointments(world, person).await;
            assert_eq!(sent.len(), 2);
            for line in ["METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"] {
                assert!(
                    sent[1].2.contains(&format!("\n{line}\n")),
                    "{line}: {}",
                    sent[1].2
                );
            }
        }
        assert_eq!(
            appointments(world, mentee).await[1].0,
            "Cancelled: mentor meeting with Chef 1"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_pair_that_ends_calls_off_what_is_to_come_and_leaves_what_was() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let path = matched.at("meetings");
        for day in ["2022-06-02", "2022-06-13", "2022-06-20"] {
            let body = json!({ "startsAt": format!("{day}T12:00:00Z"), "lengthMinutes": 60 });
            matched.mentor().post(&path, body).await.created();
        }
        world.service.set_clock("2022-06-10T12:00:00Z");
        let ending = json!({ "ending": "other" });
        matched
            .mentee()
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        let list = world.coordinator.get(&path).await.ok();
        let states: Vec<String> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| text(&one["state"]))
            .collect();
        assert_eq!(states, ["planned", "cancelled", "cancelled"]);
        let sent = appointments(world, matched.mentor.id).await;
        let cancelled = sent.iter().filter(|one| one.2.contains("METHOD:CANCEL"));
        assert_eq!((sent.len(), cancelled.count()), (5, 2));
    })
    .await;
}
