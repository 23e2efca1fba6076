//! Mixing: moves a survey's intake among its sheets, so that neither the order of the rows, nor
//! their ids, nor the numbers of transactions say which answer came when.
//!
//! Adding a batch behind the sheets that are there would keep the order of the batches. So all
//! sheets of the survey are written anew, under new random ids and in the order of these; and as
//! that costs as much as there are sheets, it is done each time when the intake has as many sheets
//! as are mixed already (and never fewer than five). Over a whole survey each sheet is written
//! twice on average. The marks of those who have answered are written anew in a random order in
//! the same transaction.
//!
//! The order is drawn for the ids alone; what they stand for is read, thrown away and written anew a
//! few hundred rows at a time. So memory holds some forty bytes a sheet, whatever was written on it.

use super::{
    intake::{self, Content},
    invitation_entity as invitation, sheet_entity as sheet,
};
use crate::surveys::{gate, model::K, store};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::{Keys, OwnerKey};
use shared_types::{Problem, evaluation::surveys::SurveyState};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows that are in memory together.
const AT_ONCE: usize = 500;

/// How much is mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// What there is, if it is enough.
    Enough,
    /// All that there is, however little: the survey is over.
    Rest,
}

/// Whether a survey's intake is enough to be mixed.
pub async fn is_due(
    connection: &impl ConnectionTrait,
    survey: Uuid,
) -> Result<bool, DatabaseError> {
    let waiting = intake::count(connection, survey).await?;
    let least = u64::try_from(K).unwrap_or(u64::MAX);
    if waiting < least {
        return Ok(false);
    }
    let mixed = sheet::Entity::find().filter(sheet::Column::SurveyId.eq(survey));
    Ok(waiting >= mixed.count(connection).await?)
}

/// Mixes an open survey's intake, if it is enough.
pub async fn mix_if_due(change: &Change, keys: &Keys, survey: Uuid) -> Result<(), Problem> {
    gate::alone(change, survey).await?;
    let found = store::find_any(change.tx(), survey).await?;
    let open = column::text(SurveyState::Open);
    if found.is_some_and(|found| found.state == open) {
        mix(change, keys, survey, How::Enough).await?;
    }
    Ok(())
}

/// Mixes the intake of a survey that the change has alone.
pub async fn mix(change: &Change, keys: &Keys, survey: Uuid, how: How) -> Result<(), Problem> {
    if how == How::Enough && !is_due(change.tx(), survey).await? {
        return Ok(());
    }
    let key = intake::key(change, keys, survey).await?;
    let arrived = intake::ids(change.tx(), survey).await?;
    let mixed = sheet::Entity::find()
        .filter(sheet::Column::SurveyId.eq(survey))
        .select_only()
        .column(sheet::Column::Id)
        .into_tuple::<Uuid>();
    let mixed = mixed.all(change.tx()).await.map_err(DatabaseError::from)?;
    let arrived = arrived.into_iter().map(|id| (Uuid::new_v4(), id, true));
    let mixed = mixed.into_iter().map(|id| (Uuid::new_v4(), id, false));
    let mut places: Vec<(Uuid, Uuid, bool)> = arrived.chain(mixed).collect();
    places.sort_unstable_by_key(|(place, ..)| *place);
    for slice in places.chunks(AT_ONCE) {
        rewrite(change, &key, survey, slice).await?;
    }
    rewrite_marks(change, survey).await?;
    Ok(())
}

/// Writes some sheets anew, each under its new id: new id, old id, whether it lies in the intake.
async fn rewrite(
    change: &Change,
    key: &OwnerKey,
    survey: Uuid,
    slice: &[(Uuid, Uuid, bool)],
) -> Result<(), Problem> {
    let of = |arrived: bool| -> Vec<Uuid> {
        let own = slice.iter().filter(|(_, _, is_new)| *is_new == arrived);
        own.map(|(_, old, _)| *old).collect()
    };
    let (arrived, mixed) = (of(true), of(false));
    let mut known: HashMap<Uuid, sheet::Model> = HashMap::with_capacity(slice.len());
    for (id, content) in intake::open_some(change, key, &arrived).await? {
        known.insert(id, written(survey, content));
    }
    intake::delete_some(change, &arrived).await?;
    let rows = sheet::Entity::find()
        .filter(sheet::Column::Id.is_in(mixed.iter().copied()))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    known.extend(rows.into_iter().map(|one| (one.id, one)));
    sheet::Entity::delete_many()
        .filter(sheet::Column::Id.is_in(mixed.iter().copied()))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let anew = slice.iter().filter_map(|(new, old, _)| {
        let mut one = known.remove(old)?;
        one.id = *new;
        Some(one)
    });
    row::insert_all::<sheet::Entity>(change.tx(), anew.collect::<Vec<_>>()).await?;
    Ok(())
}

/// A sheet as its row keeps it; the id comes with the mixing.
pub(super) fn written(survey: Uuid, content: Content) -> sheet::Model {
    let Content {
        background,
        pairing_code,
        answers,
    } = content;
    sheet::Model {
        id: Uuid::nil(),
        survey_id: survey,
        gender: background.gender,
        municipality_id: background.municipality_id,
        person_kind: background.person_kind,
        department_id: background.department_id,
        pairing_code,
        answers: column::json(&answers),
    }
}

/// An updated row stands where there was room when it was updated: the marks would keep the order
/// of arrival.
async fn rewrite_marks(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    let marks = || {
        sea_orm::Condition::all()
            .add(invitation::Column::SurveyId.eq(survey))
            .add(invitation::Column::Answered.eq(true))
    };
    let ids = invitation::Entity::find()
        .filter(marks())
        .select_only()
        .column(invitation::Column::Id)
        .into_tuple::<Uuid>();
    let ids = ids.all(change.tx()).await?;
    let mut places: Vec<(Uuid, Uuid)> = ids.into_iter().map(|id| (Uuid::new_v4(), id)).collect();
    places.sort_unstable();
    for slice in places.chunks(AT_ONCE) {
        let own = || invitation::Column::Id.is_in(slice.iter().map(|(_, id)| *id));
        let rows = invitation::Entity::find().filter(own());
        let rows = rows.all(change.tx()).await?;
        let mut rows: HashMap<Uuid, invitation::Model> =
            rows.into_iter().map(|row| (row.id, row)).collect();
        invitation::Entity::delete_many()
            .filter(own())
            .exec(change.tx())
            .await?;
        let anew: Vec<_> = slice.iter().filter_map(|(_, id)| rows.remove(id)).collect();
        row::insert_all::<invitation::Entity>(change.tx(), anew).await?;
    }
    Ok(())
}
