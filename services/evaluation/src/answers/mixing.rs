//! Mixing: moves a survey's intake among its sheets, so that neither the order of the rows, nor
//! their ids, nor the numbers of transactions say which answer came when.
//!
//! Adding a batch behind the sheets that are there would keep the order of the batches. So all
//! sheets of the survey are written anew, under new random ids and in the order of these; and as
//! that costs as much as there are sheets, it is done each time when the intake has as many sheets
//! as are mixed already (and never fewer than five). Over a whole survey each sheet is written
//! twice on average. The marks of those who have answered are written anew in a random order in
//! the same transaction.

use super::{
    intake::{self, Content},
    invitation_entity as invitation, sheet_entity as sheet,
};
use crate::surveys::{gate, model::K, store};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_types::{Problem, evaluation::surveys::SurveyState};
use uuid::Uuid;

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
    let arrived = intake::open(change, &key, survey).await?;
    intake::empty(change, survey).await?;
    let mut sheets = sheet::Entity::find()
        .filter(sheet::Column::SurveyId.eq(survey))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    sheet::Entity::delete_many()
        .filter(sheet::Column::SurveyId.eq(survey))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    sheets.extend(arrived.into_iter().map(|content| written(survey, content)));
    for one in &mut sheets {
        one.id = Uuid::new_v4();
    }
    sheets.sort_by_key(|one| one.id);
    row::insert_all::<sheet::Entity>(change.tx(), sheets).await?;
    rewrite_marks(change, survey).await?;
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
    let rows = invitation::Entity::find()
        .filter(marks())
        .all(change.tx())
        .await?;
    invitation::Entity::delete_many()
        .filter(marks())
        .exec(change.tx())
        .await?;
    let mut rows: Vec<(Uuid, invitation::Model)> =
        rows.into_iter().map(|row| (Uuid::new_v4(), row)).collect();
    rows.sort_by_key(|(place, _)| *place);
    let rows = rows.into_iter().map(|(_, row)| row);
    row::insert_all::<invitation::Entity>(change.tx(), rows).await
}
