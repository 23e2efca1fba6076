//! What a crash leaves: everything or nothing, wherever it comes, and a repeated request has
//! its effect once. Each step of a change is a place to die in: every statement, and the moments
//! before and after the commit. The same matrix with a fault switched on finds it, so that what
//! it shows is known to be the transaction's doing.

use crate::world::World;
use serde_json::{Value, json};
use shared_database::sabotage::{Fault, Sabotage};
use shared_testing::{Client, Reply, TestDatabase, databases};
use std::time::Duration;
use uuid::Uuid;

/// A request that decides something.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Apply,
    Endorse,
    Publish,
    Accept,
    Withdraw,
    Substitute,
}

/// One request, ready to be sent, and the round that it is about.
struct Attempt {
    round: String,
    client: Client,
    path: String,
    body: Option<Value>,
    key: String,
}

/// Rows of history, events and kept answers.
type Traces = [i64; 3];

impl Operation {
    /// Everything before the request.
    async fn prepare(self, world: &World) -> Attempt {
        let to = |round: &str, client: &Client, path: String, body| Attempt {
            round: round.to_owned(),
            client: client.clone(),
            path,
            body,
            key: Uuid::new_v4().to_string(),
        };
        let director = &world.municipalities[0].director.client;
        if let Self::Accept | Self::Withdraw | Self::Substitute = self {
            let announced = world.announced(2, json!({ "seats": 1 })).await;
            let path = |edge: &str| format!("applications/{}/{edge}", announced.application(0));
            let round = &announced.round;
            if let Self::Accept = self {
                let body = json!({ "verdict": "accept" });
                return to(round, announced.person(0), path("answer"), Some(body));
            }
            announced.answer(0, "accept").await.ok();
            if let Self::Withdraw = self {
                return to(
                    round,
                    announced.person(0),
                    path("withdrawal"),
                    Some(json!({})),
                );
            }
            let substitute = world.person(world.municipalities[0].id, "Substitute").await;
            let body = json!({ "personId": substitute.id, "reason": "Changes jobs." });
            return to(round, director, path("substitution"), Some(body));
        }
        let round = world.open_round(json!({ "seats": 1 })).await;
        if let Self::Apply = self {
            let person = world.person(world.municipalities[0].id, "Anna").await;
            let body = json!({ "roundId": round });
            return to(
                &round,
                &person.client,
                "applications".to_owned(),
                Some(body),
            );
        }
        let (_, application) = world.applicant(0, &round).await;
        if let Self::Endorse = self {
            let path = format!("applications/{application}/endorsement");
            let body = json!({ "verdict": "endorse", "rank": 1 });
            return to(&round, director, path, Some(body));
        }
        world.endorse(0, &application, 1).await;
        let proposal = world.propose(&round).await.id();
        let path = format!("admission-proposals/{proposal}/publication");
        to(&round, &world.coordinator, path, None)
    }
}

impl Attempt {
    /// Sends it once; nothing where the connection broke.
    async fn send(&self) -> Option<Reply> {
        let call = self.client.call("POST".parse().unwrap(), &self.path);
        let call = match &self.body {
            Some(body) => call.json(body),
            None => call,
        };
        call.header("idempotency-key", &self.key)
            .try_send()
            .await
            .ok()
    }

    /// Sends it again under the same key until there is an answer other than "try again".
    async fn repeat(&self) -> Reply {
        loop {
            match self.send().await {
                Some(reply)
                    if reply["code"] != "idempotency_key_running" && reply.status != 503 =>
                {
                    return reply;
                }
                _ => actix_web::rt::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

struct Matrix {
    world: World,
    operation: Operation,
    fault: Option<Fault>,
}

impl Matrix {
    async fn new(database: TestDatabase, operation: Operation, fault: Option<Fault>) -> Self {
        println!("{operation:?} on {}", database.url);
        let world = World::new(database, 1).await;
        Self {
            world,
            operation,
            fault,
        }
    }

    fn sabotage(&self) -> &Sabotage {
        &self.world.service.state().database.sabotage
    }

    async fn traces(&self) -> Traces {
        let mut traces = [0; 3];
        for (trace, table) in traces.iter_mut().zip(["changes", "outbox", "idempotency"]) {
            *trace = self.world.service.count(table).await;
        }
        traces
    }

    async fn traces_since(&self, before: Traces) -> Traces {
        let now = self.traces().await;
        [now[0] - before[0], now[1] - before[1], now[2] - before[2]]
    }

    /// What the request leaves where nothing goes wrong.
    async fn undisturbed(&self) -> Traces {
        let attempt = self.operation.prepare(&self.world).await;
        let before = self.traces().await;
        let reply = attempt.send().await.unwrap();
        assert!(reply.status < 300, "{}", reply.text);
        let traces = self.traces_since(before).await;
        assert!(traces.iter().all(|trace| *trace > 0), "{traces:?}");
        traces
    }

    /// Dies in one step, and repeats. Nothing, where the request has no such step; otherwise
    /// what is not as promised.
    async fn crash_in(&self, step: usize, whole: Traces) -> Option<Vec<String>> {
        let attempt = self.operation.prepare(&self.world).await;
        let before = self.traces().await;
        // What comes before, and the repetition, are as they should be.
        self.fault
            .inspect(|fault| self.sabotage().switch_on(*fault));
        self.sabotage().crash_at(Some(step));
        let first = attempt.send().await;
        if first.is_some() {
            // An answer may come before the crash only where something is wrong.
            actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        }
        let crashed = self.sabotage().steps() >= step;
        self.sabotage().crash_at(None);
        self.fault
            .inspect(|fault| self.sabotage().switch_off(*fault));
        if !crashed {
            return None;
        }
        let mut found = Vec::new();
        let left = self.settled(before).await;
        if left != whole && left != [0; 3] {
            found.push(format!("step {step} leaves {left:?} of {whole:?}"));
        }
        if first.is_some() && left != whole {
            found.push(format!("step {step} loses what was acknowledged"));
        }
        let repeated = attempt.repeat().await;
        let replayed = repeated.header("idempotency-replayed") == Some("true");
        if repeated.status >= 300 {
            found.push(format!(
                "step {step}: the repetition gets {}",
                repeated.text
            ));
        }
        if replayed != (left == whole) {
            found.push(format!(
                "step {step}: replayed is {replayed}, left {left:?}"
            ));
        }
        let left = self.traces_since(before).await;
        if left != whole {
            found.push(format!(
                "step {step} and its repetition leave {left:?} of {whole:?}"
            ));
        }
        let invariants = format!("rounds/{}/invariants", attempt.round);
        let invariants = self.world.coordinator.get(&invariants).await.ok();
        if invariants["holds"] != true {
            found.push(format!("step {step}: {}", invariants.text));
        }
        Some(found)
    }

    /// What a crash left, once the database has undone what was open.
    async fn settled(&self, before: Traces) -> Traces {
        let mut left = self.traces_since(before).await;
        loop {
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
            let now = self.traces_since(before).await;
            if now == left {
                return left;
            }
            left = now;
        }
    }

    /// Dies in every step, one after the other; says how many those were and what was found.
    async fn every_step(&self) -> (usize, Vec<String>) {
        let whole = self.undisturbed().await;
        let mut found = Vec::new();
        for step in 1.. {
            match self.crash_in(step, whole).await {
                Some(more) => found.extend(more),
                None => return (step - 1, found),
            }
        }
        unreachable!()
    }
}

async fn holds(operation: Operation) {
    for database in databases().await {
        let matrix = Matrix::new(database, operation, None).await;
        let (steps, found) = matrix.every_step().await;
        println!("{operation:?}: {steps} steps");
        assert!(steps > 5, "only {steps} steps");
        assert_eq!(found, Vec::<String>::new());
    }
}

#[actix_web::test]
async fn applying_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Apply).await;
}

#[actix_web::test]
async fn endorsing_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Endorse).await;
}

#[actix_web::test]
async fn announcing_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Publish).await;
}

#[actix_web::test]
async fn accepting_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Accept).await;
}

#[actix_web::test]
async fn withdrawing_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Withdraw).await;
}

#[actix_web::test]
async fn substituting_leaves_everything_or_nothing_wherever_it_dies() {
    holds(Operation::Substitute).await;
}

/// The control: the matrix finds the fault.
async fn finds(fault: Fault, what: &str) {
    for database in databases().await {
        let matrix = Matrix::new(database, Operation::Accept, Some(fault)).await;
        let whole = matrix.undisturbed().await;
        let mut found = Vec::new();
        for step in 1.. {
            let Some(more) = matrix.crash_in(step, whole).await else {
                break;
            };
            found.extend(more);
            if found.iter().any(|one| one.contains(what)) {
                break;
            }
        }
        println!("{fault:?}: {found:?}");
        assert!(found.iter().any(|one| one.contains(what)), "{found:?}");
    }
}

#[actix_web::test]
async fn an_answer_before_its_commit_is_found() {
    finds(Fault::AckBeforeCommit, "loses what was acknowledged").await;
}

#[actix_web::test]
async fn events_outside_the_transaction_are_found() {
    finds(Fault::OutboxOutside, "and its repetition leave").await;
}

#[actix_web::test]
async fn a_history_outside_the_transaction_is_found() {
    finds(Fault::AuditOutside, "and its repetition leave").await;
}

#[actix_web::test]
async fn a_kept_answer_outside_the_transaction_is_found() {
    finds(Fault::IdempotencyOutside, "the repetition gets").await;
}
