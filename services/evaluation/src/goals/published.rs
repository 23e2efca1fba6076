//! What reports have published, as far as indicators are drawn from it: frozen and checked, so that
//! an indicator never says more than a report does.

use crate::{
    effects::{entity as effect, freeze::FrozenEffect},
    interviews,
    networks::{entity as network, freeze::FrozenTies},
    reports::{store, tables::FrozenQuestion},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::rounds;
use shared_types::{
    ProgrammeId, SurveyId, ThemeId,
    evaluation::{goals::NetworkMeasureName, reports::ReportShowing},
};
use uuid::Uuid;

/// The mean of a question of a closed survey of the programme, in hundredths: the least that it
/// can be, as far as the shown answers tell. Nothing where none is published.
pub async fn mean_hundredths(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    question_key: &str,
) -> Result<Option<i32>, DatabaseError> {
    let Some(report) = store::find(connection, survey).await? else {
        return Ok(None);
    };
    if !is_of(connection, report.round_id, programme).await? {
        return Ok(None);
    }
    let totals: Vec<FrozenQuestion> = column::from_json(report.totals)?;
    let shown = totals
        .into_iter()
        .find(|one| one.key == question_key && one.showing == ReportShowing::Shown);
    Ok(shown
        .and_then(|one| one.mean)
        .map(|mean| mean.lowest_hundredths))
}

/// The mean change of a question from the survey before to this one, in hundredths; nothing where
/// none is published.
pub async fn change_hundredths(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    question_key: &str,
) -> Result<Option<i32>, DatabaseError> {
    let found = effect::Entity::find_by_id(survey.uuid());
    let Some(row) = found.one(connection).await? else {
        return Ok(None);
    };
    if !is_of(connection, row.round_id, programme).await? {
        return Ok(None);
    }
    let effects: Vec<FrozenEffect> = column::from_json(row.questions)?;
    let own = effects
        .into_iter()
        .find(|one| one.question.key == question_key);
    let size = own.and_then(|one| one.size);
    Ok(size.map(|size| size.mean_change_tenths.saturating_mul(10)))
}

/// A measure of a closed network survey of the programme, in hundredths; nothing where none is
/// published.
pub async fn network_hundredths(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    tie_key: &str,
    measure: NetworkMeasureName,
) -> Result<Option<i32>, DatabaseError> {
    let ties = ties(connection, programme, survey, tie_key).await?;
    let permille = ties.and_then(|ties| match measure {
        NetworkMeasureName::Density => Some(ties.density),
        NetworkMeasureName::Reciprocity => Some(ties.reciprocity),
        NetworkMeasureName::AcrossMunicipalities => ties.between_municipalities,
        NetworkMeasureName::AcrossDepartments => ties.between_departments,
    });
    Ok(permille.map(|permille| permille.div_euclid(10)))
}

/// How a network's density has changed since the round's first survey of it, in hundredths; nothing
/// where none is published.
pub async fn network_change_hundredths(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    tie_key: &str,
) -> Result<Option<i32>, DatabaseError> {
    let ties = ties(connection, programme, survey, tie_key).await?;
    let since_first = ties.and_then(|ties| ties.changes.into_iter().next());
    Ok(since_first.map(|change| change.density_change_permille.div_euclid(10)))
}

async fn ties(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    tie_key: &str,
) -> Result<Option<FrozenTies>, DatabaseError> {
    let rows = network::Entity::find()
        .filter(network::Column::SurveyId.eq(survey.uuid()))
        .all(connection)
        .await?;
    for row in rows {
        if !is_of(connection, row.round_id, programme).await? {
            return Ok(None);
        }
        let ties: Vec<FrozenTies> = column::from_json(row.ties)?;
        if let Some(ties) = ties.into_iter().find(|ties| ties.key == tie_key) {
            return Ok(Some(ties));
        }
    }
    Ok(None)
}

/// How many spoke of a theme of the programme; nothing where no number is shown.
pub async fn theme_count(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    theme: ThemeId,
) -> Result<Option<i32>, DatabaseError> {
    let Some(row) = interviews::store::theme(connection, theme).await? else {
        return Ok(None);
    };
    if !is_of(connection, row.round_id, programme).await? {
        return Ok(None);
    }
    let counts = interviews::counts::published(connection, row.round_id.into()).await?;
    Ok(counts.get(&row.id).and_then(|shown| shown.people))
}

async fn is_of(
    connection: &impl ConnectionTrait,
    round: Uuid,
    programme: ProgrammeId,
) -> Result<bool, DatabaseError> {
    let round = rounds::find(connection, round.into()).await?;
    Ok(round.is_some_and(|round| round.programme_id == programme.uuid()))
}
