//! Queries of frozen reports.

use super::entity;
use chrono_tz::Tz;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use shared_database::DatabaseError;
use shared_projections::rounds;
use shared_types::{Caller, OrganisationId, Role, RoundId, SurveyId, civil};
use uuid::Uuid;

/// Surveys of a round that its report shows; there are seldom more than a dozen.
const MOST_OF_ROUND: u64 = 200;

/// Whether the caller reads an organiser's reports.
pub fn reads(caller: &Caller, organiser: OrganisationId) -> bool {
    caller.coordinates(organiser) || caller.has(Role::Evaluator, organiser)
}

/// The reports that a caller may know: those of the organisers whose programmes the caller
/// coordinates or evaluates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller
        .scope(Role::Coordinator)
        .chain(caller.scope(Role::Evaluator));
    let organisers = organisers.map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(organisers))
}

/// A survey's report.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: SurveyId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// Whether a survey has its report.
pub async fn is_frozen(
    connection: &impl ConnectionTrait,
    id: SurveyId,
) -> Result<bool, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid())
        .select_only()
        .column(entity::Column::SurveyId)
        .into_tuple::<Uuid>();
    Ok(found.one(connection).await?.is_some())
}

/// The reports of a round, the latest first.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .order_by_desc(entity::Column::ClosedOn)
        .order_by_desc(entity::Column::SurveyId)
        .limit(MOST_OF_ROUND);
    Ok(all.all(connection).await?)
}

/// The zone of a round's days.
pub async fn zone(connection: &impl ConnectionTrait, round: RoundId) -> Result<Tz, DatabaseError> {
    let round = rounds::find(connection, round).await?;
    let zone = round.and_then(|round| civil::zone(&round.time_zone));
    Ok(zone.unwrap_or(Tz::UTC))
}
