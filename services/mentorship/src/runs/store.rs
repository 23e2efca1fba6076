//! Queries of matching runs, their terms and constraints.

use super::{constraint_entity, entity, guard, outcome::Outcome, terms_entity};
use crate::pairs;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, MatchingRunId, OrganisationId, Role, RoundId,
    mentorship::matching::{MatchingCause, MatchingRunState},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The runs that a caller may know: those of the organisers whose programmes the caller
/// coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(organisers))
}

crate::finders!(MatchingRunId);

/// A round's terms; the usual ones where it has none of its own.
pub async fn terms(
    connection: &impl ConnectionTrait,
    round: RoundId,
    organiser: OrganisationId,
) -> Result<terms_entity::Model, DatabaseError> {
    let found = terms_entity::Entity::find_by_id(round.uuid())
        .one(connection)
        .await?;
    Ok(found.unwrap_or_else(|| guard::usual(round, organiser)))
}

/// The constraints of a round, by id.
pub async fn constraints_of(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<constraint_entity::Model>, DatabaseError> {
    let all = constraint_entity::Entity::find()
        .filter(constraint_entity::Column::RoundId.eq(round))
        .order_by_asc(constraint_entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// Participations that wait for a mentor: those whom the last published run of the coordinators
/// left without, and those whose own proposal came to nothing.
pub async fn waiting(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let last = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::State.eq(column::text(MatchingRunState::Published)))
        .filter(entity::Column::Cause.eq(column::text(MatchingCause::Coordinator)))
        .order_by_desc(entity::Column::Id)
        .one(connection)
        .await?;
    let outcome: Option<Outcome> = last.map(|run| column::from_json(run.outcome)).transpose()?;
    let without = outcome.into_iter().flat_map(|kept| kept.unmatched);
    let mut waiting: BTreeSet<Uuid> = without.map(|(mentee, _)| mentee).collect();
    let refused = pairs::store::refused(connection, round.uuid()).await?;
    waiting.extend(refused.into_iter().map(|pair| pair.application_id));
    Ok(waiting)
}

/// Saves changed terms as their next version.
pub async fn save_terms(
    change: &Change,
    mut terms: terms_entity::Model,
) -> Result<terms_entity::Model, DatabaseError> {
    terms.version += 1;
    row::update::<terms_entity::Entity>(change.tx(), terms).await
}

/// Saves a changed run as its next version.
pub async fn save(change: &Change, mut run: entity::Model) -> Result<entity::Model, DatabaseError> {
    run.version += 1;
    row::update::<entity::Entity>(change.tx(), run).await
}
