//! A plan of rounds for everyone, as scheduling publishes it.

use crate::world::{World, on_each_database, organisation, programme, round, text, with};
use registration::events::Facts;
use serde_json::{Value, json};
use shared_database::Change;
use shared_events::Apply as _;
use shared_testing::{Client, database};
use shared_types::{
    Actor, EventId, OrganisationId, PersonId, Problem, Role, RoundId, event::Event,
};
use uuid::Uuid;

/// Tells registration of a plan, as often as asked.
async fn tell(world: &World, rounds: Value) {
    let plan = Uuid::now_v7();
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/scheduling".to_owned(),
        r#type: "cohort.published".to_owned(),
        subject: plan.to_string(),
        time: world.service.clock.now(),
        traceparent: None,
        data: json!({
            "cohortPlanId": plan, "programmeId": Uuid::now_v7(), "organiserId": world.organiser,
            "rounds": rounds,
        }),
    };
    let actor = Actor {
        subject: "scheduling".to_owned(),
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

/// What registration has told of refusals, round by round.
async fn refused(world: &World) -> Vec<Value> {
    let query =
        "SELECT CAST(data AS TEXT) AS row FROM outbox WHERE kind = 'cohort.refused' ORDER BY id";
    let texts = database::texts(&world.service.state().database, query).await;
    texts
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

async fn applications(world: &World, round: &str) -> Vec<Value> {
    let path = format!("applications?roundId={round}&limit=100");
    let reply = world.coordinator.get(&path).await.ok();
    reply["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn whoever_can_be_nominated_is_and_the_others_are_told_back_with_the_code() {
    on_each_database(async |world| {
        let free = json!({ "endorsement": "not_required" });
        let [one, two] = [
            world.open_round(free.clone()).await,
            world.open_round(free).await,
        ];
        let draft = world.draft_round(json!({})).await;
        let own = world.municipalities[0].id;
        let [anna, bo] = [
            world.person(own, "Anna").await,
            world.person(own, "Bo").await,
        ];
        let elected = world
            .person_with(own, "Eva", json!({ "kind": "elected" }))
            .await;
        let applied = world.person(own, "Åsa").await;
        world.apply(&applied, &one).await;
        let nobody = PersonId::new();
        let gone = RoundId::new();
        let rounds = json!([
            { "roundId": one, "personIds": [anna.id, nobody, applied.id] },
            { "roundId": two, "personIds": [bo.id, elected.id] },
            { "roundId": draft, "personIds": [bo.id] },
            { "roundId": gone, "personIds": [anna.id] },
        ]);
        tell(world, rounds).await;
        assert_eq!(applications(world, &one).await.len(), 2);
        let nominated = applications(world, &two).await;
        assert!(nominated.iter().any(|one| one["personId"] == json!(bo.id)));
        let path = format!("applications/{}", text(&nominated[0]["id"]));
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(edges, ["application.nominated"]);
        let told = refused(world).await;
        let people = |index: usize| told[index]["people"].clone();
        let refusal = |person: PersonId, code: &str| json!({ "personId": person, "code": code });
        let first = json!([
            refusal(nobody, "person_unknown"),
            refusal(applied.id, "application_already_exists"),
        ]);
        assert_eq!((people(0), &told[0]["roundId"]), (first, &json!(one)));
        assert!(told.iter().any(|one| {
            one["people"] == json!([refusal(bo.id, "round_state_forbids")])
                && one["roundId"] == json!(draft)
        }));
        assert!(told.iter().any(|one| {
            one["people"] == json!([refusal(anna.id, "not_found")]) && one["roundId"] == json!(gone)
        }));
        // The same again: nobody is nominated twice.
        tell(world, json!([{ "roundId": one, "personIds": [anna.id] }])).await;
        assert_eq!(applications(world, &one).await.len(), 2);
        let told = refused(world).await;
        let last = told.last().unwrap();
        assert_eq!(
            last["people"],
            json!([refusal(anna.id, "application_already_exists")])
        );
        world.assert_sound(&one).await;
        // Also when the deadline is over: the plan is a coordinator's.
        world.service.set_clock("2022-05-10T08:00:00Z");
        world.service.sweep().await;
        let late = world.person(own, "Lotta").await;
        tell(world, json!([{ "roundId": one, "personIds": [late.id] }])).await;
        assert_eq!(applications(world, &one).await.len(), 3);
    })
    .await;
}

#[actix_web::test]
async fn a_plan_of_one_organiser_nominates_for_no_round_of_another() {
    on_each_database(async |world| {
        let other = organiser(world).await;
        let made = other
            .1
            .post("programmes", programme(other.0))
            .await
            .created()
            .id();
        other
            .1
            .post_empty(&format!("programmes/{made}/publication"))
            .await
            .ok();
        let body = with(round(&made), json!({ "endorsement": "not_required" }));
        let theirs = other.1.post("rounds", body).await.created().id();
        for step in ["publication", "opening"] {
            other
                .1
                .post_empty(&format!("rounds/{theirs}/{step}"))
                .await
                .ok();
        }
        let person = world.person(world.municipalities[0].id, "Anna").await;
        tell(
            world,
            json!([{ "roundId": theirs, "personIds": [person.id] }]),
        )
        .await;
        let told = refused(world).await;
        assert_eq!(
            told[0]["people"],
            json!([{ "personId": person.id, "code": "not_found" }])
        );
    })
    .await;
}

/// Another organiser, with its coordinator.
async fn organiser(world: &World) -> (OrganisationId, Client) {
    let stranger = world.service.stranger();
    let coordinator = |id| stranger.system(Role::Coordinator, Some(id));
    let founder = coordinator(OrganisationId::new());
    let body = organisation("Another", "other", None);
    let made = founder.post("organisations", body).await.created();
    let id: OrganisationId = made.id().parse().unwrap();
    (id, coordinator(id))
}
