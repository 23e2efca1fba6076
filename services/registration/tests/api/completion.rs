//! What becomes of a seat when evaluation tells that its holder completed the round.

use crate::world::{World, on_each_database};
use registration::events::Facts;
use serde_json::json;
use shared_database::Change;
use shared_events::Apply as _;
use shared_types::{Actor, EventId, OrganisationId, Problem, event::Event};

async fn tell(world: &World, application: &str, round: &str, by: OrganisationId, outcome: &str) {
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/evaluation".to_owned(),
        r#type: "completion.decided".to_owned(),
        subject: application.to_owned(),
        time: world.service.clock.now(),
        traceparent: None,
        data: json!({
            "applicationId": application, "roundId": round, "personId": EventId::new(),
            "organiserId": by, "outcome": outcome, "decidedOn": "2023-06-01", "version": 1,
        }),
    };
    let actor = Actor {
        subject: "evaluation".to_owned(),
        on_behalf_of: None,
        at: world.service.clock.now(),
        trace: None,
    };
    let database = &world.service.state().database;
    let applied = database.change(actor, async |change: &mut Change| {
        Facts.apply(change, &event).await?;
        Ok::<(), Problem>(())
    });
    applied.await.unwrap();
}

#[actix_web::test]
async fn an_accepted_seat_is_completed_once_and_nobody_follows_on_it() {
    on_each_database(async |world| {
        let members = json!({ "seats": 2 });
        let announced = world.announced(3, members).await;
        announced.answer(0, "accept").await.ok();
        announced.answer(1, "accept").await.ok();
        let round = announced.round.as_str();
        assert_eq!(
            world.seats(&announced).await,
            ["accepted", "accepted", "none"]
        );
        for _ in 0..2 {
            tell(
                world,
                announced.application(0),
                round,
                world.organiser,
                "completed",
            )
            .await;
        }
        tell(
            world,
            announced.application(1),
            round,
            world.organiser,
            "not_completed",
        )
        .await;
        // The seat stays taken: whoever waits is not offered it.
        assert_eq!(
            world.seats(&announced).await,
            ["completed", "accepted", "none"]
        );
        world.service.sweep().await;
        assert_eq!(
            world.seats(&announced).await,
            ["completed", "accepted", "none"]
        );
        world.assert_sound(round).await;
        let path = format!("applications/{}", announced.application(0));
        let edges = world.edges(&world.coordinator, &path).await;
        let completed = edges
            .iter()
            .filter(|edge| *edge == "participation.completed");
        assert_eq!(completed.count(), 1);
    })
    .await;
}

#[actix_web::test]
async fn news_of_another_organiser_or_of_a_seat_that_is_gone_changes_nothing() {
    on_each_database(async |world| {
        let announced = world.announced(2, json!({ "seats": 2 })).await;
        announced.answer(0, "accept").await.ok();
        announced.answer(1, "accept").await.ok();
        announced.withdraw(1).await.ok();
        let round = announced.round.as_str();
        let foreign = OrganisationId::new();
        tell(world, announced.application(0), round, foreign, "completed").await;
        tell(
            world,
            announced.application(1),
            round,
            world.organiser,
            "completed",
        )
        .await;
        let unknown = EventId::new().to_string();
        tell(world, &unknown, round, world.organiser, "completed").await;
        assert_eq!(world.seats(&announced).await, ["accepted", "withdrawn"]);
        world.assert_sound(round).await;
    })
    .await;
}
