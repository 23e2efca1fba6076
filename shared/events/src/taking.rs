//! What an inbox does with facts from the broker: makes their effect in the stream's order, or puts
//! them aside.

use crate::{
    Apply, Inbox, Received, declares, entity, held,
    inbox::{MOST_BODY_BYTES, parse},
};
use sea_orm::EntityTrait as _;
use shared_database::{Change, DatabaseError};
use shared_types::{Actor, Problem, codes, event::Event};
use shared_web::{
    telemetry::spans::{self, Span},
    trace::{self, Trace},
};
use std::time::Instant;

/// What services sign facts for: no connection says who they are.
pub(crate) const SIGNED_FOR: &str = "akademi-events";

/// A fact as it came from the broker, with what it was signed with.
#[derive(Debug)]
pub(crate) struct Signed {
    event: Event,
    body: String,
    signature: String,
}

impl<A: Apply> Inbox<A> {
    /// Makes a fact's effect, or puts it aside where it can't have one now: behind what is held of
    /// its subject, or first of it. An error means that neither could be done.
    pub(crate) async fn take(&self, signed: &Signed) -> Result<(), Problem> {
        let event = &signed.event;
        if !declares(&self.types, &event.r#type) {
            // Whoever is meant has a place of its own at the broker.
            return Ok(());
        }
        let (started, trace) = (
            Instant::now(),
            Trace::of_message(event.traceparent.as_deref()),
        );
        let tried = if self.is_signed(signed) {
            self.receive_or_queue(signed).await
        } else {
            Err(Problem::of(&codes::FORBIDDEN))
        };
        spans::ended(Span {
            part: self.database.source(),
            trace,
            parent: event.traceparent.as_deref().and_then(trace::span_of),
            name: format!("take {}", event.r#type),
            kind: spans::Kind::Consumer,
            elapsed: started.elapsed(),
            attributes: vec![("messaging.system", "nats".into())],
            failed: tried.is_err(),
        });
        match tried {
            Ok(received) => {
                let kind = &event.r#type;
                tracing::debug!(event_id = %event.id, kind, ?received, "fact taken");
                Ok(())
            }
            // Nothing is wrong with the fact.
            Err(problem) if problem.code().name == codes::UNAVAILABLE.name => Err(problem),
            Err(problem) => self.put_aside(signed, &problem).await,
        }
    }

    async fn receive_or_queue(&self, signed: &Signed) -> Result<Received, Problem> {
        let event = &signed.event;
        self.database
            .change_again(self.actor(event), async |change: &mut Change| {
                if is_noted(change, event).await? && self.remembers() {
                    return Ok(Received::Duplicate);
                }
                if held::holds(change.tx(), &event.subject).await? {
                    held::hold(change, signed.row(0, "an earlier one waits")).await?;
                    return Ok(Received::Held);
                }
                self.apply_once(change, event).await
            })
            .await
    }

    async fn put_aside(&self, signed: &Signed, problem: &Problem) -> Result<(), Problem> {
        let code = problem.code().name;
        let (event, cause) = (&signed.event, problem.cause());
        tracing::warn!(event_id = %event.id, kind = event.r#type, code, cause, "a fact is held");
        self.database
            .change(self.actor(event), async |change: &mut Change| {
                Ok(held::hold(change, signed.row(1, code)).await?)
            })
            .await
    }

    /// Tries again what is held and due; says how many facts had their effect.
    pub(crate) async fn try_held(&self) -> Result<usize, Problem> {
        let mut done = 0;
        for id in held::due(&self.database).await? {
            let (mut tried, mut code) = (None, "");
            let actor = Actor::system(self.clock.now());
            let again = self.database.change(actor, async |change: &mut Change| {
                let Some(row) = held::lock(change, id).await? else {
                    return Ok(false);
                };
                let signed = Signed::read(row.body.as_bytes(), &row.signature)?;
                tried = Some(row);
                if !self.is_signed(&signed) {
                    return Err(Problem::of(&codes::FORBIDDEN));
                }
                change.actor = self.actor(&signed.event);
                self.apply_once(change, &signed.event).await?;
                held::release(change, id).await?;
                Ok(true)
            });
            match again.await {
                Ok(applied) => done += usize::from(applied),
                Err(problem) => code = problem.code().name,
            }
            if let Some(row) = tried
                && !code.is_empty()
            {
                if row.attempts % 10 == 9 {
                    let (kind, attempts) = (&row.kind, row.attempts);
                    tracing::error!(event_id = %id, kind, attempts, code, "a fact is still held");
                }
                held::put_off(&self.database, &row, code).await?;
            }
        }
        Ok(done)
    }

    /// Whether the service that the fact names as its source has signed it.
    fn is_signed(&self, signed: &Signed) -> bool {
        let source = signed.event.source.strip_prefix('/');
        let key = source.and_then(|source| self.signers.get(source));
        key.is_some_and(|key| key.has_signed(SIGNED_FOR, signed.body.as_bytes(), &signed.signature))
    }
}

/// Whether the event had its effect before.
async fn is_noted(change: &Change, event: &Event) -> Result<bool, DatabaseError> {
    let found = entity::inbox::Entity::find_by_id(event.id.uuid());
    Ok(found.one(change.tx()).await?.is_some())
}

impl Signed {
    /// Reads an event, which may have been signed by anybody.
    pub(crate) fn read(body: &[u8], signature: &str) -> Result<Self, Problem> {
        if body.len() > MOST_BODY_BYTES {
            return Err(Problem::of(&codes::BODY_TOO_LARGE).value("most", MOST_BODY_BYTES));
        }
        let event = parse(body)?;
        Ok(Self {
            event,
            // What serde has read is UTF-8.
            body: String::from_utf8_lossy(body).into_owned(),
            signature: signature.to_owned(),
        })
    }

    fn row(&self, attempts: i32, error: &str) -> held::entity::Model {
        held::entity::Model {
            event_id: self.event.id.uuid(),
            subject: self.event.subject.clone(),
            kind: self.event.r#type.clone(),
            source: self.event.source.clone(),
            body: self.body.clone(),
            signature: self.signature.clone(),
            attempts,
            next_attempt_at: held::next_attempt(attempts),
            last_error: error.to_owned(),
            held_at: held::now(),
        }
    }
}
