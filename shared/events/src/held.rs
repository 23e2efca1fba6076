//! Facts that could not have their effect: kept in the receiver's own database, in order, tried
//! again later each time, for ever, and shown to the operator.
//!
//! Facts from the broker stand behind each other. One that can't be applied is put aside here, so
//! that those of other things go on; those of its own subject are put behind it, so that none
//! overtakes it. With HTTP the sender's queue does the same.

use crate::relay::rhythm::{back_off_millis, system_millis};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, Order,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, LockBehavior, LockType},
};
use shared_database::{Change, Database, DatabaseError};
use uuid::Uuid;

/// The row.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// One event that waits for its effect.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "held_events")]
    pub struct Model {
        /// The event.
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
        /// The thing it happened to.
        pub subject: String,
        /// What happened.
        pub kind: String,
        /// The service that told it.
        pub source: String,
        /// The event as it came.
        pub body: String,
        /// What it was signed with.
        pub signature: String,
        /// Attempts that failed; 0 where it only stands behind another.
        pub attempts: i32,
        /// Not before this (system clock, milliseconds since 1970).
        pub next_attempt_at: i64,
        /// Why the last attempt failed: a code, never a text of the event.
        pub last_error: String,
        /// Since when (as above).
        pub held_at: i64,
    }

    /// No relations: the event itself stands here.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Events that are looked at in one pass.
const MOST: u64 = 100;

/// Whether something of this subject is held.
pub(crate) async fn holds(
    connection: &impl ConnectionTrait,
    subject: &str,
) -> Result<bool, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::Subject.eq(subject))
        .limit(1)
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// Puts an event aside; one that is there already stays as it is.
pub(crate) async fn hold(change: &Change, row: entity::Model) -> Result<(), DatabaseError> {
    entity::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing()
        .exec_without_returning(change.tx())
        .await?;
    Ok(())
}

/// When an event is tried for the first time after so many attempts.
pub(crate) fn next_attempt(attempts: i32) -> i64 {
    let wait = if attempts == 0 {
        0
    } else {
        back_off_millis(attempts)
    };
    system_millis() + wait
}

/// Now, as the rows have it.
pub(crate) fn now() -> i64 {
    system_millis()
}

/// The events that may be tried now: due, and the first of their subject.
pub(crate) async fn due(database: &Database) -> Result<Vec<Uuid>, DatabaseError> {
    let order = order(database);
    let is_first = Expr::cust(format!(
        "NOT EXISTS (SELECT 1 FROM held_events AS earlier \
         WHERE earlier.subject = held_events.subject AND earlier.{order} < held_events.{order})"
    ));
    Ok(entity::Entity::find()
        .select_only()
        .column(entity::Column::EventId)
        .filter(entity::Column::NextAttemptAt.lte(system_millis()))
        .filter(is_first)
        .order_by(Expr::cust(order), Order::Asc)
        .limit(MOST)
        .into_tuple()
        .all(database.read())
        .await?)
}

/// The event, for whoever is the first to take it: another replica finds nothing.
pub(crate) async fn lock(
    change: &Change,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(change.tx())
        .await?)
}

/// It had its effect.
pub(crate) async fn release(change: &Change, id: Uuid) -> Result<(), DatabaseError> {
    entity::Entity::delete_by_id(id).exec(change.tx()).await?;
    Ok(())
}

/// It failed once more.
pub(crate) async fn put_off(
    database: &Database,
    row: &entity::Model,
    error: &str,
) -> Result<(), DatabaseError> {
    let attempts = row.attempts.saturating_add(1);
    let transaction = database.begin().await?;
    entity::Entity::update_many()
        .col_expr(entity::Column::Attempts, Expr::value(attempts))
        .col_expr(
            entity::Column::NextAttemptAt,
            Expr::value(next_attempt(attempts)),
        )
        .col_expr(entity::Column::LastError, Expr::value(error))
        .filter(entity::Column::EventId.eq(row.event_id))
        .exec(transaction.connection())
        .await?;
    transaction.commit().await
}

/// Everything that is held, in order, for the operator.
pub async fn list(database: &Database) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .order_by(Expr::cust(order(database)), Order::Asc)
        .all(database.read())
        .await?)
}

/// How many events are held.
pub async fn count(database: &Database) -> Result<u64, DatabaseError> {
    Ok(entity::Entity::find().count(database.read()).await?)
}

/// Gives an event up for good; what stands behind it goes on. Says whether it was there.
pub async fn drop(database: &Database, id: Uuid) -> Result<bool, DatabaseError> {
    let transaction = database.begin().await?;
    let deleted = entity::Entity::delete_by_id(id)
        .exec(transaction.connection())
        .await?;
    transaction.commit().await?;
    Ok(deleted.rows_affected > 0)
}

fn order(database: &Database) -> &'static str {
    crate::relay::insertion_column(database)
}
