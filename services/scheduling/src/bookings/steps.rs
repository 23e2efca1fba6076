//! What is done to bookings: each step in an open change.

use super::{entity, store};
use crate::{plans, releases::claims, sessions, venues};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    BookingId, Problem, VenueId,
    scheduling::{
        bookings::{BookingState, NewBooking},
        codes::{BEDS_TAKEN, SESSION_UNKNOWN, VENUE_UNKNOWN},
    },
};
use std::collections::BTreeMap;

/// Books a venue: an option, until it is confirmed. Under the lock of beds; beds that were counted
/// earlier are believed only where a test shows what would come of it.
pub async fn make(
    change: &mut Change,
    organiser: uuid::Uuid,
    body: &NewBooking,
    early: Option<BTreeMap<NaiveDate, i32>>,
) -> Result<entity::Model, Problem> {
    let id = BookingId::new();
    fit(change, id, body, early).await?;
    let row = entity::Model {
        id: id.uuid(),
        organiser_id: organiser,
        round_id: body.round_id.uuid(),
        session_id: None,
        venue_id: body.venue_id.uuid(),
        state: column::text(BookingState::Option),
        starts_on: body.starts_on,
        ends_on: body.ends_on,
        held_until: None,
        meals: json!([]),
        created_at: change.actor.at,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), fill(row, body)).await?;
    store::put_nights(change, id, &body.nights).await?;
    tell(change, &row, "booking.created", None);
    Ok(row)
}

/// Writes a booking's whole content.
pub async fn replace(
    change: &mut Change,
    row: entity::Model,
    body: &NewBooking,
) -> Result<entity::Model, Problem> {
    let id = BookingId::from(row.id);
    fit(change, id, body, None).await?;
    let row = store::save(change, fill(row, body)).await?;
    store::put_nights(change, id, &body.nights).await?;
    tell(change, &row, "booking.changed", None);
    Ok(row)
}

/// Brings a booking into a state.
pub async fn enter(
    change: &mut Change,
    mut row: entity::Model,
    to: BookingState,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    row.state = column::text(to);
    let row = store::save(change, row).await?;
    let edge = format!("booking.{}", row.state);
    tell(change, &row, &edge, reason);
    Ok(row)
}

/// Gives an option back whose last day is over, by the clocks of its round's plan. Whoever finds
/// that another was first does nothing.
pub async fn run_out(
    change: &mut Change,
    id: BookingId,
    is_over: impl Fn(Option<NaiveDate>, &str, DateTime<Utc>) -> bool,
) -> Result<(), Problem> {
    let Some(row) = store::lock(change, id).await? else {
        return Ok(());
    };
    let round = shared_projections::rounds::find(change.tx(), row.round_id.into()).await?;
    let zone = round.map_or_else(|| "UTC".to_owned(), |round| round.time_zone);
    let waits = row.state == column::text(BookingState::Option);
    if waits && is_over(row.held_until, &zone, change.actor.at) {
        enter(change, row, BookingState::Released, None).await?;
    }
    Ok(())
}

/// Refuses a venue that is not there, a session of another round, and more beds than are free.
async fn fit(
    change: &Change,
    id: BookingId,
    body: &NewBooking,
    early: Option<BTreeMap<NaiveDate, i32>>,
) -> Result<(), Problem> {
    let found = venues::store::with_ids(change.tx(), [body.venue_id.uuid()]).await?;
    let venue = found.into_iter().next();
    let venue = venue.ok_or_else(|| Problem::of(&VENUE_UNKNOWN))?;
    if let Some(session) = body.session_id {
        let session = sessions::store::find(change.tx(), session).await?;
        session
            .filter(|session| session.round_id == body.round_id.uuid())
            .ok_or_else(|| Problem::of(&SESSION_UNKNOWN))?;
    }
    claims::lock(change, body.round_id.uuid()).await?;
    let taken = match early {
        Some(early) => early,
        None => store::taken(change.tx(), VenueId::from(venue.id), id).await?,
    };
    for night in &body.nights {
        let left = venue.beds - taken.get(&night.night).copied().unwrap_or_default();
        if night.heads > left {
            return Err(Problem::of(&BEDS_TAKEN)
                .value("date", night.night)
                .value("left", left.max(0))
                .value("beds", venue.beds)
                .value("wanted", night.heads));
        }
    }
    Ok(())
}

fn fill(row: entity::Model, body: &NewBooking) -> entity::Model {
    entity::Model {
        session_id: body.session_id.map(uuid::Uuid::from),
        venue_id: body.venue_id.uuid(),
        starts_on: body.starts_on,
        ends_on: body.ends_on,
        held_until: body.held_until,
        meals: column::json(&body.meals),
        ..row
    }
}

fn tell(change: &mut Change, row: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("booking", row.id, edge, reason);
    let fact = json!({
        "bookingId": row.id, "roundId": row.round_id, "organiserId": row.organiser_id,
        "venueId": row.venue_id, "sessionId": row.session_id, "state": row.state,
        "startsOn": row.starts_on, "endsOn": row.ends_on, "version": row.version,
    });
    change.publish(edge, row.id, fact);
}

/// The organiser of a round that the caller coordinates.
pub async fn organiser(
    change: &Change,
    caller: &shared_types::Caller,
    round: shared_types::RoundId,
) -> Result<uuid::Uuid, Problem> {
    let round = plans::store::coordinated(change.tx(), caller, round).await?;
    Ok(round.organiser_id)
}
