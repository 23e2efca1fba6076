//! No seat is sold twice: answers, withdrawals and rescissions of the same offers at once, on
//! PostgreSQL by two instances. The same run with the guard broken oversells, so that what
//! the first run shows is known to be the guard's doing.

use crate::world::{World, text};
use futures_util::future::{join, join_all};
use registration::{
    applications, people,
    rounds::seats::sabotage::{break_recount, break_seat_guard},
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use shared_testing::{
    Client, Reply, TestDatabase,
    database::{number, postgres_server},
};
use shared_types::{ApplicationId, PersonId};
use std::{cell::Cell, collections::HashSet, time::Duration};
use uuid::Uuid;

/// How large a run is.
#[derive(Clone, Copy)]
struct Size {
    seats: usize,
    applicants: usize,
    requests: usize,
    /// Offers about which everybody disagrees at the same time, by six requests each.
    offers_at_once: usize,
}

/// All offers at once: 170 of them, by six requests each, are over 1,000 in flight.
const LARGE: Size = Size {
    seats: 170,
    applicants: 260,
    requests: 1000,
    offers_at_once: 170,
};
const SMALL: Size = Size {
    seats: 20,
    applicants: 60,
    requests: 200,
    offers_at_once: 20,
};
/// Few at once, so that one oversold seat is not outweighed by another that was forgotten.
const CONTROL: Size = Size {
    seats: 40,
    applicants: 120,
    requests: 1000,
    offers_at_once: 3,
};

/// What a run showed.
#[derive(Debug, Default)]
struct Outcome {
    requests: usize,
    most_used: i64,
    accepted: HashSet<String>,
}

struct Run {
    world: World,
    round: String,
    size: Size,
}

impl Run {
    /// An announced round with all its seats offered and a long queue.
    async fn prepare(database: TestDatabase, size: Size, sabotage: impl Fn(Uuid)) -> Self {
        let mut world = World::new(database, 1).await;
        if world.service.database.is_postgres() {
            world.service.add_instance().await;
        }
        let members = json!({ "endorsement": "not_required", "seats": size.seats });
        let round = world.open_round(members).await;
        insert_applicants(&world, &round, size.applicants).await;
        sabotage(round.parse().unwrap());
        world.admit(&round).await;
        Self { world, round, size }
    }

    fn at(&self, client: &Client, instance: usize) -> Client {
        let instances = &self.world.service.instances;
        client.at(&instances[instance % instances.len()].origin)
    }

    async fn used(&self) -> i64 {
        let query =
            "SELECT COUNT(*) AS row FROM applications WHERE seat IN ('offered', 'accepted')";
        number(&self.world.service.state().database, query).await
    }

    async fn with_seat(&self, state: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let list = format!(
                "applications?roundId={}&seat={state}&limit=100&page={page}",
                self.round
            );
            let read = self.world.coordinator.get(&list).await.ok();
            all.extend(read["items"].as_array().cloned().unwrap());
            if read["_links"]["next"].is_null() {
                break;
            }
        }
        all
    }

    /// Everybody who is offered a seat accepts it while it is declined, withdrawn and rescinded
    /// elsewhere; again and again, as the queue moves, or until a seat is oversold.
    async fn storm(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let is_sound = |most_used: i64| usize::try_from(most_used).unwrap() <= self.size.seats;
        while outcome.requests < self.size.requests && is_sound(outcome.most_used) {
            let offered = self.with_seat("offered").await;
            if offered.is_empty() {
                break;
            }
            for some in offered.chunks(self.size.offers_at_once) {
                self.wave(some, &mut outcome).await;
                if !is_sound(outcome.most_used) {
                    break;
                }
            }
        }
        outcome
    }

    async fn wave(&self, offered: &[Value], outcome: &mut Outcome) {
        let running = Cell::new(true);
        let wave = async {
            let clashes = offered.iter().enumerate();
            let clashes = join_all(clashes.map(|(index, one)| self.clash(index, one))).await;
            running.set(false);
            clashes
        };
        let sampling = async {
            let mut most = 0;
            while running.get() {
                most = most.max(self.used().await);
                actix_web::rt::time::sleep(Duration::from_millis(10)).await;
            }
            most.max(self.used().await)
        };
        let (clashes, most) = join(wave, sampling).await;
        outcome.most_used = outcome.most_used.max(most);
        for (id, replies) in clashes {
            outcome.requests += replies.len();
            let done = |edge: usize| replies[edge].status == 200 || replies[edge + 3].status == 200;
            if done(0) && !done(1) {
                outcome.accepted.insert(id);
            }
        }
    }

    /// Three answers to one offer at once, each at two instances: the person's yes, the person's
    /// no or withdrawal, and the coordinator's rescission.
    async fn clash(&self, index: usize, one: &Value) -> (String, Vec<Reply>) {
        let id = text(&one["id"]);
        let person: PersonId = text(&one["personId"]).parse().unwrap();
        let person = self.world.service.stranger().person(person, &[]);
        let leave = if index.is_multiple_of(2) {
            ("withdrawal", json!({}))
        } else {
            ("answer", json!({ "verdict": "decline" }))
        };
        let edges = [
            (&person, "answer", json!({ "verdict": "accept" })),
            (&person, leave.0, leave.1),
            (
                &self.world.coordinator,
                "rescission",
                json!({ "reason": "At the same time." }),
            ),
        ];
        let calls = (0..6_usize).map(|number| {
            let (client, edge, body) = &edges[number % 3];
            let path = format!("applications/{id}/{edge}");
            let call = insist(self.at(client, index + number), path, body.clone());
            // Now the yes is sent first, now last.
            let later = if index.is_multiple_of(2) {
                number
            } else {
                5 - number
            };
            let later = u64::try_from(later).unwrap();
            async move {
                actix_web::rt::time::sleep(Duration::from_millis(later)).await;
                call.await
            }
        });
        (id.clone(), join_all(calls).await)
    }
}

/// Posts under one key until there is an answer other than "try again".
async fn insist(client: Client, path: String, body: Value) -> Reply {
    let key = Uuid::new_v4().to_string();
    loop {
        let call = client.call("POST".parse().unwrap(), &path).json(&body);
        match call.header("idempotency-key", &key).try_send().await {
            Ok(reply)
                if ![401, 503].contains(&reply.status)
                    && reply["code"] != "idempotency_key_running" =>
            {
                assert!([200, 409].contains(&reply.status), "{}", reply.text);
                return reply;
            }
            _ => actix_web::rt::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// People who have applied, without the detour of a request each.
async fn insert_applicants(world: &World, round: &str, count: usize) {
    let organisation = world.municipalities[0].id.uuid();
    let now = world.service.clock.now();
    let person = |_| people::entity::Model {
        id: PersonId::new().uuid(),
        name: "Anna Applicant".to_owned(),
        email: "anna@kommun.example".to_owned(),
        email_key: Uuid::new_v4().to_string(),
        phone: None,
        title: None,
        organisation_id: organisation,
        department_id: None,
        manager_id: None,
        kind: "employed_manager".to_owned(),
        gender: "woman".to_owned(),
        language: "en".to_owned(),
        active: true,
        verified: true,
        created_at: now,
        version: 1,
    };
    let people: Vec<_> = (0..count).map(person).collect();
    let application = |person: &people::entity::Model| applications::entity::Model {
        id: ApplicationId::new().uuid(),
        round_id: round.parse().unwrap(),
        organiser_id: world.organiser.uuid(),
        person_id: person.id,
        organisation_id: organisation,
        municipality_id: Some(organisation),
        state: "submitted".to_owned(),
        live: true,
        motivation: None,
        submitted_at: Some(now),
        endorsement: "not_required".to_owned(),
        admission: "pending".to_owned(),
        admission_published_at: None,
        queue_position: None,
        waitlisted_at: None,
        seat: "none".to_owned(),
        offered_at: None,
        answer_by: None,
        settled_at: None,
        replaces: None,
        programme_id: uuid::Uuid::nil(),
        choice: None,
        hold_id: None,
        version: 1,
    };
    let applications: Vec<_> = people.iter().map(application).collect();
    let transaction = world.service.state().database.begin().await.unwrap();
    let connection = transaction.connection();
    for slice in people.chunks(100) {
        let rows = slice
            .iter()
            .cloned()
            .map(sea_orm::IntoActiveModel::into_active_model);
        let rows: Vec<people::entity::ActiveModel> = rows.collect();
        people::entity::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await
            .unwrap();
    }
    for slice in applications.chunks(100) {
        let rows: Vec<_> = slice
            .iter()
            .cloned()
            .map(sea_orm::IntoActiveModel::into_active_model)
            .collect();
        applications::entity::Entity::insert_many(rows)
            .exec_without_returning(connection)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
}

async fn never_one_too_many(database: TestDatabase, size: Size) {
    let run = Run::prepare(database, size, |_| {}).await;
    let outcome = run.storm().await;
    println!("{outcome:?}");
    assert!(outcome.requests >= size.requests);
    assert_eq!(outcome.most_used, i64::try_from(size.seats).unwrap());
    run.world.assert_sound(&run.round).await;
    let accepted: HashSet<_> = run
        .with_seat("accepted")
        .await
        .iter()
        .map(|one| text(&one["id"]))
        .collect();
    assert_eq!(accepted, outcome.accepted, "what was confirmed is kept");
}

async fn oversells(database: TestDatabase, size: Size, sabotage: impl Fn(Uuid)) {
    let run = Run::prepare(database, size, sabotage).await;
    let outcome = run.storm().await;
    println!("{outcome:?}");
    assert!(
        outcome.most_used > i64::try_from(size.seats).unwrap(),
        "the broken guard went unnoticed"
    );
}

#[actix_web::test]
async fn two_instances_on_postgres_never_sell_one_seat_too_many() {
    if let Some(server) = postgres_server() {
        never_one_too_many(TestDatabase::postgres(server).await, LARGE).await;
    }
}

#[actix_web::test]
async fn one_instance_on_sqlite_never_sells_one_seat_too_many() {
    never_one_too_many(TestDatabase::sqlite(), SMALL).await;
}

#[actix_web::test]
async fn without_the_rounds_lock_the_same_run_oversells_on_postgres() {
    if let Some(server) = postgres_server() {
        oversells(
            TestDatabase::postgres(server).await,
            CONTROL,
            break_seat_guard,
        )
        .await;
    }
}

#[actix_web::test]
async fn without_the_recount_the_same_run_oversells_on_sqlite() {
    oversells(TestDatabase::sqlite(), SMALL, break_recount).await;
}
