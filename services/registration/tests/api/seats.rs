//! No seat is sold twice: answers, withdrawals and rescissions of the same offers at once, on
//! PostgreSQL by two instances. The same run with the guard broken oversells, so that what
//! the first run shows is known to be the guard's doing.

use crate::world::{World, text};
use futures_util::future::{join, join_all};
use registration::{
    applications, people,
    rounds::seats::sabotage::{break_recount, break_seat_guard},
};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
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
}

const LARGE: Size = Size {
    seats: 100,
    applicants: 600,
    requests: 1000,
};
const SMALL: Size = Size {
    seats: 20,
    applicants: 120,
    requests: 200,
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
        let list = format!("applications?roundId={}&seat={state}&limit=100", self.round);
        let page = self.world.coordinator.get(&list).await.ok();
        page["items"].as_array().cloned().unwrap()
    }

    /// Everybody who is offered a seat accepts it while it is declined, withdrawn and rescinded
    /// elsewhere; wave after wave, as the queue moves.
    async fn storm(&self) -> Outcome {
        let mut outcome = Outcome::default();
        while outcome.requests < self.size.requests {
            let offered = self.with_seat("offered").await;
            if offered.is_empty() {
                break;
            }
            let running = Cell::new(true);
            let wave = async {
                let calls = offered
                    .iter()
                    .enumerate()
                    .map(|(index, one)| self.clash(index, one));
                let clashes = join_all(calls).await;
                running.set(false);
                clashes
            };
            let sampling = async {
                let mut most = 0;
                while running.get() {
                    most = most.max(self.used().await);
                    actix_web::rt::time::sleep(Duration::from_millis(5)).await;
                }
                most.max(self.used().await)
            };
            let (clashes, most) = join(wave, sampling).await;
            outcome.most_used = outcome.most_used.max(most);
            for (id, replies) in clashes {
                outcome.requests += replies.len();
                let [accepted, left, _] = replies.map(|reply| reply.status == 200);
                if accepted && !left {
                    outcome.accepted.insert(id);
                }
            }
        }
        outcome
    }

    /// Three answers to one offer at once: the person's yes, the person's no or withdrawal, and
    /// the coordinator's rescission.
    async fn clash(&self, index: usize, one: &Value) -> (String, [Reply; 3]) {
        let id = text(&one["id"]);
        let person: PersonId = text(&one["personId"]).parse().unwrap();
        let person = self.world.service.stranger().person(person, &[]);
        let path = format!("applications/{id}");
        let (edge, body) = if index % 2 == 0 {
            ("withdrawal", json!({}))
        } else {
            ("answer", json!({ "verdict": "decline" }))
        };
        let accepting = json!({ "verdict": "accept" });
        let reason = json!({ "reason": "At the same time." });
        let accept = insist(self.at(&person, index), format!("{path}/answer"), accepting);
        let leave = insist(self.at(&person, index + 1), format!("{path}/{edge}"), body);
        let rescind = insist(
            self.at(&self.world.coordinator, index),
            format!("{path}/rescission"),
            reason,
        );
        let (accepted, (left, rescinded)) = join(accept, join(leave, rescind)).await;
        (id, [accepted, left, rescinded])
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
            .map(|row| row.into_active_model())
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
            LARGE,
            break_seat_guard,
        )
        .await;
    }
}

#[actix_web::test]
async fn without_the_recount_the_same_run_oversells_on_sqlite() {
    oversells(TestDatabase::sqlite(), SMALL, break_recount).await;
}
