//! Faults and crashes that tests switch on, for one database alone, to show that they would
//! notice. The feature is switched on by tests alone.

use crate::{
    Database, DatabaseError, history,
    tables::{change_reasons, changes, outbox, outbox::Model as EventRow},
    tail::Tail,
};
use sea_orm::DatabaseConnection;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

/// What is done wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Answers before it commits.
    AckBeforeCommit,
    /// Writes events in a transaction of their own.
    OutboxOutside,
    /// Writes history in a transaction of its own.
    AuditOutside,
    /// Notes the answer to an idempotency key in a transaction of its own.
    IdempotencyOutside,
    /// Applies an event as often as it comes.
    NoInboxDedup,
}

/// The faults of one database, and the steps of its changes: every statement, and the moments
/// before and after the commit.
#[derive(Clone, Debug, Default)]
pub struct Sabotage(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    faults: HashSet<Fault>,
    steps: usize,
    crash_at: Option<usize>,
}

tokio::task_local! {
    /// Set while a change runs.
    pub(crate) static CHANGING: Sabotage;
}

impl Sabotage {
    /// From now on this is done wrongly.
    pub fn switch_on(&self, fault: Fault) {
        self.with(|state| state.faults.insert(fault));
    }

    /// From now on it is done rightly again.
    pub fn switch_off(&self, fault: Fault) {
        self.with(|state| state.faults.remove(&fault));
    }

    /// Whether this is done wrongly.
    pub fn is_on(&self, fault: Fault) -> bool {
        self.with(|state| state.faults.contains(&fault))
    }

    /// Counts the steps of changes from now on, and dies, once, in the one of this number
    /// (from 1).
    pub fn crash_at(&self, step: Option<usize>) {
        self.with(|state| {
            state.steps = 0;
            state.crash_at = step;
        });
    }

    /// Steps since then.
    pub fn steps(&self) -> usize {
        self.with(|state| state.steps)
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut state)
    }

    /// Dies like a process that is killed: nothing is tidied up.
    fn step(&self) {
        let dies = self.with(|state| {
            state.steps += 1;
            let dies = state.crash_at == Some(state.steps);
            if dies {
                state.crash_at = None;
            }
            dies
        });
        assert!(!dies, "a crash that a test asked for");
    }
}

/// One step of the change that runs here.
pub(crate) fn step() {
    // Outside a change there is nothing to count.
    let _ = CHANGING.try_with(Sabotage::step);
}

/// A connection whose statements are steps.
pub(crate) fn watched(mut connection: DatabaseConnection) -> DatabaseConnection {
    connection.set_metric_callback(|_| step());
    connection
}

/// What a faulty change writes after its commit.
#[derive(Debug, Default)]
pub(crate) struct Late {
    pub(crate) changes: Vec<changes::Model>,
    pub(crate) reasons: Vec<change_reasons::Model>,
    pub(crate) events: Vec<EventRow>,
}

impl Late {
    pub(crate) async fn write(self, database: &Database) -> Result<(), DatabaseError> {
        if self.changes.is_empty() && self.events.is_empty() {
            return Ok(());
        }
        let transaction = database.begin().await?;
        let mut tail = Tail::default();
        history::insert(&mut tail, self.changes, self.reasons);
        tail.add::<outbox::Entity>(self.events);
        tail.write(transaction.connection()).await?;
        transaction.commit().await
    }
}
