//! Keeps the newest counts of each round.

use super::entity;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{Problem, RoundId, event::Event, registration::needs::NeedCount};

/// The event by which registration tells.
pub const COUNTED: &str = "needs.counted";

/// What the event carries.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NeedsFact {
    round_id: RoundId,
    needs: Counts,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    stated_count: i32,
    counts: Vec<NeedCount>,
}

/// The counts of a round.
pub async fn find(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(round.uuid());
    Ok(found.one(connection).await?)
}

/// Keeps what an event tells, unless something later was told before.
pub async fn keep(change: &Change, event: &Event) -> Result<(), Problem> {
    let NeedsFact { round_id, needs } = event.fact()?;
    let known = find(change.tx(), round_id).await?;
    let next = entity::Model {
        round_id: round_id.uuid(),
        stated_count: needs.stated_count,
        counts: column::json(&needs.counts),
        counted_at: event.time,
    };
    match known {
        Some(known) if is_later(known.counted_at, event.time) => {}
        Some(_) => {
            row::update::<entity::Entity>(change.tx(), next).await?;
        }
        None => {
            row::insert::<entity::Entity>(change.tx(), next).await?;
        }
    }
    Ok(())
}

fn is_later(known: DateTime<Utc>, told: DateTime<Utc>) -> bool {
    known > told
}
