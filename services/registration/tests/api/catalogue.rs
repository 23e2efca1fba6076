//! The events that nobody's call fires: those that time brings, and those of other services.

use crate::world::{World, on_each_database};
use registration::{
    events::Facts,
    feeds::catalogue::CATALOGUE,
    organisations::{department, store},
};
use serde_json::{Value, json};
use shared_database::Change;
use shared_events::Apply as _;
use shared_types::{Actor, EventId, PersonId, Problem, Role, event::Event};

/// Types that need more than one call of an operation: time, another service, or another answer
/// than the table of who may what gives.
pub(crate) const BROUGHT: [&str; 17] = [
    "cohort.refused",
    "department.changed",
    "department.deleted",
    "endorsement.declined",
    "endorsement.expired",
    "erasure.completed",
    "hold.consumed",
    "hold.lapsed",
    "needs.counted",
    "offer.declined",
    "offer.expired",
    "participation.completed",
    "participation.substituted",
    "participation.taken_over",
    "participation.withdrawn",
    "partner.deleted",
    "person.erased",
];

/// Tells what another service would.
async fn tell(world: &World, source: &str, kind: &str, data: Value) {
    let now = world.service.clock.now();
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: source.to_owned(),
        r#type: kind.to_owned(),
        subject: EventId::new().to_string(),
        time: now,
        traceparent: None,
        data,
    };
    let actor = Actor {
        subject: "events:test".to_owned(),
        on_behalf_of: None,
        at: now,
        trace: None,
    };
    let database = &world.service.state().database;
    let applied = database.change(actor, async |change: &mut Change| {
        Facts.apply(change, &event).await?;
        Ok::<(), Problem>(())
    });
    applied.await.unwrap();
}

/// What only provisioning does: a department gets another name, and is taken away.
async fn provision(world: &World) {
    let own = world.municipalities[0].id;
    let database = &world.service.state().database;
    let actor = Actor::system(world.service.clock.now());
    let done = database.change(actor, async |change: &mut Change| {
        let row = store::insert_department(change, own, "School".to_owned()).await?;
        let named = department::Model {
            name: "Schools".to_owned(),
            ..row
        };
        let row = store::rename_department(change, named, 2).await?;
        store::delete_department(change, row).await?;
        Ok::<(), Problem>(())
    });
    done.await.unwrap();
}

/// A person is erased, and every service says so.
async fn erase(world: &World) {
    let gone = world.person(world.municipalities[0].id, "Gone").await.id;
    let body = json!({ "personId": gone, "reason": "Asked for." });
    world.coordinator.post("erasures", body).await.created();
    for service in ["scheduling", "mentorship", "evaluation"] {
        let done = json!({ "personId": gone, "service": service });
        tell(world, &format!("/{service}"), "erasure.acknowledged", done).await;
    }
}

/// A partnership begins and ends.
async fn part(world: &World) {
    let [organiser, partner] = [world.organiser, world.municipalities[1].id];
    let path = format!("organisations/{organiser}/partners/{partner}");
    for method in ["PUT", "DELETE"] {
        let reply = world.coordinator.change(method, &path, "*", Value::Null);
        let reply = reply.await;
        assert!(reply.status < 300, "{method}: {}", reply.text);
    }
}

#[actix_web::test]
async fn what_time_and_others_bring_is_told_too() {
    on_each_database(async |world| {
        provision(world).await;
        erase(world).await;
        part(world).await;
        let waiting = world.open_round(json!({})).await;
        world.applicant(1, &waiting).await;
        let hold = json!({
            "organisationId": world.municipalities[0].id, "seats": 1, "lapsesOn": "2022-04-20",
            "reason": "Agreed.",
        });
        let path = format!("rounds/{waiting}/holds");
        world.coordinator.post(&path, hold.clone()).await.created();
        let held = world.coordinator.post(&path, hold).await.created().id();
        let named = world.person(world.municipalities[0].id, "Named").await.id;
        let body = json!({ "people": [{ "personId": named }], "holdId": held });
        let nominations = format!("rounds/{waiting}/nominations");
        let director = &world.municipalities[0].director.client;
        director.post(&nominations, body).await.ok();
        let (_, declined) = world.applicant(0, &waiting).await;
        let verdict = format!("applications/{declined}/endorsement");
        let decline = json!({ "verdict": "decline" });
        director.post(&verdict, decline).await.ok();
        let announced = world.announced(5, json!({ "seats": 5 })).await;
        announced.answer(0, "accept").await.ok();
        announced.answer(1, "decline").await.ok();
        announced.answer(2, "accept").await.ok();
        announced.withdraw(2).await.ok();
        announced.answer(4, "accept").await.ok();
        let successor = world.person(world.municipalities[0].id, "Successor").await;
        let substitution = format!("applications/{}/substitution", announced.application(4));
        let named = json!({ "personId": successor.id, "reason": "Changes jobs." });
        director.post(&substitution, named).await.created();
        let needs = format!("applications/{}/needs", announced.application(0));
        let stated = json!({ "diets": ["vegan"], "accessNeeds": [], "nights": "none" });
        let person = announced.person(0);
        let reply = person.change("PUT", &needs, "*", stated).await;
        assert!(reply.status < 300, "{}", reply.text);
        world.service.sweep().await;
        world.service.set_clock("2022-06-12T08:00:00Z");
        world.service.sweep().await;
        let (round, organiser) = (&announced.round, world.organiser);
        let about = json!({
            "applicationId": announced.application(0), "roundId": round, "organiserId": organiser,
            "personId": announced.all[0].0.id, "state": "issued", "version": 1, "name": "Anna",
        });
        let completed = crate::world::with(
            about.clone(),
            json!({ "outcome": "completed", "decidedOn": "2023-06-01" }),
        );
        let plan = json!({
            "cohortPlanId": EventId::new(), "programmeId": EventId::new(), "organiserId": organiser,
            "rounds": [{ "roundId": round, "personIds": [PersonId::new()] }],
        });
        tell(world, "/evaluation", "completion.decided", completed).await;
        tell(world, "/scheduling", "cohort.published", plan).await;
        for known in CATALOGUE {
            if known.source != "/registration" && known.name != "completion.decided" {
                tell(world, known.source, known.name, about.clone()).await;
            }
        }
        // Somebody else's claim to be the owner is not passed on.
        tell(world, "/mentorship", "certificate.issued", about.clone()).await;
        let fired = world.fired().await;
        for name in BROUGHT {
            assert!(fired.contains(name), "{name}");
        }
        world.service.seal().await;
        let page = |text: String| serde_json::from_str::<Value>(&text).unwrap()["items"].clone();
        let own = Some(world.municipalities[0].id);
        let hr = world.service.stranger().system(Role::Hr, own);
        let neighbour = Some(world.municipalities[1].id);
        let neighbour = world.service.stranger().system(Role::Hr, neighbour);
        for known in CATALOGUE
            .iter()
            .filter(|known| known.source != "/registration")
        {
            let told = async |client: &shared_testing::Client| -> Vec<Value> {
                let mut all = Vec::new();
                let mut next = "events?limit=100".to_owned();
                loop {
                    let reply = client.get(&next).await.ok();
                    let items = page(reply.text.clone());
                    let items = items.as_array().unwrap();
                    all.extend(
                        items
                            .iter()
                            .filter(|one| one["type"] == known.name)
                            .cloned(),
                    );
                    if items.len() < 100 {
                        return all;
                    }
                    next = crate::world::text(&reply["_links"]["next"]["href"]);
                }
            };
            let heard = told(&world.coordinator).await;
            assert_eq!(heard.len(), 1, "{}", known.name);
            assert_eq!(heard[0]["source"], known.source);
            assert_eq!(heard[0]["data"].get("name"), None);
            assert_eq!(
                told(&hr).await.len(),
                usize::from(known.hr),
                "{}",
                known.name
            );
            assert_eq!(told(&neighbour).await, Vec::<Value>::new());
        }
    })
    .await;
}
