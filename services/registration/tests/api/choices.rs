//! Choices among the rounds of a programme that gives one seat a person.

use crate::world::{Person, World, on_each_database, programme, round, text, with};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_testing::Reply;

/// A published programme of one seat, with open rounds of so many seats.
async fn rounds(world: &World, seats: &[i32]) -> Vec<String> {
    let body = with(programme(world.organiser), json!({ "oneSeat": true }));
    let id = world
        .coordinator
        .post("programmes", body)
        .await
        .created()
        .id();
    let publication = format!("programmes/{id}/publication");
    world.coordinator.post_empty(&publication).await.ok();
    let mut rounds = Vec::new();
    for seats in seats {
        let members = json!({ "seats": seats, "endorsement": "not_required", "endorseBy": null });
        let body = with(round(&id), members);
        let round = world.coordinator.post("rounds", body).await.created().id();
        for step in ["publication", "opening"] {
            world.step(&format!("rounds/{round}/{step}")).await.ok();
        }
        rounds.push(round);
    }
    rounds
}

async fn apply(person: &Person, round: &str, members: Value) -> Reply {
    let body = with(json!({ "roundId": round }), members);
    person.client.post("applications", body).await
}

async fn choose(person: &Person, round: &str, choice: i32) -> String {
    let applied = apply(person, round, json!({ "choice": choice })).await;
    applied.created().id()
}

async fn answer(person: &Person, application: &str, verdict: &str) -> Reply {
    let path = format!("applications/{application}/answer");
    person
        .client
        .post(&path, json!({ "verdict": verdict }))
        .await
}

async fn people(world: &World, count: usize) -> Vec<Person> {
    let mut people = Vec::new();
    for number in 0..count {
        let name = format!("Person {number}");
        people.push(world.person(world.municipalities[0].id, &name).await);
    }
    people
}

#[actix_web::test]
async fn choices_are_said_once_each_and_only_where_the_programme_ranks_them() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[1, 1]).await;
        let people = people(world, 1).await;
        let first = apply(&people[0], &rounds[0], json!({})).await.created();
        assert_eq!(first["choice"], 1, "the first where none is named");
        apply(&people[0], &rounds[1], json!({}))
            .await
            .refused("choice_already_taken");
        let wrong = apply(&people[0], &rounds[1], json!({ "choice": 4 })).await;
        assert_eq!(wrong.refused("invalid_body").violations()[0].0, "/choice");
        let second = apply(&people[0], &rounds[1], json!({ "choice": 2 })).await;
        assert_eq!(second.created()["choice"], 2);
        let other = world.open_round(json!({})).await;
        apply(&people[0], &other, json!({ "choice": 1 }))
            .await
            .refused("choice_not_offered");
        // How many seats a person gets stays, once a round is announced.
        let read = world
            .coordinator
            .get(&format!("rounds/{}", rounds[0]))
            .await
            .ok();
        let path = format!("programmes/{}", text(&read["programmeId"]));
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["oneSeat"], true);
        let tag = read.tag();
        let body = programme(world.organiser);
        let change = world.coordinator.change("PUT", &path, &tag, body);
        change.await.refused("programme_has_announced_rounds");
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn a_lower_choice_waits_for_the_higher_and_ends_when_that_is_taken() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[1, 1]).await;
        let people = people(world, 2).await;
        let higher = choose(&people[0], &rounds[0], 1).await;
        let lower = choose(&people[0], &rounds[1], 2).await;
        let next = choose(&people[1], &rounds[1], 1).await;
        // The round of the lower choice is announced first: who has it as the first goes ahead.
        let proposal = world.propose(&rounds[1]).await;
        let rows = proposal["rows"].as_array().unwrap();
        assert_eq!(rows[1]["applicationId"], lower);
        assert_eq!(rows[1]["reasons"][0]["code"], "higher_choice_undecided");
        let publication = format!("admission-proposals/{}/publication", proposal.id());
        world.step(&publication).await.ok();
        assert_eq!(world.seat(&next).await, "offered");
        assert_eq!(world.seat(&lower).await, "none");
        // A seat that is freed is not theirs either, as long as the higher is undecided.
        answer(&people[1], &next, "decline").await.ok();
        assert_eq!(world.seat(&lower).await, "none");
        world.assert_sound(&rounds[1]).await;
        world.admit(&rounds[0]).await;
        assert_eq!(world.seat(&higher).await, "offered");
        assert_eq!(world.seat(&lower).await, "none", "one seat at a time");
        answer(&people[0], &higher, "accept").await.ok();
        let path = format!("applications/{lower}");
        let ended = people[0].client.get(&path).await.ok();
        assert_eq!(ended["state"], "withdrawn");
        let history = people[0].client.get(&format!("{path}/history")).await.ok();
        assert!(
            history.text.contains("got_higher_choice"),
            "{}",
            history.text
        );
        let mails = world.service.mails().await;
        let told = mails.iter().filter(|mail| mail.to == people[0].email);
        assert!(
            told.count() >= 4,
            "two received, one offer, one seat, one end"
        );
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn who_leaves_a_higher_choice_is_offered_the_lower_at_once() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[1, 1]).await;
        let people = people(world, 1).await;
        let higher = choose(&people[0], &rounds[0], 1).await;
        let lower = choose(&people[0], &rounds[1], 2).await;
        world.admit(&rounds[0]).await;
        world.admit(&rounds[1]).await;
        assert_eq!(world.seat(&higher).await, "offered");
        assert_eq!(world.seat(&lower).await, "none");
        answer(&people[0], &higher, "decline").await.ok();
        assert_eq!(world.seat(&lower).await, "offered");
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn who_waits_for_the_higher_is_offered_the_lower_and_taking_it_is_final() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[1, 1]).await;
        let people = people(world, 2).await;
        let ahead = choose(&people[1], &rounds[0], 1).await;
        let higher = choose(&people[0], &rounds[0], 1).await;
        let lower = choose(&people[0], &rounds[1], 2).await;
        world.admit(&rounds[1]).await;
        assert_eq!(world.seat(&lower).await, "none");
        world.admit(&rounds[0]).await;
        assert_eq!(world.seat(&ahead).await, "offered");
        assert_eq!(
            world.seat(&lower).await,
            "offered",
            "the higher waits in the queue"
        );
        // A seat that is freed in the higher round is not offered to who has one already.
        answer(&people[1], &ahead, "decline").await.ok();
        assert_eq!(world.seat(&higher).await, "none");
        world.assert_sound(&rounds[0]).await;
        answer(&people[0], &lower, "accept").await.ok();
        let path = format!("applications/{higher}");
        assert_eq!(people[0].client.get(&path).await.ok()["state"], "withdrawn");
        let history = people[0].client.get(&format!("{path}/history")).await.ok();
        assert!(
            history.text.contains("took_lower_choice"),
            "{}",
            history.text
        );
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn a_second_seat_is_given_by_no_override_no_hold_and_no_substitution() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[1, 2]).await;
        let people = people(world, 2).await;
        let higher = choose(&people[0], &rounds[0], 1).await;
        let lower = choose(&people[0], &rounds[1], 2).await;
        let other = choose(&people[1], &rounds[1], 1).await;
        world.admit(&rounds[0]).await;
        assert_eq!(world.seat(&higher).await, "offered");
        let proposal = world.propose(&rounds[1]).await;
        let path = format!("admission-proposals/{}", proposal.id());
        let body = json!({ "verdict": "admit", "reason": "Both, please." });
        let row = format!("{path}/rows/{lower}");
        world
            .coordinator
            .change("PUT", &row, &proposal.tag(), body)
            .await
            .ok();
        let refused = world.step(&format!("{path}/publication")).await;
        refused.refused("seat_in_programme");
        let proposals = format!("rounds/{}/admission-proposals", rounds[1]);
        let again = world.step(&proposals).await.created().id();
        let publication = format!("admission-proposals/{again}/publication");
        world.step(&publication).await.ok();
        assert_eq!(world.seat(&other).await, "offered");
        answer(&people[1], &other, "accept").await.ok();
        let substitution = format!("applications/{other}/substitution");
        let body = json!({ "personId": people[0].id, "reason": "Changes jobs." });
        let withdrawal = format!("applications/{lower}/withdrawal");
        people[0].client.post(&withdrawal, json!({})).await.ok();
        let refused = people[1].client.post(&substitution, body).await;
        refused.refused("seat_in_programme");
        let hold = json!({
            "organisationId": world.municipalities[0].id, "seats": 1, "lapsesOn": "2022-05-20",
            "reason": "Agreed.",
        });
        let holds = format!("rounds/{}/holds", rounds[1]);
        let hold = world.coordinator.post(&holds, hold).await.created().id();
        let body = json!({ "people": [{ "personId": people[0].id, "choice": 1 }], "holdId": hold });
        let nominations = format!("rounds/{}/nominations", rounds[1]);
        let refused = world.coordinator.post(&nominations, body).await;
        let refused = refused.refused("nominations_refused");
        let codes: Vec<_> = refused
            .violations()
            .into_iter()
            .map(|(_, code)| code)
            .collect();
        assert_eq!(codes, ["choice_already_taken", "seat_in_programme"]);
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}

#[actix_web::test]
async fn rounds_that_give_seats_at_once_give_nobody_two() {
    on_each_database(async |world| {
        let rounds = rounds(world, &[3, 3]).await;
        let people = people(world, 6).await;
        let mut all = Vec::new();
        for (number, person) in people.iter().enumerate() {
            // Half of them would rather have the one, half the other.
            let (first, second) = if number % 2 == 0 { (0, 1) } else { (1, 0) };
            let higher = choose(person, &rounds[first], 1).await;
            let lower = choose(person, &rounds[second], 2).await;
            all.push((person, higher, lower));
        }
        world.admit(&rounds[0]).await;
        world.admit(&rounds[1]).await;
        // Everybody answers both at once: what is offered is declined or accepted, and what is
        // freed goes on in both rounds.
        let answers = all
            .iter()
            .enumerate()
            .flat_map(|(number, (person, higher, lower))| {
                let verdict = if number % 3 == 0 { "decline" } else { "accept" };
                [higher, lower].map(|application| answer(person, application, verdict))
            });
        for reply in join_all(answers).await {
            assert!([200, 409].contains(&reply.status), "{}", reply.text);
        }
        for (_, higher, lower) in &all {
            let seats = [world.seat(higher).await, world.seat(lower).await];
            let held = seats
                .iter()
                .filter(|seat| ["offered", "accepted"].contains(&seat.as_str()));
            assert!(held.count() <= 1, "{seats:?}");
        }
        for round in &rounds {
            world.assert_sound(round).await;
        }
    })
    .await;
}
