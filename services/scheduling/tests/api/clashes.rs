//! Clashes over all rounds: rooms, facilitators, participants.

use crate::world::{World, codes, on_each_database, seminar, with};
use futures_util::future::join_all;
use scheduling::releases::claims::sabotage;
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::{OrganisationId, PersonId, Role, RoundId};

/// A round of another organiser, with its coordinator.
async fn fellow(world: &World) -> (RoundId, Client) {
    let organiser = OrganisationId::new();
    let round = RoundId::new();
    world.know_round(round, organiser).await;
    let roles = [(Role::Coordinator, organiser)];
    let client = world.service.stranger().person(PersonId::new(), &roles);
    (round, client)
}

async fn add(client: &Client, round: RoundId, body: Value) -> String {
    let path = format!("rounds/{round}/sessions");
    client.post(&path, body).await.created().id()
}

async fn release(client: &Client, round: RoundId, body: Value) -> Reply {
    let path = format!("rounds/{round}/releases");
    client.post(&path, body).await
}

async fn findings(client: &Client, round: RoundId) -> Value {
    let plan = client.get(&format!("rounds/{round}/plan")).await.ok();
    plan["findings"].clone()
}

#[actix_web::test]
async fn a_room_that_another_organiser_has_is_taken_and_no_more_is_told() {
    on_each_database(async |world| {
        let (venue, room) = world.venue().await;
        let places = json!({ "venueId": venue, "roomId": room });
        let (other, coordinator) = fellow(world).await;
        world.session(with(seminar("2022-09-01"), &places)).await;
        add(&coordinator, other, with(seminar("2022-09-01"), &places)).await;
        // A draft takes nothing.
        assert_eq!(findings(&coordinator, other).await, json!([]));
        world.release().await;
        let found = findings(&coordinator, other).await;
        assert_eq!(codes(&found), ["room_clash"]);
        assert_eq!(found[0]["roomId"], room);
        assert_eq!(found[0]["date"], "2022-09-01");
        assert!(found[0].get("otherSessionId").is_none());
        let refused = release(&coordinator, other, json!({})).await;
        let detail = refused.refused("plan_clashes")["detail"].to_string();
        assert!(detail.contains("room_clash"), "{detail}");
        let reason = json!({ "reason": "The wall can be moved." });
        release(&coordinator, other, reason).await.created();
    })
    .await;
}

#[actix_web::test]
async fn a_room_is_free_again_once_its_session_is_cancelled_or_ends_before() {
    on_each_database(async |world| {
        let (venue, room) = world.venue().await;
        let places = json!({ "venueId": venue, "roomId": room });
        let (other, coordinator) = fellow(world).await;
        let first = world.session(with(seminar("2022-09-01"), &places)).await;
        world.release().await;
        let day = json!([{ "date": "2022-09-01", "startsAt": "16:00", "endsAt": "18:00" }]);
        let after = with(
            seminar("2022-09-01"),
            &json!({
                "days": day, "venueId": venue, "roomId": room,
            }),
        );
        let id = add(&coordinator, other, after).await;
        assert_eq!(findings(&coordinator, other).await, json!([]));
        let same = with(seminar("2022-09-01"), &places);
        let path = format!("sessions/{id}");
        coordinator.change("PUT", &path, "*", same).await.ok();
        assert_eq!(codes(&findings(&coordinator, other).await), ["room_clash"]);
        let cancel = format!("sessions/{first}/cancellation");
        world
            .coordinator
            .post(&cancel, json!({ "reason": "Few." }))
            .await
            .ok();
        assert_eq!(codes(&findings(&coordinator, other).await), ["room_clash"]);
        world.release().await;
        assert_eq!(findings(&coordinator, other).await, json!([]));
        release(&coordinator, other, json!({})).await.created();
    })
    .await;
}

#[actix_web::test]
async fn nobody_leads_two_sessions_or_attends_two_rounds_at_once() {
    on_each_database(async |world| {
        let leader = PersonId::new();
        let both = world.participant(world.round).await;
        let second = RoundId::new();
        world.know_round(second, world.organiser).await;
        world.seat(both, second).await;
        world.participant(second).await;
        let led = with(
            seminar("2022-09-01"),
            &json!({ "facilitatorIds": [leader] }),
        );
        let first = world.session(led.clone()).await;
        world.release().await;
        add(&world.coordinator, second, led).await;
        let found = findings(&world.coordinator, second).await;
        assert_eq!(codes(&found), ["facilitator_clash", "participant_clash"]);
        assert_eq!(found[0]["personIds"], json!([leader]));
        assert_eq!(found[1]["personIds"], json!([both]));
        assert_eq!(found[1]["otherSessionId"], first);
        let refused = release(&world.coordinator, second, json!({})).await;
        refused.refused("plan_clashes");
    })
    .await;
}

/// A second round of the same organiser.
async fn second(world: &World) -> RoundId {
    let round = RoundId::new();
    world.know_round(round, world.organiser).await;
    round
}

/// One group of everybody who has a seat in the world's round, published.
async fn group(world: &World) -> Value {
    let sets = format!("rounds/{}/group-sets", world.round);
    let body = json!({ "name": { "sv": "Alla" }, "groupsCount": 1 });
    let set = world.coordinator.post(&sets, body).await.created();
    let publish = format!("group-sets/{}/publication", set.id());
    world.coordinator.post(&publish, json!({})).await.ok();
    set["groups"][0]["id"].clone()
}

#[actix_web::test]
async fn a_mentor_is_not_invited_to_two_rounds_at_once() {
    on_each_database(async |world| {
        let (both, other) = (PersonId::new(), PersonId::new());
        let next = second(world).await;
        for (round, mentor) in [(world.round, both), (next, both), (next, other)] {
            let fact = json!({
                "pairId": uuid::Uuid::now_v7(), "roundId": round, "mentorPersonId": mentor,
                "state": "active", "version": 1,
            });
            world.fact("pair.active", fact).await;
        }
        let guests = with(seminar("2022-09-01"), &json!({ "audience": ["mentors"] }));
        let first = world.session(guests.clone()).await;
        world.release().await;
        let own = add(&world.coordinator, next, guests).await;
        let found = findings(&world.coordinator, next).await;
        assert_eq!(codes(&found), ["mentor_clash"]);
        assert_eq!(found[0]["personIds"], json!([both]));
        assert_eq!(found[0]["otherSessionId"], first);
        let refused = release(&world.coordinator, next, json!({})).await;
        refused.refused("plan_clashes");
        let later = with(seminar("2022-09-02"), &json!({ "audience": ["mentors"] }));
        let path = format!("sessions/{own}");
        world
            .coordinator
            .change("PUT", &path, "*", later)
            .await
            .ok();
        assert_eq!(findings(&world.coordinator, next).await, json!([]));
    })
    .await;
}

#[actix_web::test]
async fn who_is_in_a_group_is_not_at_its_meeting_and_in_another_round_at_once() {
    on_each_database(async |world| {
        let member = world.participant(world.round).await;
        let group = group(world).await;
        // Whoever came later is in no group.
        let late = world.participant(world.round).await;
        let next = second(world).await;
        for person in [member, late] {
            world.seat(person, next).await;
        }
        let meeting = json!({ "kind": "group_meeting", "audience": ["group"], "groupId": group });
        let meeting = world.session(with(seminar("2022-09-01"), &meeting)).await;
        // From the side of whoever is planned first, and of whoever comes second.
        let own = add(&world.coordinator, next, seminar("2022-09-01")).await;
        release(&world.coordinator, next, json!({})).await.created();
        let found = findings(&world.coordinator, world.round).await;
        assert_eq!(codes(&found), ["participant_clash"]);
        assert_eq!(found[0]["personIds"], json!([member]));
        assert_eq!(found[0]["otherSessionId"], own);
        let reason = json!({ "reason": "They choose." });
        release(&world.coordinator, world.round, reason)
            .await
            .created();
        let found = findings(&world.coordinator, next).await;
        assert_eq!(codes(&found), ["participant_clash"]);
        assert_eq!(found[0]["personIds"], json!([member]));
        assert_eq!(found[0]["otherSessionId"], meeting);
    })
    .await;
}

#[actix_web::test]
async fn nobody_leads_in_one_round_and_takes_part_in_another_at_once() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let next = second(world).await;
        world.participant(next).await;
        let taken = world.session(seminar("2022-09-01")).await;
        let led = json!({ "facilitatorIds": [person] });
        let led = add(&world.coordinator, next, with(seminar("2022-09-01"), &led)).await;
        world.release().await;
        let found = findings(&world.coordinator, next).await;
        assert_eq!(codes(&found), ["facilitator_clash"]);
        assert_eq!(found[0]["personIds"], json!([person]));
        assert_eq!(found[0]["otherSessionId"], taken);
        let reason = json!({ "reason": "Somebody stands in." });
        release(&world.coordinator, next, reason).await.created();
        let found = findings(&world.coordinator, world.round).await;
        assert_eq!(codes(&found), ["facilitator_clash"]);
        assert_eq!(found[0]["personIds"], json!([person]));
        assert_eq!(found[0]["otherSessionId"], led);
    })
    .await;
}

#[actix_web::test]
async fn a_room_is_large_enough_for_the_group_that_meets_there() {
    on_each_database(async |world| {
        for _ in 0..2 {
            world.participant(world.round).await;
        }
        let group = group(world).await;
        let (venue, room) = world.venue().await;
        let small = json!({ "name": "Lilla rummet", "capacity": 1 });
        let rooms = format!("venues/{venue}/rooms");
        let small = world.coordinator.post(&rooms, small).await.created().id();
        let meeting = |room: &str| {
            let members = json!({
                "kind": "group_meeting", "audience": ["group"], "groupId": group,
                "venueId": venue, "roomId": room,
            });
            with(seminar("2022-09-01"), &members)
        };
        let session = world.session(meeting(&small)).await;
        let found = world.plan().await["findings"].clone();
        assert_eq!(codes(&found), ["capacity_below_roster"]);
        assert_eq!(
            (&found[0]["count"], &found[0]["wanted"]),
            (&json!(1), &json!(2))
        );
        let path = format!("sessions/{session}");
        world
            .coordinator
            .change("PUT", &path, "*", meeting(&room))
            .await
            .ok();
        assert_eq!(world.plan().await["findings"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn sessions_of_one_plan_do_not_overlap_unless_they_are_alternatives() {
    on_each_database(async |world| {
        world.session(seminar("2022-09-01")).await;
        let late = json!([{ "date": "2022-09-01", "startsAt": "15:00", "endsAt": "17:00" }]);
        let second = with(seminar("2022-09-01"), &json!({ "days": late }));
        let second = world.session(second).await;
        assert_eq!(codes(&world.plan().await["findings"]), ["session_overlap"]);
        let path = format!("sessions/{second}");
        world
            .coordinator
            .change("DELETE", &path, "*", json!(null))
            .await
            .is(204);
        let elective = with(
            seminar("2022-09-08"),
            &json!({
                "kind": "elective", "choice": "spring",
            }),
        );
        for _ in 0..2 {
            world.session(elective.clone()).await;
        }
        assert_eq!(world.plan().await["findings"], json!([]));
    })
    .await;
}

/// Two coordinators release at once, both with the only room.
async fn race(world: &World, early: bool) -> Vec<u16> {
    let (venue, room) = world.venue().await;
    let body = with(
        seminar("2022-09-01"),
        &json!({ "venueId": venue, "roomId": room }),
    );
    let mut rounds = Vec::new();
    for _ in 0..2 {
        let (round, client) = fellow(world).await;
        add(&client, round, body.clone()).await;
        if early {
            sabotage::look_early(round.uuid());
        }
        rounds.push((round, client));
    }
    let calls = rounds
        .iter()
        .map(|(round, client)| release(client, *round, json!({})));
    let mut statuses: Vec<_> = join_all(calls).await.iter().map(|one| one.status).collect();
    statuses.sort_unstable();
    statuses
}

#[actix_web::test]
async fn two_coordinators_never_both_take_the_last_room() {
    on_each_database(async |world| {
        for _ in 0..5 {
            assert_eq!(race(world, false).await, [201, 409]);
        }
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_two_coordinators_both_take_the_last_room() {
    on_each_database(async |world| {
        assert_eq!(race(world, true).await, [201, 201]);
    })
    .await;
}
