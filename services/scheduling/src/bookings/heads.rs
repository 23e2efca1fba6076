//! Head counts of a booking: for whom a venue lays beds and tables. Counts, never names.

use super::{entity, store};
use crate::{audiences, invitations, needs, plans::released, sessions, venues};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::participations;
use shared_types::{
    Links, RoundId, SessionId,
    scheduling::{bookings::HeadCounts, sessions::NewSession},
};
use std::fmt::Write as _;

/// The counts of a booking as they are now.
pub async fn count(
    connection: &impl ConnectionTrait,
    booking: &entity::Model,
    links: Links,
) -> Result<HeadCounts, DatabaseError> {
    let round = RoundId::from(booking.round_id);
    let (participants, guests) = expected(connection, booking).await?;
    let needs = needs::store::find(connection, round).await?;
    let venue = venues::store::with_ids(connection, [booking.venue_id]).await?;
    let (stated, counts) = match needs {
        Some(needs) => (needs.stated_count, column::from_json(needs.counts)?),
        None => (0, Vec::new()),
    };
    Ok(HeadCounts {
        booking_id: booking.id.into(),
        venue_name: venue
            .into_iter()
            .next()
            .map(|venue| venue.name)
            .unwrap_or_default(),
        state: column::parse(&booking.state)?,
        starts_on: booking.starts_on,
        ends_on: booking.ends_on,
        participants_count: participants,
        guests_count: guests,
        nights: store::nights(connection, booking.id.into()).await?,
        meals: column::from_json(booking.meals.clone())?,
        needs_stated_count: stated,
        needs: counts,
        links,
    })
}

/// How many participants and how many guests are expected: of the session that the booking is for,
/// as people know it, else as it is drafted; without one, everybody with a seat.
async fn expected(
    connection: &impl ConnectionTrait,
    booking: &entity::Model,
) -> Result<(i32, i32), DatabaseError> {
    let round = RoundId::from(booking.round_id);
    let Some(id) = booking.session_id.map(SessionId::from) else {
        let all = participations::of_round(connection, round).await?;
        return Ok((i32::try_from(all.len()).unwrap_or(i32::MAX), 0));
    };
    let participants = if let Some(session) = released::find(connection, id).await? {
        audiences::store::participants(connection, &session).await?
    } else if let Some(row) = sessions::store::find(connection, id).await? {
        let drafted: NewSession = column::from_json(row.content)?;
        let meant = audiences::store::Meant {
            session: id,
            round,
            kind: drafted.kind,
            audience: &drafted.audience,
            group: drafted.group_id,
        };
        audiences::store::participants(connection, meant).await?
    } else {
        Vec::new()
    };
    let guests = invitations::store::coming(connection, id).await?;
    Ok((
        i32::try_from(participants.len()).unwrap_or(i32::MAX),
        i32::try_from(guests).unwrap_or(i32::MAX),
    ))
}

/// The counts as a table: what is counted, of which kind, on which day, and how many.
pub fn table(counts: &HeadCounts) -> String {
    let mut csv = "what,kind,date,count\r\n".to_owned();
    let mut line = |what: &str, kind: &str, date: &str, count: i32| {
        // Writing to a String can't fail.
        let _ = write!(csv, "{what},{kind},{date},{count}\r\n");
    };
    line("participants", "", "", counts.participants_count);
    line("guests", "", "", counts.guests_count);
    for night in &counts.nights {
        line("night", "", &night.night.to_string(), night.heads);
    }
    for meal in &counts.meals {
        let kind = column::text(meal.meal);
        line("meal", &kind, &meal.date.to_string(), meal.heads);
    }
    line("needs_stated", "", "", counts.needs_stated_count);
    for need in &counts.needs {
        let kind = column::text(need.kind);
        // Words of an enum: letters and underscores, nothing that a table would have to escape.
        line(&format!("need_{kind}"), &need.value, "", need.count);
    }
    csv
}
