//! What reports have published, as far as indicators are drawn from it: frozen and checked, so that
//! an indicator never says more than a report does.

use crate::{
    networks::{entity as network, freeze::FrozenTies},
    reports::{store, tables::FrozenQuestion},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::rounds;
use shared_types::{
    ProgrammeId, SurveyId,
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

/// A measure of a closed network survey of the programme, in hundredths; nothing where none is
/// published.
pub async fn network_hundredths(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    survey: SurveyId,
    tie_key: &str,
    measure: NetworkMeasureName,
) -> Result<Option<i32>, DatabaseError> {
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
            let permille = match measure {
                NetworkMeasureName::Density => Some(ties.density),
                NetworkMeasureName::Reciprocity => Some(ties.reciprocity),
                NetworkMeasureName::AcrossMunicipalities => ties.between_municipalities,
                NetworkMeasureName::AcrossDepartments => ties.between_departments,
            };
            return Ok(permille.map(|permille| permille.div_euclid(10)));
        }
    }
    Ok(None)
}

async fn is_of(
    connection: &impl ConnectionTrait,
    round: Uuid,
    programme: ProgrammeId,
) -> Result<bool, DatabaseError> {
    let round = rounds::find(connection, round.into()).await?;
    Ok(round.is_some_and(|round| round.programme_id == programme.uuid()))
}
