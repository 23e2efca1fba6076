//! Reads what is known of participants, for many at once.

use super::{answered, model::Record, store};
use crate::told::{attendance, plans};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use shared_database::DatabaseError;
use shared_types::RoundId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Quarters of a day.
const DAY: i32 = 4;

/// The records of some participants of a round.
pub async fn of(
    connection: &impl ConnectionTrait,
    round: RoundId,
    participations: &[Uuid],
    now: DateTime<Utc>,
) -> Result<BTreeMap<Uuid, Record>, DatabaseError> {
    let days = plans::days(connection, round).await?.unwrap_or(0);
    let begun = attendance::Begun::of(connection, round, now).await?;
    let states = attendance::states(connection, participations).await?;
    let mut tasks = store::done(connection, participations).await?;
    let mut surveys = answered::tallies(connection, participations).await?;
    let mut records = BTreeMap::new();
    for id in participations {
        let told = states.get(id);
        let record = Record {
            counted_quarters: told.map_or(0, |told| told.counted_quarters),
            total_quarters: told.map_or(days * DAY, |told| told.total_quarters),
            unknown_half_days: begun.unknown(told)?,
            done: tasks.remove(id).unwrap_or_default(),
            surveys: surveys.remove(id).unwrap_or_default(),
        };
        records.insert(*id, record);
    }
    Ok(records)
}
