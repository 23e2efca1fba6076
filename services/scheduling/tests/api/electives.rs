//! Elective sessions and what participants choose.

use crate::world::{World, on_each_database, seminar, with};
use futures_util::future::join_all;
use scheduling::releases::claims::sabotage;
use serde_json::{Value, json};
use shared_testing::{Client, Method};
use shared_types::PersonId;

/// Two sessions between which participants of a released plan choose; the first has one place.
async fn alternatives(world: &World) -> [String; 2] {
    let of = |date: &str, capacity: i32| {
        with(
            seminar(date),
            &json!({
                "kind": "elective", "choice": "spring", "capacity": capacity,
            }),
        )
    };
    let first = world.session(of("2022-09-01", 1)).await;
    let second = world.session(of("2022-09-08", 9)).await;
    world.release().await;
    [first, second]
}

async fn chosen(world: &World, person: PersonId) -> Vec<(i64, bool)> {
    let path = format!("rounds/{}/electives", world.round);
    let read = world.client(person).get(&path).await.ok();
    let all = read["electives"].as_array().unwrap().iter();
    let short = |one: &Value| {
        let count = one["chosenCount"].as_i64().unwrap();
        (count, one["isChosen"] == true)
    };
    all.map(short).collect()
}

#[actix_web::test]
async fn a_participant_has_one_session_of_a_choice_until_it_begins() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let [first, second] = alternatives(world).await;
        let client = world.client(person);
        let choice = |session: &str| format!("sessions/{session}/choice");
        client.post_empty(&choice(&first)).await.ok();
        client.post_empty(&choice(&first)).await.ok();
        assert_eq!(chosen(world, person).await, [(1, true), (0, false)]);
        client.post_empty(&choice(&second)).await.ok();
        assert_eq!(chosen(world, person).await, [(0, false), (1, true)]);
        client
            .change("DELETE", &choice(&second), "*", Value::Null)
            .await
            .is(204);
        assert_eq!(chosen(world, person).await, [(0, false), (0, false)]);
        let plain = world.session(seminar("2022-10-01")).await;
        world.release().await;
        client
            .post_empty(&choice(&plain))
            .await
            .refused("session_not_elective");
        world.service.set_clock("2022-09-01T08:00:00Z");
        client
            .post_empty(&choice(&first))
            .await
            .refused("session_not_elective");
    })
    .await;
}

#[actix_web::test]
async fn the_choices_are_a_table_for_whom_they_are() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let [first, second] = alternatives(world).await;
        let client = world.client(person);
        let choice = format!("sessions/{first}/choice");
        client.post_empty(&choice).await.ok();
        let path = format!("rounds/{}/electives", world.round);
        let table = async |client: &Client| {
            let call = client.call(Method::GET, &path).header("accept", "text/csv");
            call.send().await
        };
        let whole = table(&client).await.is(200);
        assert_eq!(
            whole.header("content-disposition"),
            Some("attachment; filename=\"listElectives.csv\"")
        );
        let rows: Vec<&str> = whole.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows[0], "choice,chosenCount,isChosen,name,places,sessionId");
        assert_eq!(rows.len(), 3);
        assert!(rows[1].starts_with("spring,1,true,"), "{}", rows[1]);
        assert!(rows[1].ends_with(&format!(",1,{first}")), "{}", rows[1]);
        assert!(rows[2].starts_with("spring,0,false,"), "{}", rows[2]);
        assert!(rows[2].ends_with(&format!(",9,{second}")), "{}", rows[2]);
        let other = world.client(PersonId::new());
        table(&other).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn of_many_who_want_the_last_place_one_gets_it_and_gives_it_back_by_leaving() {
    on_each_database(async |world| {
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(world.participant(world.round).await);
        }
        let [first, _] = alternatives(world).await;
        let path = format!("sessions/{first}/choice");
        let clients: Vec<_> = people.iter().map(|person| world.client(*person)).collect();
        let replies = join_all(clients.iter().map(|client| client.post_empty(&path))).await;
        let got: Vec<bool> = replies.iter().map(|reply| reply.status == 200).collect();
        assert_eq!(got.iter().filter(|got| **got).count(), 1);
        for reply in replies.into_iter().filter(|reply| reply.status != 200) {
            reply.refused("session_full");
        }
        let holder = people[got.iter().position(|got| *got).unwrap()];
        let other = people[got.iter().position(|got| !*got).unwrap()];
        world.leave(holder, world.round).await;
        assert_eq!(chosen(world, other).await[0], (0, false));
        world.client(other).post_empty(&path).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_all_who_want_the_last_place_get_it() {
    on_each_database(async |world| {
        let mut people = Vec::new();
        for _ in 0..4 {
            people.push(world.participant(world.round).await);
        }
        let [first, _] = alternatives(world).await;
        sabotage::look_early(first.parse().unwrap());
        let path = format!("sessions/{first}/choice");
        let clients: Vec<_> = people.iter().map(|person| world.client(*person)).collect();
        let replies = join_all(clients.iter().map(|client| client.post_empty(&path))).await;
        assert!(replies.iter().all(|reply| reply.status == 200));
        assert_eq!(chosen(world, people[0]).await[0], (4, true));
    })
    .await;
}
