//! Head counts of a booking: for whom a venue lays beds and tables. Counts, never names.

use super::{entity, store};
use crate::{needs, venues};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::participations;
use shared_types::{Links, RoundId, scheduling::bookings::HeadCounts};
use std::fmt::Write as _;

/// The counts of a booking as they are now.
pub async fn count(
    connection: &impl ConnectionTrait,
    booking: &entity::Model,
    links: Links,
) -> Result<HeadCounts, DatabaseError> {
    let round = RoundId::from(booking.round_id);
    let participants = participations::of_round(connection, round).await?;
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
        participants_count: i32::try_from(participants.len()).unwrap_or(i32::MAX),
        nights: store::nights(connection, booking.id.into()).await?,
        meals: column::from_json(booking.meals.clone())?,
        needs_stated_count: stated,
        needs: counts,
        links,
    })
}

/// The counts as a table: what is counted, of which kind, on which day, and how many.
pub fn table(counts: &HeadCounts) -> String {
    let mut csv = "what,kind,date,count\r\n".to_owned();
    let mut line = |what: &str, kind: &str, date: &str, count: i32| {
        // Writing to a String can't fail.
        let _ = write!(csv, "{what},{kind},{date},{count}\r\n");
    };
    line("participants", "", "", counts.participants_count);
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
