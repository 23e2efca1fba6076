//! Queues events for the webhooks that hear them: a row for each.
//!
//! One instance does it at a time, in the order of the feed, and remembers how far it came in the
//! same transaction, so that no event is queued twice and none is left out.

use super::{
    entity::{self, cursor, delivery},
    store,
};
use crate::{State, feeds::store::Audience};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{LockBehavior, LockType},
};
use shared_database::{DatabaseError, column, feed, row, tables::outbox};
use shared_types::{
    DeliveryId,
    registration::webhooks::{DeliveryState, EventTypeName},
};
use uuid::Uuid;

/// The cursor's name.
const CURSOR: &str = "deliveries";
/// Places of the feed that are looked at in one transaction.
const MOST_PLACES: i64 = 500;
/// The type of test events, which go to the webhook that they are about.
pub const TESTED: &str = "webhook.tested";

/// Queues all events that have their place; says how many deliveries that made.
pub async fn fan_out(state: &State) -> Result<usize, DatabaseError> {
    let mut queued = 0;
    while let Some(some) = fan_out_some(state).await? {
        queued += some;
    }
    Ok(queued)
}

/// Queues the next events; nothing where there are none, or another instance is at it.
async fn fan_out_some(state: &State) -> Result<Option<usize>, DatabaseError> {
    let read = state.database.read();
    // A look first: an idle instance takes no turn among the writers.
    let seen = cursor::Entity::find_by_id(CURSOR).one(read).await?;
    let end = feed::last(read).await?;
    if seen.is_none_or(|seen| seen.place >= end) {
        return Ok(None);
    }
    let transaction = state.database.begin().await?;
    let connection = transaction.connection();
    let cursor = cursor::Entity::find_by_id(CURSOR)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(connection)
        .await?;
    let end = feed::last(connection).await?;
    let Some(cursor) = cursor.filter(|cursor| cursor.place < end) else {
        return Ok(None);
    };
    let to = end.min(cursor.place.saturating_add(MOST_PLACES));
    let at = state.core.clock.now();
    let mut queued = 0;
    for webhook in store::active(connection).await? {
        let from = cursor.place.max(webhook.starts_after);
        let events = heard(connection, &webhook, from, to).await?;
        queued += events.len();
        let rows = events
            .into_iter()
            .map(|(event_id, event_type)| delivery::Model {
                id: DeliveryId::new().uuid(),
                webhook_id: webhook.id,
                event_id,
                event_type,
                state: column::text(DeliveryState::Pending),
                attempts: 0,
                next_attempt_at: 0,
                outcome: None,
                created_at: at,
                attempted_at: None,
            });
        row::insert_all::<delivery::Entity>(connection, rows).await?;
    }
    let next = cursor::Model {
        place: to,
        ..cursor
    };
    row::update::<cursor::Entity>(connection, next).await?;
    transaction.commit().await?;
    Ok(Some(queued))
}

/// Ids and types of the events between two places that a webhook hears and takes.
async fn heard(
    connection: &impl ConnectionTrait,
    webhook: &entity::Model,
    from: i64,
    to: i64,
) -> Result<Vec<(Uuid, String)>, DatabaseError> {
    let audience = Audience::with(column::parse(&webhook.role)?, webhook.organisation_id);
    let types: Vec<EventTypeName> = column::from_json(webhook.event_types.clone())?;
    let own_test = Condition::all()
        .add(outbox::Column::Kind.eq(TESTED))
        .add(outbox::Column::Subject.eq(webhook.id.to_string()));
    let mut taken = Condition::all().add(outbox::Column::Kind.ne(TESTED));
    if !types.is_empty() {
        let names = types.into_iter().map(|EventTypeName(name)| name);
        taken = taken.add(outbox::Column::Kind.is_in(names));
    }
    Ok(outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::Id, outbox::Column::Kind])
        .filter(outbox::Column::Position.gt(from))
        .filter(outbox::Column::Position.lte(to))
        .filter(audience.hears())
        .filter(Condition::any().add(own_test).add(taken))
        .order_by_asc(outbox::Column::Position)
        .into_tuple()
        .all(connection)
        .await?)
}
