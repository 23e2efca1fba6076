//! Sends what is due: a few deliveries of each endpoint at a time, so that a slow one delays no
//! other, and not more in all than memory is meant for.
//!
//! Rows are claimed for longer than an attempt can take, and no transaction is open while an
//! endpoint is waited for: whoever dies in between leaves the row pending, and the next one sends
//! it again under the same id.

use super::{
    entity::{self, delivery},
    model::pause_seconds,
    queue, signature, steps, store,
};
use crate::{State, api, feeds::body};
use actix_web::web::Data;
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, LockBehavior, LockType},
};
use shared_database::{Change, DatabaseError, column, tables::outbox};
use shared_types::{
    Actor, Problem,
    registration::webhooks::{DeliveryState, WebhookDisabledReason, WebhookState},
};
use shared_web::{
    clock, metrics,
    outgoing::{ExternalError, Method},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use uuid::Uuid;

/// How long an endpoint may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Seconds for which a claimed delivery is left alone by other instances.
const LEASE_SECONDS: i64 = 60;
/// Deliveries on their way at once: in all, and to one endpoint.
const MOST_AT_ONCE: usize = 128;
const MOST_TO_ONE: usize = 4;
/// What endpoints know Akademi by.
const USER_AGENT: &str = concat!("Akademi/", env!("CARGO_PKG_VERSION"));

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sent {
    /// The endpoint has taken it.
    Taken(u16),
    /// The endpoint wants no more, ever.
    Gone,
    /// It may be tried again.
    Refused(String),
    /// There is nothing any more to send.
    Forgotten,
}

/// How many deliveries of each webhook are on their way.
type Flying = BTreeMap<Uuid, usize>;

/// Queues and sends again and again.
pub async fn keep_sending(state: Data<State>) {
    let mut flying = Flying::new();
    let mut attempts = FuturesUnordered::new();
    loop {
        if let Err(error) = queue::fan_out(&state).await {
            tracing::warn!(%error, "events could not be queued");
        }
        match claim(&state, &flying).await {
            Ok(claimed) => {
                for one in claimed {
                    *flying.entry(one.webhook_id).or_default() += 1;
                    attempts.push(begin(state.clone(), one));
                }
            }
            Err(error) => tracing::warn!(%error, "deliveries could not be read"),
        }
        tokio::select! {
            Some(webhook) = attempts.next(), if !attempts.is_empty() => land(&mut flying, webhook),
            () = tokio::time::sleep(state.outgoing.look_every) => {}
        }
    }
}

/// An attempt that goes on while the loop waits for the database: its own turn may be the next.
fn begin(state: Data<State>, one: delivery::Model) -> impl Future<Output = Uuid> {
    let webhook = one.webhook_id;
    let running = actix_web::rt::spawn(async move { attempt(&state, one).await });
    async move {
        // One that broke is sent again when its lease is over.
        let _ = running.await;
        webhook
    }
}

/// Queues, and sends what is due until nothing is: says how many attempts that were.
pub async fn send_due(state: &State) -> Result<usize, DatabaseError> {
    queue::fan_out(state).await?;
    let mut made = 0;
    loop {
        let claimed = claim(state, &Flying::new()).await?;
        if claimed.is_empty() {
            return Ok(made);
        }
        made += claimed.len();
        let attempts = claimed.into_iter().map(|one| attempt(state, one));
        let attempts: FuturesUnordered<_> = attempts.collect();
        attempts.collect::<Vec<_>>().await;
    }
}

fn land(flying: &mut Flying, webhook: Uuid) {
    if let Some(count) = flying.get_mut(&webhook) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            flying.remove(&webhook);
        }
    }
}

/// Claims what is due, of each webhook no more than may be on its way.
async fn claim(state: &State, flying: &Flying) -> Result<Vec<delivery::Model>, DatabaseError> {
    let room = MOST_AT_ONCE.saturating_sub(flying.values().sum());
    let full: BTreeSet<Uuid> = flying
        .iter()
        .filter(|(_, count)| **count >= MOST_TO_ONE)
        .map(|(webhook, _)| *webhook)
        .collect();
    let now = seconds();
    let due = || {
        // In so many words: SQLite reads a partial index for a constant only.
        Condition::all()
            .add(Expr::cust("state = 'pending'"))
            .add(delivery::Column::NextAttemptAt.lte(now))
    };
    let webhooks: Vec<Uuid> = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::WebhookId)
        .distinct()
        .filter(due())
        .filter(delivery::Column::WebhookId.is_not_in(full))
        .limit(u64::try_from(room).unwrap_or(0))
        .into_tuple()
        .all(state.database.read())
        .await?;
    if room == 0 || webhooks.is_empty() {
        return Ok(Vec::new());
    }
    let transaction = state.database.begin().await?;
    let connection = transaction.connection();
    let mut claimed = Vec::new();
    for webhook in webhooks {
        let own = flying.get(&webhook).copied().unwrap_or(0);
        let most = MOST_TO_ONE.saturating_sub(own).min(room - claimed.len());
        let rows = delivery::Entity::find()
            .filter(delivery::Column::WebhookId.eq(webhook))
            .filter(due())
            .order_by_asc(delivery::Column::NextAttemptAt)
            .order_by_asc(delivery::Column::Id)
            .limit(u64::try_from(most).unwrap_or(0))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(connection)
            .await?;
        claimed.extend(rows);
        if claimed.len() >= room {
            break;
        }
    }
    delivery::Entity::update_many()
        .col_expr(
            delivery::Column::Attempts,
            Expr::col(delivery::Column::Attempts).add(1),
        )
        .col_expr(
            delivery::Column::NextAttemptAt,
            Expr::value(now + LEASE_SECONDS),
        )
        .filter(delivery::Column::Id.is_in(claimed.iter().map(|one| one.id)))
        .exec(connection)
        .await?;
    transaction.commit().await?;
    for one in &mut claimed {
        one.attempts += 1;
    }
    Ok(claimed)
}

/// Sends a delivery and notes what became of it; what can't be noted is sent again when its lease
/// is over. Says whose it was.
async fn attempt(state: &State, one: delivery::Model) -> Uuid {
    let webhook = one.webhook_id;
    let noted = match send(state, &one).await {
        Ok(Some((url, sent))) => settle(state, &one, &url, sent).await,
        // The webhook was taken away meanwhile, with its deliveries.
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    if let Err(problem) = noted {
        tracing::warn!(id = %one.id, cause = problem.cause(), "a delivery was not noted");
    }
    webhook
}

/// Sends a delivery to the address that its webhook has now: which it was, and what became of it.
async fn send(state: &State, one: &delivery::Model) -> Result<Option<(String, Sent)>, Problem> {
    let found = entity::Entity::find_by_id(one.webhook_id);
    let found = found.one(state.database.read()).await;
    let Some(webhook) = found.map_err(DatabaseError::from)? else {
        return Ok(None);
    };
    let sent = send_to(state, one, &webhook).await?;
    Ok(Some((webhook.url, sent)))
}

async fn send_to(
    state: &State,
    one: &delivery::Model,
    webhook: &entity::Model,
) -> Result<Sent, Problem> {
    let read = state.database.read();
    let row = outbox::Entity::find_by_id(one.event_id).one(read).await;
    let Some(row) = row.map_err(DatabaseError::from)? else {
        return Ok(Sent::Forgotten);
    };
    let trace = row.trace.clone();
    let event = body::event(row)?;
    let body = serde_json::to_vec(&event).map_err(Problem::internal)?;
    let now = state.core.clock.now();
    let secrets = store::signing(read, &state.link_key, webhook.id, now).await?;
    let timestamp = seconds();
    let signature = signature::sign(&secrets, one.event_id, timestamp, &body);
    let call = state.outgoing.external.request(Method::POST, &webhook.url);
    let call = match call {
        Ok(call) => call,
        Err(error) => return Ok(failure(&error)),
    };
    let mut call = call
        .header("content-type", body::MEDIA_TYPE)
        .header("user-agent", USER_AGENT)
        .header("webhook-id", &one.event_id.to_string())
        .header("webhook-timestamp", &timestamp.to_string())
        .header("webhook-signature", &signature);
    if let Some(trace) = &trace {
        call = call.header("traceparent", trace);
    }
    let answer = tokio::time::timeout(PATIENCE, call.body(body).status()).await;
    Ok(match answer {
        Ok(Ok(status @ 200..300)) => Sent::Taken(status),
        Ok(Ok(410)) => Sent::Gone,
        // A redirect is a failure: an endpoint that moved is told to us, not to the sender.
        Ok(Ok(status)) => Sent::Refused(format!("status_{status}")),
        Ok(Err(error)) => failure(&error),
        Err(_) => Sent::Refused("no_answer".to_owned()),
    })
}

fn failure(error: &ExternalError) -> Sent {
    let why = match error {
        ExternalError::Refused(_) => "address_refused",
        ExternalError::Failed(error) if error.is_timeout() => "no_answer",
        ExternalError::Failed(_) | ExternalError::TooLarge => "no_connection",
    };
    Sent::Refused(why.to_owned())
}

/// Writes what became of an attempt; an endpoint that wants no more, or that has failed for as
/// long as anything is tried, is sent nothing from then on.
async fn settle(
    state: &State,
    one: &delivery::Model,
    url: &str,
    sent: Sent,
) -> Result<(), Problem> {
    let chance = one.id.as_u64_pair().1;
    let pause = pause_seconds(one.attempts, chance);
    let actor = Actor::system(state.core.clock.now());
    let (domain, outcome, left) = state
        .database
        .change(actor, async |change: &mut Change| {
            let Some(webhook) = store::lock_any(change, one.webhook_id).await? else {
                return Ok::<_, Problem>((String::new(), String::new(), DeliveryState::Failed));
            };
            // What an address of before refused is due at the new one already.
            if webhook.url != url && matches!(sent, Sent::Refused(_) | Sent::Gone) {
                return Ok((steps::host(url), "moved".to_owned(), DeliveryState::Pending));
            }
            let is_active = webhook.state == column::text(WebhookState::Active);
            let (outcome, left) = match &sent {
                Sent::Taken(status) => (format!("status_{status}"), DeliveryState::Delivered),
                Sent::Gone => ("status_410".to_owned(), DeliveryState::Failed),
                Sent::Forgotten => ("event_forgotten".to_owned(), DeliveryState::Failed),
                Sent::Refused(why) if pause.is_some() && is_active => {
                    (why.clone(), DeliveryState::Pending)
                }
                Sent::Refused(why) => (why.clone(), DeliveryState::Failed),
            };
            note(change, one, (outcome.as_str(), left), pause.unwrap_or(0)).await?;
            let reason = match sent {
                Sent::Gone => Some(WebhookDisabledReason::Gone),
                Sent::Refused(_) if left == DeliveryState::Failed => {
                    let taken = has_taken_since(change, one).await?;
                    (!taken).then_some(WebhookDisabledReason::Failing)
                }
                _ => None,
            };
            let host = steps::host(&webhook.url);
            if let Some(reason) = reason.filter(|_| is_active) {
                steps::disable(change, webhook, reason).await?;
            }
            Ok((host, outcome, left))
        })
        .await?;
    if left == DeliveryState::Delivered {
        tracing::info!(id = %one.id, webhook = %one.webhook_id, kind = one.event_type, domain, outcome, "webhook");
    } else {
        metrics::count("webhook_failures_total", api::NAME);
        tracing::warn!(id = %one.id, webhook = %one.webhook_id, kind = one.event_type, domain, outcome, attempts = one.attempts, "webhook");
    }
    Ok(())
}

async fn note(
    change: &Change,
    one: &delivery::Model,
    (outcome, left): (&str, DeliveryState),
    pause: i64,
) -> Result<(), DatabaseError> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(column::text(left)))
        .col_expr(delivery::Column::Outcome, Expr::value(outcome))
        .col_expr(delivery::Column::AttemptedAt, Expr::value(change.actor.at))
        .col_expr(
            delivery::Column::NextAttemptAt,
            Expr::value(seconds() + pause),
        )
        .filter(delivery::Column::Id.eq(one.id))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Whether the endpoint has taken anything since a delivery was queued.
async fn has_taken_since(change: &Change, one: &delivery::Model) -> Result<bool, DatabaseError> {
    let delivered = column::text(DeliveryState::Delivered);
    let taken = store::deliveries(one.webhook_id)
        .filter(delivery::Column::State.eq(delivered))
        .filter(delivery::Column::AttemptedAt.gte(one.created_at))
        .one(change.tx())
        .await?;
    Ok(taken.is_some())
}

fn seconds() -> i64 {
    i64::try_from(clock::system_seconds()).unwrap_or(i64::MAX)
}
