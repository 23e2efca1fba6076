//! Alarms.

use crate::world::{World, on_each_database};
use serde_json::{Value, json};
use shared_events::declares;
use shared_testing::database;
use shared_types::facts::wanted_by;

/// The alarms that were told, the oldest first.
async fn told(world: &World) -> Vec<Value> {
    let cast = if world.service.database.is_postgres() {
        "data::text"
    } else {
        "data"
    };
    let query = format!("SELECT {cast} AS row FROM outbox WHERE kind = 'alarm.raised' ORDER BY id");
    let rows = database::texts(&world.service.state.database, &query).await;
    let facts = rows.iter().map(|row| serde_json::from_str(row).unwrap());
    facts.collect()
}

#[actix_web::test]
async fn a_pair_that_has_not_met_by_the_middle_of_the_round_raises_one_alarm_until_it_meets() {
    on_each_database(async |world| {
        let matched = world.active().await;
        world.service.set_clock("2023-01-09T12:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.alarms().await, Vec::<String>::new());
        let meeting = json!({ "startsAt": "2023-01-10T12:00:00Z", "lengthMinutes": 60 });
        let planned = matched
            .mentee()
            .post(&matched.at("meetings"), meeting)
            .await
            .created();
        world.service.set_clock("2023-01-10T12:00:00Z");
        for _ in 0..2 {
            world.service.sweep().await;
            assert_eq!(world.alarms().await, ["pair_silent"]);
        }
        let raised = "SELECT COUNT(*) AS row FROM outbox WHERE kind = 'alarm.raised'";
        assert_eq!(
            database::number(&world.service.state.database, raised).await,
            1
        );
        let path = format!("meetings/{}/holding", planned.id());
        let held = json!({ "lengthMinutes": 60 });
        matched.mentee().post(&path, held).await.ok();
        assert_eq!(world.alarms().await, Vec::<String>::new());
    })
    .await;
}

#[actix_web::test]
async fn an_alarm_is_told_by_ids_and_its_kind_alone() {
    on_each_database(async |world| {
        let matched = world.active().await;
        world.service.set_clock("2023-01-10T12:00:00Z");
        world.service.sweep().await;
        let told = told(world).await;
        let fact = told[0].clone();
        let expected = json!({
            "alarmId": fact["alarmId"], "kind": "pair_silent", "thingId": matched.pair,
            "roundId": world.round, "organiserId": world.organiser,
        });
        assert_eq!((told.len(), &fact), (1, &expected));
        assert!(declares(&wanted_by("registration"), "alarm.raised"));
    })
    .await;
}

#[actix_web::test]
async fn a_proposal_that_nobody_answers_and_a_mentor_over_capacity_raise_alarms() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        world.service.set_clock("2022-06-10T08:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.alarms().await, ["proposal_unanswered"]);
        for client in [matched.mentor(), matched.mentee()] {
            matched.answer(client, "accept").await.ok();
        }
        assert_eq!(world.alarms().await, Vec::<String>::new());
        let path = format!("mentors/{}", matched.mentor_id);
        let none = json!({ "capacity": 0 });
        matched
            .mentor()
            .change("PATCH", &path, "*", none)
            .await
            .ok();
        assert_eq!(world.alarms().await, ["mentor_over_capacity"]);
        let told = told(world).await;
        let kinds: Vec<&Value> = told.iter().map(|fact| &fact["kind"]).collect();
        assert_eq!(kinds, ["proposal_unanswered", "mentor_over_capacity"]);
        let list = format!("rounds/{}/alarms", world.round);
        matched.mentor().get(&list).await.refused("forbidden");
    })
    .await;
}
