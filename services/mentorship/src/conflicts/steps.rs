//! What is done to declared conflicts: each step in an open change.

use super::{entity, store};
use crate::{known::Round, pairs::flags, runs::guard};
use sea_orm::EntityTrait as _;
use shared_database::{Change, DatabaseError, row};
use shared_types::{
    ConflictId, PersonId, Problem,
    mentorship::{
        codes::{CONFLICT_DECLARED, CONFLICT_WITH_ONESELF},
        conflicts::NewConflict,
    },
};

/// The edge that carries the reason.
pub const DECLARED: &str = "conflict.declared";

/// Declares a conflict; a pair that is there already is flagged.
pub async fn declare(
    change: &mut Change,
    round: &Round,
    body: &NewConflict,
    by: Option<PersonId>,
) -> Result<entity::Model, Problem> {
    if body.person_id == body.other_person_id {
        return Err(Problem::of(&CONFLICT_WITH_ONESELF));
    }
    // Whoever publishes meanwhile has made the pair before, or knows of the conflict.
    guard::lock(change, round.id, round.organiser_id).await?;
    let (one, other) = store::in_order(body.person_id, body.other_person_id);
    let known = store::between(change.tx(), round.id.uuid(), (one, other)).await?;
    if known.is_some() {
        return Err(Problem::of(&CONFLICT_DECLARED));
    }
    let row = entity::Model {
        id: ConflictId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        one_id: one,
        other_id: other,
        declared_by: by.map(PersonId::uuid),
        declared_at: change.actor.at,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    change.record("conflict", row.id, DECLARED, body.reason.as_deref());
    flags::review_couple(change, round.id.uuid(), (one, other)).await?;
    Ok(row)
}

/// Takes a conflict back; a pair that it flagged is looked at again.
pub async fn withdraw(change: &mut Change, row: entity::Model) -> Result<(), Problem> {
    guard::lock(change, row.round_id.into(), row.organiser_id.into()).await?;
    entity::Entity::delete_by_id(row.id)
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    change.record("conflict", row.id, "conflict.withdrawn", None);
    flags::review_couple(change, row.round_id, (row.one_id, row.other_id)).await
}
