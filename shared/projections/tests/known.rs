//! What is known follows the facts, whatever the order and however often they come.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests stop where something is not as expected"
)]

use sea_orm::EntityTrait as _;
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use serde_json::{Value, json};
use shared_database::{
    Change, Database,
    migrate::{self, COMMON, SEALS},
};
use shared_projections::{KNOWN, apply, organisations, participations, people, rounds};
use shared_testing::databases;
use shared_types::{Actor, EventId, Problem, event::Event};
use uuid::Uuid;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(COMMON), Box::new(SEALS), Box::new(KNOWN)]
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn event(kind: &str, data: Value) -> Event {
    Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/registration".to_owned(),
        r#type: kind.to_owned(),
        subject: id(0).to_string(),
        time: chrono::DateTime::UNIX_EPOCH,
        traceparent: None,
        data,
    }
}

fn organisation(version: i32, municipality: u128) -> Event {
    let data = json!({
        "organisationId": id(1), "kind": "company", "name": "Energi AB", "officialCode": null,
        "parentId": id(municipality), "municipalityId": id(municipality),
        "timeZone": "Europe/Stockholm", "version": version,
    });
    event("organisation.changed", data)
}

fn person(version: i32, name: &str) -> Event {
    let data = json!({
        "personId": id(2), "organisationId": id(1), "municipalityId": id(10), "departmentId": null,
        "managerId": null, "kind": "employed_manager", "gender": "woman", "name": name,
        "language": "sv", "active": true, "version": version,
    });
    event("person.changed", data)
}

fn participation(version: i32, kind: &str, seat: &str) -> Event {
    let data = json!({
        "applicationId": id(3), "roundId": id(4), "personId": id(2), "organisationId": id(1),
        "municipalityId": id(10), "organiserId": id(5), "state": "submitted",
        "endorsement": "endorsed", "seat": seat, "replaces": null, "version": version,
    });
    event(kind, data)
}

async fn tell(database: &Database, event: &Event) -> Result<bool, Problem> {
    let actor = Actor {
        subject: "events:registration".to_owned(),
        on_behalf_of: None,
        at: event.time,
        trace: None,
    };
    database
        .change(actor, async |change: &mut Change| {
            apply(change, event).await
        })
        .await
}

/// Everything that is known, as one text.
async fn known(database: &Database) -> String {
    let read = database.read();
    format!(
        "{:?} {:?} {:?}",
        organisations::Entity::find().all(read).await.unwrap(),
        people::Entity::find().all(read).await.unwrap(),
        participations::Entity::find().all(read).await.unwrap(),
    )
}

async fn forget(database: &Database) {
    let transaction = database.begin().await.unwrap();
    let tx = transaction.connection();
    organisations::Entity::delete_many().exec(tx).await.unwrap();
    people::Entity::delete_many().exec(tx).await.unwrap();
    participations::Entity::delete_many()
        .exec(tx)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// Every order of some things.
fn orders<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    let Some((last, rest)) = things.split_last() else {
        return vec![Vec::new()];
    };
    let insert = |order: Vec<T>| {
        (0..=order.len()).map(move |place| {
            let mut order = order.clone();
            order.insert(place, last.clone());
            order
        })
    };
    orders(rest).into_iter().flat_map(insert).collect()
}

#[actix_web::test]
async fn every_order_of_facts_with_repetitions_leads_to_the_same_end() {
    let facts = [
        organisation(1, 10),
        organisation(2, 11),
        person(1, "Maja Berg"),
        person(3, "Maja Lindqvist"),
        participation(4, "offer.made", "offered"),
        participation(5, "offer.accepted", "accepted"),
    ];
    for test in databases().await {
        migrate::run::<Migrator>(&test.url).await.unwrap();
        let database = Database::connect(&test.url, "scheduling").await.unwrap();
        let mut ends = Vec::new();
        // All 720 orders on SQLite, every twentieth on the other.
        let step = if test.is_postgres() { 20 } else { 1 };
        for order in orders(&facts).into_iter().step_by(step) {
            forget(&database).await;
            for fact in order.iter().chain(order.iter().step_by(2)) {
                assert!(tell(&database, fact).await.unwrap());
            }
            ends.push(known(&database).await);
        }
        ends.dedup();
        assert_eq!(ends.len(), 1, "{ends:#?}");
        let read = database.read();
        let maja = people::find(read, id(2).into()).await.unwrap().unwrap();
        assert_eq!(maja.name, "Maja Lindqvist");
        assert_eq!(
            maja.municipality_id,
            Some(id(11)),
            "moved with the employer"
        );
        let taking_part = participations::of_round(read, id(4).into()).await.unwrap();
        assert_eq!(taking_part.len(), 1);
        assert_eq!(rounds::find(read, id(4).into()).await.unwrap(), None);
    }
}

#[actix_web::test]
async fn a_person_who_was_forgotten_does_not_come_back() {
    for test in databases().await {
        migrate::run::<Migrator>(&test.url).await.unwrap();
        let database = Database::connect(&test.url, "scheduling").await.unwrap();
        let erased = event("person.erased", json!({ "personId": id(2) }));
        for fact in [&person(3, "Maja"), &erased, &person(7, "Maja"), &erased] {
            tell(&database, fact).await.unwrap();
        }
        let row = people::find(database.read(), id(2).into()).await.unwrap();
        let row = row.unwrap();
        assert!(row.erased && row.name.is_empty() && !row.active, "{row:?}");
    }
}

#[actix_web::test]
async fn what_is_not_understood_stays_with_its_sender_and_what_is_not_known_here_is_let_go() {
    for test in databases().await {
        migrate::run::<Migrator>(&test.url).await.unwrap();
        let database = Database::connect(&test.url, "scheduling").await.unwrap();
        let strange = event("person.changed", json!({ "personId": "nobody" }));
        assert!(tell(&database, &strange).await.is_err());
        for kind in ["hold.created", "acting_holder.deleted", "nonsense"] {
            let told = tell(&database, &event(kind, json!({}))).await;
            assert!(!told.unwrap(), "{kind}");
        }
        let mut newer = person(4, "Maja");
        newer.data["shoeSize"] = json!(38);
        assert!(tell(&database, &newer).await.unwrap());
    }
}
