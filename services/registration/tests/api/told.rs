//! Messages that other services have worded.

use crate::world::{World, on_each_database};
use registration::events::Facts;
use serde_json::json;
use shared_database::Change;
use shared_events::Apply as _;
use shared_testing::database;
use shared_types::{Actor, EventId, PersonId, Problem, event::Event};

/// Tells registration of a message to an address, on behalf of somebody.
async fn tell(world: &World, person: PersonId) {
    let link = json!({ "service": "evaluation", "kind": "rater", "linkId": EventId::new() });
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/evaluation".to_owned(),
        r#type: "message.addressed".to_owned(),
        subject: EventId::new().to_string(),
        time: world.service.clock.now(),
        traceparent: None,
        data: json!({
            "name": "Bo Berg", "email": "bo.berg@kommun.example", "language": "da",
            "message": {
                "personId": person, "template": "feedback_asked", "subject": "Feedback",
                "text": "Vi beder dig.", "link": link,
            },
        }),
    };
    let actor = Actor::system(world.service.clock.now());
    let database = &world.service.state().database;
    let applied = database.change(actor, async |change: &mut Change| {
        Facts.apply(change, &event).await?;
        Ok::<(), Problem>(())
    });
    applied.await.unwrap();
}

#[actix_web::test]
async fn somebody_who_is_not_known_is_written_to_for_somebody_who_is() {
    on_each_database(async |world| {
        let anna = world.person(world.municipalities[0].id, "Anna").await;
        tell(world, anna.id).await;
        tell(world, PersonId::new()).await;
        let query = "SELECT recipient_name || ' ' || recipient_email || ' ' || language || ' ' \
                     || template || ' ' || link_kind AS row FROM messages \
                     WHERE template LIKE 'told.%'";
        let queued = database::texts(&world.service.state().database, query).await;
        let expected = "Bo Berg bo.berg@kommun.example da told.feedback_asked evaluation/rater";
        assert_eq!(queued, [expected]);
    })
    .await;
}
