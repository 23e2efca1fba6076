//! A change: one transaction in which state, history, events and the idempotency record are
//! written together, or not at all.

use crate::{
    Database, DatabaseError,
    connect::WriteTransaction,
    error::GaveWay,
    history, idempotency, outbox,
    tables::{self, change_reasons, changes},
    tail::Tail,
};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde_json::Value;
use shared_types::{Actor, Answer, ChangeId, Claim, Problem};
use std::time::Duration;
use uuid::Uuid;

/// How often work that gave way is done again.
const MOST_REPEATS: u64 = 3;

/// An open change.
#[derive(Debug)]
pub struct Change {
    transaction: WriteTransaction,
    /// Who changes, and when.
    pub actor: Actor,
    changes: Vec<changes::Model>,
    reasons: Vec<change_reasons::Model>,
    events: Vec<tables::outbox::Model>,
    tail: Tail,
    source: &'static str,
}

impl Change {
    /// The transaction, for the store's queries.
    pub fn tx(&self) -> &DatabaseTransaction {
        self.transaction.connection()
    }

    /// Whether this is PostgreSQL, where rows are locked one by one.
    pub fn is_postgres(&self) -> bool {
        self.tx().get_database_backend() == sea_orm::DatabaseBackend::Postgres
    }

    /// Adds an entry to the history of a thing.
    pub fn record(&mut self, kind: &str, thing: impl Into<Uuid>, edge: &str, reason: Option<&str>) {
        let id = ChangeId::new().uuid();
        self.changes.push(changes::Model {
            id,
            at: self.actor.at,
            kind: kind.to_owned(),
            thing_id: thing.into(),
            edge: edge.to_owned(),
            actor: self.actor.subject.clone(),
            on_behalf_of: self.actor.on_behalf_of.map(Uuid::from),
            reason_digest: reason.map(history::digest),
        });
        if let Some(reason) = reason {
            self.reasons.push(change_reasons::Model {
                change_id: id,
                reason: reason.to_owned(),
            });
        }
    }

    /// Adds an event about a subject; it leaves once the change is committed.
    pub fn publish(&mut self, kind: &str, subject: impl Into<Uuid>, data: Value) {
        self.events
            .push(outbox::row(kind, subject.into(), data, &self.actor));
    }

    /// Inserts a row when the change ends, together with history and events: what nobody reads
    /// before, and what can't be refused.
    pub fn insert_last<E>(&mut self, row: E::Model)
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.tail.add::<E>([row]);
    }

    /// Does a part that may be refused by itself: what it did is undone then, and the change goes
    /// on.
    pub async fn attempt<T, E, F>(&mut self, work: F) -> Result<Result<T, E>, DatabaseError>
    where
        F: AsyncFnOnce(&mut Self) -> Result<T, E>,
    {
        let before = (self.changes.len(), self.reasons.len(), self.events.len());
        let tail = std::mem::take(&mut self.tail);
        self.tx().execute_unprepared("SAVEPOINT attempt").await?;
        // On the heap: what a part does is large, and its callers should not be.
        let done = Box::pin(work(self)).await;
        if done.is_err() {
            let undo = "ROLLBACK TO SAVEPOINT attempt";
            self.tx().execute_unprepared(undo).await?;
            self.changes.truncate(before.0);
            self.reasons.truncate(before.1);
            self.events.truncate(before.2);
            self.tail = Tail::default();
        }
        self.tx()
            .execute_unprepared("RELEASE SAVEPOINT attempt")
            .await?;
        let own = std::mem::replace(&mut self.tail, tail);
        self.tail.append(own);
        Ok(done)
    }

    /// Writes the history and the events so far, in the same transaction: for a change of very
    /// many things, which must not keep all of them in memory until its end.
    pub async fn flush(&mut self) -> Result<(), DatabaseError> {
        let changes = std::mem::take(&mut self.changes);
        let reasons = std::mem::take(&mut self.reasons);
        let mut tail = Tail::default();
        history::insert(&mut tail, changes, reasons);
        tail.add::<tables::outbox::Entity>(std::mem::take(&mut self.events));
        tail.append(std::mem::take(&mut self.tail));
        tail.write(self.tx()).await
    }

    /// Name of the owner.
    pub fn source(&self) -> &'static str {
        self.source
    }

    async fn commit(self, database: &Database) -> Result<(), DatabaseError> {
        let (changes, reasons, events) = (self.changes, self.reasons, self.events);
        #[cfg(feature = "sabotage")]
        let (changes, reasons, events, late) = put_off(database, changes, reasons, events);
        let mut tail = Tail::default();
        history::insert(&mut tail, changes, reasons);
        tail.add::<tables::outbox::Entity>(events);
        tail.append(self.tail);
        tail.write(self.transaction.connection()).await?;
        step();
        self.transaction.commit().await?;
        step();
        #[cfg(feature = "sabotage")]
        late.write(database).await?;
        database.note_change();
        Ok(())
    }
}

#[cfg(not(feature = "sabotage"))]
const fn step() {}

#[cfg(feature = "sabotage")]
use crate::sabotage::{CHANGING, Fault, Late, step};

/// Splits off what a faulty change writes too late.
#[cfg(feature = "sabotage")]
fn put_off(
    database: &Database,
    changes: Vec<changes::Model>,
    reasons: Vec<change_reasons::Model>,
    events: Vec<tables::outbox::Model>,
) -> (
    Vec<changes::Model>,
    Vec<change_reasons::Model>,
    Vec<tables::outbox::Model>,
    Late,
) {
    let mut kept = (changes, reasons, events, Late::default());
    if database.sabotage.is_on(Fault::AuditOutside) {
        std::mem::swap(&mut kept.0, &mut kept.3.changes);
        std::mem::swap(&mut kept.1, &mut kept.3.reasons);
    }
    if database.sabotage.is_on(Fault::OutboxOutside) {
        std::mem::swap(&mut kept.2, &mut kept.3.events);
    }
    kept
}

impl Database {
    /// Does `work` in one transaction; an error undoes all of it.
    pub async fn change<T, E, F>(&self, actor: Actor, work: F) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Change) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.change_or(actor, work, E::from).await
    }

    /// The same for work that can be done again: where it gave way to another transaction (a
    /// deadlock, a serialisation failure) it is, three times at most.
    pub async fn change_again<T, E, F>(&self, actor: Actor, work: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Change) -> Result<T, E>,
        E: From<DatabaseError> + GaveWay,
    {
        let mut repeats = 0;
        loop {
            let done = self.change(actor.clone(), &work).await;
            match done {
                Err(error) if error.gave_way() && repeats < MOST_REPEATS => repeats += 1,
                done => return done,
            }
            // Not both at the same moment again.
            let (random, _) = Uuid::new_v4().as_u64_pair();
            tokio::time::sleep(Duration::from_millis(10 * repeats + random % 20)).await;
        }
    }

    /// The same; `refused` says what it means where it can't be committed.
    async fn change_or<T, E, F>(
        &self,
        actor: Actor,
        work: F,
        refused: fn(DatabaseError) -> E,
    ) -> Result<T, E>
    where
        F: AsyncFnOnce(&mut Change) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        let all = async {
            let mut change = Change {
                transaction: self.begin().await?,
                actor,
                changes: Vec::new(),
                reasons: Vec::new(),
                events: Vec::new(),
                tail: Tail::default(),
                source: self.source,
            };
            // On the heap: what a change does is large, and its callers should not be.
            let done = Box::pin(work(&mut change)).await?;
            #[cfg(feature = "sabotage")]
            if self.sabotage.is_on(Fault::AckBeforeCommit) {
                let database = self.clone();
                let committing = async move { change.commit(&database).await };
                tokio::spawn(CHANGING.scope(self.sabotage.clone(), committing));
                return Ok(done);
            }
            change.commit(self).await.map_err(refused)?;
            Ok(done)
        };
        #[cfg(feature = "sabotage")]
        let all = CHANGING.scope(self.sabotage.clone(), all);
        all.await
    }

    /// Answers a request by `work`, once for an idempotency key: a repeated request gets the
    /// first one's answer, and its effect is not made again.
    pub async fn answer<F>(
        &self,
        actor: Actor,
        claim: Option<&Claim>,
        work: F,
    ) -> Result<Answer, Problem>
    where
        F: AsyncFnOnce(&mut Change) -> Result<Answer, Problem>,
    {
        let Some(claim) = claim else {
            return self.change(actor, work).await;
        };
        let _turn = self.running.enter(claim)?;
        #[cfg(feature = "sabotage")]
        if self.sabotage.is_on(Fault::IdempotencyOutside) {
            return self.answer_carelessly(actor, claim, work).await;
        }
        let once = async |change: &mut Change| {
            if let Some(answer) = idempotency::find(change.tx(), claim, self.is_postgres()).await? {
                return Ok(answer);
            }
            let answer = Box::pin(work(change)).await?;
            change.insert_last::<tables::idempotency::Entity>(idempotency::row(claim, &answer));
            Ok(answer)
        };
        self.change_or(actor, once, idempotency::refused).await
    }

    /// The same, but that the answer is noted in a transaction of its own.
    #[cfg(feature = "sabotage")]
    async fn answer_carelessly<F>(
        &self,
        actor: Actor,
        claim: &Claim,
        work: F,
    ) -> Result<Answer, Problem>
    where
        F: AsyncFnOnce(&mut Change) -> Result<Answer, Problem>,
    {
        let kept = idempotency::find(self.read(), claim, false).await?;
        if let Some(answer) = kept {
            return Ok(answer);
        }
        let answer = self.change(actor, work).await?;
        let transaction = self.begin().await?;
        let row = idempotency::row(claim, &answer);
        crate::row::insert::<tables::idempotency::Entity>(transaction.connection(), row).await?;
        transaction.commit().await?;
        Ok(answer)
    }
}
