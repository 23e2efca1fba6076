//! Practice periods: what scheduling has told of a round's released sessions, as far as an
//! experiment may name one.

use super::period_entity as entity;
use crate::mentees;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, row};
use shared_types::{
    Problem, RoundId, SessionId,
    mentorship::codes::PRACTICE_PERIOD_UNKNOWN,
    scheduling::{releases::SessionStatus, sessions::SessionKind},
};
use uuid::Uuid;

/// The type of the fact.
pub const CHANGED: &str = "session.changed";

/// What is kept of a session: whether it is a practice period, and of which round.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionFact {
    session_id: SessionId,
    round_id: RoundId,
    kind: SessionKind,
    status: SessionStatus,
    version: i32,
}

/// Keeps the newest state of a session, whatever came last.
pub async fn keep(change: &Change, fact: SessionFact) -> Result<(), DatabaseError> {
    let known = find(change.tx(), fact.session_id.uuid()).await?;
    let next = entity::Model {
        id: fact.session_id.uuid(),
        round_id: fact.round_id.uuid(),
        is_open: fact.kind == SessionKind::PracticePeriod
            && fact.status != SessionStatus::Cancelled,
        version: fact.version,
    };
    match known {
        None => row::insert::<entity::Entity>(change.tx(), next).await?,
        Some(known) if known.version < fact.version => {
            row::update::<entity::Entity>(change.tx(), next).await?
        }
        Some(known) => known,
    };
    Ok(())
}

/// Refuses a period that is none of the participant's round. One of which nothing has been told
/// yet is taken: the plan may be on its way.
pub async fn judge(
    connection: &impl ConnectionTrait,
    mentee: &mentees::entity::Model,
    period: Option<Uuid>,
) -> Result<(), Problem> {
    let Some(period) = period else {
        return Ok(());
    };
    match find(connection, period).await? {
        Some(known) if !known.is_open || known.round_id != mentee.round_id => {
            Err(Problem::of(&PRACTICE_PERIOD_UNKNOWN))
        }
        _ => Ok(()),
    }
}

async fn find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}
