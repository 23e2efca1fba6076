//! Queries of bookings.

use super::{entity, link, night};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    BookingId, Caller, OrganisationId, Role, RoundId, VenueId,
    scheduling::bookings::{BookingState, Night},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Options that run out in one sweep at most; the next one goes on.
const MOST_DUE: u64 = 1000;

/// The bookings that a caller may know: those of the organisers whose programmes the caller
/// coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(own))
}

/// A booking that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: BookingId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A round's bookings, by id.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .order_by_asc(entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// A booking, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: BookingId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// A booking under its lock. On SQLite the write transaction is the lock.
pub async fn lock(change: &Change, id: BookingId) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid());
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// The nights of a booking, in their order.
pub async fn nights(
    connection: &impl ConnectionTrait,
    id: BookingId,
) -> Result<Vec<Night>, DatabaseError> {
    let rows = night::Entity::find()
        .filter(night::Column::BookingId.eq(id.uuid()))
        .order_by_asc(night::Column::Night)
        .all(connection)
        .await?;
    let nights = rows.into_iter().map(|row| Night {
        night: row.night,
        heads: row.heads,
    });
    Ok(nights.collect())
}

/// Writes the nights of a booking anew.
pub async fn put_nights(
    change: &Change,
    id: BookingId,
    nights: &[Night],
) -> Result<(), DatabaseError> {
    night::Entity::delete_many()
        .filter(night::Column::BookingId.eq(id.uuid()))
        .exec(change.tx())
        .await?;
    let rows = nights.iter().map(|night| night::Model {
        booking_id: id.uuid(),
        night: night.night,
        heads: night.heads,
    });
    row::insert_all::<night::Entity>(change.tx(), rows).await
}

/// Beds of a venue that other bookings have taken, by night.
pub async fn taken(
    connection: &impl ConnectionTrait,
    venue: VenueId,
    except: BookingId,
) -> Result<BTreeMap<NaiveDate, i32>, DatabaseError> {
    let standing = [BookingState::Option, BookingState::Firm].map(column::text);
    let bookings = entity::Entity::find()
        .filter(entity::Column::VenueId.eq(venue.uuid()))
        .filter(entity::Column::State.is_in(standing))
        .filter(entity::Column::Id.ne(except.uuid()))
        .all(connection)
        .await?;
    let mut taken = BTreeMap::new();
    if bookings.is_empty() {
        return Ok(taken);
    }
    let ids = bookings.into_iter().map(|booking| booking.id);
    let nights = night::Entity::find()
        .filter(night::Column::BookingId.is_in(ids))
        .all(connection)
        .await?;
    for night in nights {
        *taken.entry(night.night).or_default() += night.heads;
    }
    Ok(taken)
}

/// Options whose last day may be over: the sweep judges each in its own zone.
pub async fn due(
    connection: &impl ConnectionTrait,
    tomorrow: NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = entity::Entity::find()
        .filter(entity::Column::State.eq(column::text(BookingState::Option)))
        .filter(entity::Column::HeldUntil.lt(tomorrow))
        .order_by_asc(entity::Column::HeldUntil)
        .limit(MOST_DUE);
    Ok(due.all(connection).await?)
}

/// Sessions of a round whose venue is held by an option, and not booked firmly.
pub async fn optional_sessions(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    let in_state = |state: BookingState| {
        let word = column::text(state);
        let rows = rows.iter().filter(move |row| row.state == word);
        rows.filter_map(|row| row.session_id)
    };
    let firm: BTreeSet<Uuid> = in_state(BookingState::Firm).collect();
    let optional = in_state(BookingState::Option);
    Ok(optional.filter(|session| !firm.contains(session)).collect())
}

/// The link with which a venue reads, while it works.
pub async fn working_link(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<link::Model>, DatabaseError> {
    let found = link::Entity::find_by_id(id).filter(link::Column::RevokedAt.is_null());
    Ok(found.one(connection).await?)
}

/// Ends every link of a booking that works; says how many did.
pub async fn revoke_links(change: &Change, id: BookingId) -> Result<u64, DatabaseError> {
    let now = change.actor.at;
    let ended = link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(now))
        .filter(link::Column::BookingId.eq(id.uuid()))
        .filter(link::Column::RevokedAt.is_null())
        .exec(change.tx())
        .await?;
    Ok(ended.rows_affected)
}

/// Saves a changed booking as its next version.
pub async fn save(
    change: &Change,
    mut booking: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    booking.version += 1;
    row::update::<entity::Entity>(change.tx(), booking).await
}
