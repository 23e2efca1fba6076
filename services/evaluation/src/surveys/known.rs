//! What surveys need of rounds and people that other services told of.

use crate::instruments::store::is_staff;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::{participations, people, rounds};
use shared_types::{Language, LocalizedText, OrganisationId, Problem, RoundId, civil, codes};
use shared_web::Context;

/// A round, as far as surveys need it.
#[derive(Clone, Debug)]
pub struct Round {
    /// Id.
    pub id: RoundId,
    /// Whose it is.
    pub organiser_id: OrganisationId,
    /// Name.
    pub name: LocalizedText,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Zone of its days.
    pub zone: Tz,
}

impl Round {
    /// The civil date of an instant.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        civil::date_in(now, self.zone)
    }
}

/// A round that was told of.
pub async fn round(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<Round>, DatabaseError> {
    let Some(row) = rounds::find(connection, id).await? else {
        return Ok(None);
    };
    Ok(Some(Round {
        id,
        organiser_id: row.organiser_id.into(),
        name: column::from_json(row.name)?,
        ends_on: row.ends_on,
        zone: civil::zone(&row.time_zone).unwrap_or(Tz::UTC),
    }))
}

/// A round whose surveys the caller makes; a participant of it is told that one may not.
pub async fn staffed(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<Round, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let round = round(connection, id).await?.ok_or_else(missing)?;
    if is_staff(&context.caller, round.organiser_id) {
        return Ok(round);
    }
    let person = context.caller.person.ok_or_else(missing)?;
    let own = participations::find(connection, id, person).await?;
    Err(own.map_or_else(missing, |_| Problem::of(&codes::FORBIDDEN)))
}

/// The language to write to a person in.
pub fn language(person: &people::Model) -> Language {
    column::parse(&person.language).unwrap_or_default()
}

/// Whether a person can be asked anything.
pub fn can_be_asked(person: &people::Model) -> bool {
    person.active && !person.erased
}
