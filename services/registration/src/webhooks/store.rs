//! Queries of webhooks, beginning with who keeps them.

use super::entity::{self, delivery, secret};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{Change, Database, DatabaseError, column, page};
use shared_types::{
    Caller, DeliveryId, OrganisationId, Role, WebhookId,
    registration::webhooks::{DeliveryState, WebhookState},
};
use shared_web::link::LinkKey;
use uuid::Uuid;

/// Why a caller keeps webhooks: they have a role that the caller has there.
pub fn reasons(caller: &Caller) -> Vec<Condition> {
    let of = |role| {
        caller.scope(role).map(move |id| {
            Condition::all()
                .add(entity::Column::OrganisationId.eq(Uuid::from(id)))
                .add(entity::Column::Role.eq(column::text(role)))
        })
    };
    of(Role::Hr).chain(of(Role::Coordinator)).collect()
}

fn kept(caller: &Caller, id: WebhookId) -> Select<entity::Entity> {
    let seen = page::seen(&reasons(caller), entity::Column::Id);
    entity::Entity::find_by_id(id.uuid()).filter(seen)
}

/// A webhook that the caller keeps.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: WebhookId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(kept(caller, id).one(connection).await?)
}

/// The same, under its lock: others wait until this transaction is done.
pub async fn lock(
    change: &Change,
    caller: &Caller,
    id: WebhookId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let own = kept(caller, id).lock_exclusive();
    Ok(own.one(change.tx()).await?)
}

/// A webhook under its lock, whoever keeps it.
pub async fn lock_any(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id).lock_exclusive();
    Ok(found.one(change.tx()).await?)
}

/// How many webhooks an organisation has.
pub async fn count(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<u64, DatabaseError> {
    let all = entity::Entity::find().filter(entity::Column::OrganisationId.eq(organisation.uuid()));
    Ok(all.count(connection).await?)
}

/// Every webhook that is sent events.
pub async fn active(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let active = entity::Column::State.eq(column::text(WebhookState::Active));
    let all = entity::Entity::find().filter(active);
    Ok(all.order_by_asc(entity::Column::Id).all(connection).await?)
}

/// Rows of the secrets that count at an instant, the newest first.
pub async fn secrets(
    connection: &impl ConnectionTrait,
    webhook: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<secret::Model>, DatabaseError> {
    let counts = Condition::any()
        .add(secret::Column::EndsAt.is_null())
        .add(secret::Column::EndsAt.gt(now));
    Ok(secret::Entity::find()
        .filter(secret::Column::WebhookId.eq(webhook))
        .filter(counts)
        .order_by_desc(secret::Column::Id)
        .all(connection)
        .await?)
}

/// The secrets themselves.
pub async fn signing(
    connection: &impl ConnectionTrait,
    key: &LinkKey,
    webhook: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Vec<u8>>, DatabaseError> {
    let rows = secrets(connection, webhook, now).await?.into_iter();
    Ok(rows
        .filter_map(|row| super::signature::secret(key, row.id))
        .collect())
}

/// Deliveries of a webhook.
pub fn deliveries(webhook: Uuid) -> Select<delivery::Entity> {
    delivery::Entity::find().filter(delivery::Column::WebhookId.eq(webhook))
}

/// A delivery of a webhook, under its lock.
pub async fn lock_delivery(
    change: &Change,
    webhook: Uuid,
    id: DeliveryId,
) -> Result<Option<delivery::Model>, DatabaseError> {
    Ok(deliveries(webhook)
        .filter(delivery::Column::Id.eq(id.uuid()))
        .lock_exclusive()
        .one(change.tx())
        .await?)
}

/// Makes what waits to be sent to a webhook due now, with all its tries before it.
pub async fn try_anew(change: &Change, webhook: Uuid) -> Result<(), DatabaseError> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::Attempts, Expr::value(0))
        .col_expr(delivery::Column::NextAttemptAt, Expr::value(0_i64))
        .filter(delivery::Column::WebhookId.eq(webhook))
        .filter(Expr::cust("state = 'pending'"))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Gives up what waits to be sent to a webhook.
pub async fn give_up_pending(
    change: &Change,
    webhook: Uuid,
    outcome: &str,
) -> Result<(), DatabaseError> {
    delivery::Entity::update_many()
        .col_expr(
            delivery::Column::State,
            Expr::value(column::text(DeliveryState::Failed)),
        )
        .col_expr(delivery::Column::Outcome, Expr::value(outcome))
        .filter(delivery::Column::WebhookId.eq(webhook))
        .filter(Expr::cust("state = 'pending'"))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Forgets a webhook with all that hangs on it.
pub async fn delete(change: &Change, webhook: Uuid) -> Result<(), DatabaseError> {
    delivery::Entity::delete_many()
        .filter(delivery::Column::WebhookId.eq(webhook))
        .exec(change.tx())
        .await?;
    secret::Entity::delete_many()
        .filter(secret::Column::WebhookId.eq(webhook))
        .exec(change.tx())
        .await?;
    entity::Entity::delete_by_id(webhook)
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Forgets deliveries that are over and were queued before an instant: their events are forgotten
/// too.
pub async fn forget(database: &Database, before: DateTime<Utc>) -> Result<(), DatabaseError> {
    let old = || {
        Condition::all()
            .add(delivery::Column::CreatedAt.lt(before))
            .add(Expr::cust("state <> 'pending'"))
    };
    // A look first: mostly there is nothing, and no writer needs to wait.
    let any = delivery::Entity::find().filter(old()).one(database.read());
    if any.await?.is_none() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    delivery::Entity::delete_many()
        .filter(old())
        .exec(transaction.connection())
        .await?;
    transaction.commit().await
}
