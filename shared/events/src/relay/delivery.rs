//! Delivery: claim what is due, send it, settle what became of it. No transaction is open
//! while a request is under way.

use super::{
    Relay, Subscriber, Way,
    fan_out::insertion_column,
    rhythm::{LEASE_MILLIS, away_millis, back_off_millis, system_millis},
};
use crate::{MEDIA_TYPE, entity::deliveries};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, LockBehavior, LockType},
};
use serde_json::Value;
use shared_database::{Database, DatabaseError, tables::outbox};
use shared_types::{Caller, event::Event};
use shared_web::{
    outgoing,
    token::{EVENTS, Signer},
};
use std::{error::Error, time::Duration};

/// Characters of an error that are kept.
const MOST_ERROR_CHARACTERS: usize = 300;

/// A delivery that this relay has leased, with its event.
#[derive(Debug)]
pub(super) struct Claimed {
    delivery: deliveries::Model,
    event: Option<outbox::Model>,
}

/// What became of a delivery.
#[derive(Debug)]
pub(super) struct Sent {
    delivery: deliveries::Model,
    /// Delivered, or why not.
    pub(super) outcome: Result<(), Failed>,
}

impl Sent {
    /// Whether the subscriber was away.
    pub(super) fn is_lost_on_the_way(&self) -> bool {
        matches!(&self.outcome, Err(failed) if failed.away)
    }
}

/// Why something was not delivered.
#[derive(Debug)]
pub(super) struct Failed {
    words: String,
    /// Whether the subscriber said nothing, or that it can take nothing now: then nobody else's
    /// event would have fared better.
    away: bool,
}

impl Failed {
    fn alone(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            away: false,
        }
    }

    fn away(error: &dyn Error) -> Self {
        Self {
            words: chain(error),
            away: true,
        }
    }
}

impl Relay {
    /// Leases at most `most` due deliveries, the first of each subject.
    pub(super) async fn claim(
        &self,
        subscriber: &Subscriber,
        most: usize,
    ) -> Result<Vec<Claimed>, DatabaseError> {
        let now = system_millis();
        let due = due(&self.database, subscriber, now).limit(u64::try_from(most).unwrap_or(0));
        // A look first: an idle relay takes no turn among the writers.
        if most == 0 || due.clone().one(self.database.read()).await?.is_none() {
            return Ok(Vec::new());
        }
        let transaction = self.database.begin().await?;
        let claimed = due
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(transaction.connection())
            .await?;
        let ids = || claimed.iter().map(|delivery| delivery.event_id);
        deliveries::Entity::update_many()
            .col_expr(
                deliveries::Column::NextAttemptAt,
                Expr::value(now + LEASE_MILLIS),
            )
            .filter(deliveries::Column::Subscriber.eq(&subscriber.name))
            .filter(deliveries::Column::EventId.is_in(ids()))
            .exec(transaction.connection())
            .await?;
        transaction.commit().await?;
        let mut events = outbox::Entity::find()
            .filter(outbox::Column::Id.is_in(ids()))
            .all(self.database.read())
            .await?;
        let mut event_of = |delivery: &deliveries::Model| {
            let found = events
                .iter()
                .position(|event| event.id == delivery.event_id)?;
            Some(events.swap_remove(found))
        };
        Ok(claimed
            .into_iter()
            .map(|delivery| Claimed {
                event: event_of(&delivery),
                delivery,
            })
            .collect())
    }

    /// Sends one event.
    pub(super) async fn send(&self, subscriber: &Subscriber, claimed: Claimed) -> Sent {
        let Claimed { delivery, event } = claimed;
        let outcome = match event {
            Some(row) => self.give(subscriber, &self.event(row)).await,
            None => Err(Failed::alone("the event is gone from the outbox")),
        };
        Sent { delivery, outcome }
    }

    /// Deletes what was delivered and puts off what was not, in one transaction; says how soon
    /// something is to be tried again.
    pub(super) async fn settle(
        &self,
        subscriber: &Subscriber,
        sent: Vec<Sent>,
    ) -> Result<Option<Duration>, DatabaseError> {
        if sent.is_empty() {
            return Ok(None);
        }
        let delivered = sent
            .iter()
            .filter(|one| one.outcome.is_ok())
            .map(|one| one.delivery.event_id);
        let transaction = self.database.begin().await?;
        deliveries::Entity::delete_many()
            .filter(deliveries::Column::Subscriber.eq(&subscriber.name))
            .filter(deliveries::Column::EventId.is_in(delivered))
            .exec(transaction.connection())
            .await?;
        let mut soonest = None;
        for Sent { delivery, outcome } in &sent {
            if let Err(error) = outcome {
                let delay = put_off(transaction.connection(), delivery, error).await?;
                soonest = Some(soonest.map_or(delay, |other: Duration| other.min(delay)));
            }
        }
        transaction.commit().await?;
        Ok(soonest)
    }

    fn event(&self, row: outbox::Model) -> Event {
        Event {
            specversion: "1.0".to_owned(),
            id: row.id.into(),
            source: format!("/{}", self.source),
            r#type: row.kind,
            subject: row.subject,
            time: row.at,
            traceparent: row.trace,
            data: row.data,
        }
    }

    async fn give(&self, subscriber: &Subscriber, event: &Event) -> Result<(), Failed> {
        match &self.way {
            Way::Doors(signer, client) => self.post(subscriber, event, signer, client).await,
            #[cfg(feature = "nats")]
            Way::Broker(broker) => broker.publish(event).await.map_err(|e| Failed::away(&e)),
        }
    }

    async fn post(
        &self,
        subscriber: &Subscriber,
        event: &Event,
        signer: &Signer,
        client: &outgoing::Internal,
    ) -> Result<(), Failed> {
        let alone = |error: &dyn Error| Failed::alone(chain(error));
        let caller = Caller {
            subject: format!("service:{}", self.source),
            ..Caller::anonymous()
        };
        let token = signer.sign(EVENTS, &caller).map_err(|e| alone(&e))?;
        let body = serde_json::to_vec(event).map_err(|e| alone(&e))?;
        let method = "POST"
            .parse()
            .map_err(|_| Failed::alone("no such method"))?;
        let mut request = client
            .request(method, &subscriber.url)
            .map_err(|e| alone(&e))?
            .bearer_auth(token)
            .header("content-type", MEDIA_TYPE)
            .body(body);
        if let Some(trace) = &event.traceparent {
            request = request.header("traceparent", trace);
        }
        let response = request.send().await.map_err(|e| Failed::away(&e))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        // Of a refusal only the code is kept: its words may quote the event.
        let problem: Value = response.json().await.unwrap_or_default();
        let code = problem.get("code").and_then(Value::as_str);
        Err(Failed {
            words: format!("{} {}", status.as_u16(), code.unwrap_or_default()),
            away: matches!(status.as_u16(), 502..=504),
        })
    }
}

/// Deliveries that may be tried now: due, and the first of their subject.
fn due(database: &Database, subscriber: &Subscriber, now: i64) -> Select<deliveries::Entity> {
    let order = insertion_column(database);
    let is_first = Expr::cust(format!(
        "NOT EXISTS (SELECT 1 FROM outbox_deliveries AS earlier \
         WHERE earlier.subscriber = outbox_deliveries.subscriber \
         AND earlier.subject = outbox_deliveries.subject \
         AND earlier.{order} < outbox_deliveries.{order})"
    ));
    deliveries::Entity::find()
        .filter(deliveries::Column::Subscriber.eq(&subscriber.name))
        .filter(deliveries::Column::NextAttemptAt.lte(now))
        .filter(is_first)
        .order_by_asc(deliveries::Column::NextAttemptAt)
}

/// Puts off a failed delivery, and with it what waits behind it, so that those rows needn't be
/// looked at before.
async fn put_off(
    connection: &DatabaseTransaction,
    delivery: &deliveries::Model,
    failed: &Failed,
) -> Result<Duration, DatabaseError> {
    let attempts = delivery.attempts.saturating_add(1);
    let delay = if failed.away {
        // Whoever is back gets it soon; meanwhile the whole subscriber is left alone.
        away_millis(attempts)
    } else {
        back_off_millis(attempts)
    };
    let at = system_millis() + delay;
    let error: String = failed.words.chars().take(MOST_ERROR_CHARACTERS).collect();
    // Later failures of the same delivery are one line in ten.
    if attempts % 10 == 1 {
        tracing::warn!(
            event_id = %delivery.event_id,
            subscriber = delivery.subscriber,
            attempts,
            %error,
            "not delivered"
        );
    }
    let noted = deliveries::Entity::update_many()
        .col_expr(deliveries::Column::Attempts, Expr::value(attempts))
        .col_expr(deliveries::Column::NextAttemptAt, Expr::value(at))
        .col_expr(deliveries::Column::LastError, Expr::value(error))
        .filter(deliveries::Column::Subscriber.eq(&delivery.subscriber))
        .filter(deliveries::Column::EventId.eq(delivery.event_id))
        .exec(connection)
        .await?;
    if noted.rows_affected == 0 {
        // Another relay delivered it after the lease had ended.
        return Ok(Duration::ZERO);
    }
    let waits_behind = Condition::all()
        .add(deliveries::Column::Subscriber.eq(&delivery.subscriber))
        .add(deliveries::Column::Subject.eq(&delivery.subject))
        .add(deliveries::Column::NextAttemptAt.lt(at));
    deliveries::Entity::update_many()
        .col_expr(deliveries::Column::NextAttemptAt, Expr::value(at))
        .filter(waits_behind)
        .exec(connection)
        .await?;
    Ok(Duration::from_millis(u64::try_from(delay).unwrap_or(0)))
}

/// An error with its causes.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}
