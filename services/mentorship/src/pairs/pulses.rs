//! Pulses: what each of the two says of the fit.

use super::{entity, pulse_entity};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::OnConflict};
use shared_database::{Change, DatabaseError, column};
use shared_types::{PersonId, mentorship::pairs::Fit};

/// Notes what a person says of the fit; it replaces what was said before. That it was said stands
/// in the history, what was said does not.
pub async fn set(
    change: &mut Change,
    pair: &entity::Model,
    person: PersonId,
    fit: Fit,
) -> Result<(), DatabaseError> {
    let row = pulse_entity::Model {
        pair_id: pair.id,
        person_id: person.uuid(),
        fit: column::text(fit),
        given_at: change.actor.at,
    };
    let mut newer =
        OnConflict::columns([pulse_entity::Column::PairId, pulse_entity::Column::PersonId]);
    newer.update_columns([pulse_entity::Column::Fit, pulse_entity::Column::GivenAt]);
    let row = sea_orm::IntoActiveModel::into_active_model(row);
    pulse_entity::Entity::insert(row)
        .on_conflict(newer)
        .exec_without_returning(change.tx())
        .await?;
    change.record("pair", pair.id, "pair.pulse_given", None);
    Ok(())
}

/// Forgets what a person said of any fit.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    pulse_entity::Entity::delete_many()
        .filter(pulse_entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}
