//! Queries of frozen networks.

use super::{draw::Drawing, entity, freeze::FrozenTies};
use crate::reports::view::{Words, unnamed};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{
    RoundId,
    evaluation::networks::{NetworkReport, NetworkTies},
};
use std::collections::BTreeMap;

/// A network with its drawings by kind of tie; these stand on pages alone.
pub type Drawn = (NetworkReport, BTreeMap<String, Drawing>);

/// The networks of a round, the latest first.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    words: &mut Words,
    round: RoundId,
) -> Result<Vec<Drawn>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .order_by_desc(entity::Column::SurveyId)
        .order_by_asc(entity::Column::QuestionKey)
        .limit(100);
    let mut all = Vec::new();
    for row in rows.all(connection).await? {
        let frozen: Vec<FrozenTies> = column::from_json(row.ties)?;
        let asked = words.of_survey(connection, row.survey_id).await?;
        let question = asked.iter().find(|one| one.key == row.question_key);
        let ties = |ties: FrozenTies| {
            let options = question.iter().flat_map(|one| &one.options);
            let option = options.into_iter().find(|option| option.key == ties.key);
            NetworkTies {
                text: option.map_or_else(unnamed, |option| option.text.clone()),
                key: ties.key,
                density_permille: ties.density,
                reciprocity_permille: ties.reciprocity,
                isolates_count: ties.isolates,
                between_municipalities_permille: ties.between_municipalities,
                between_departments_permille: ties.between_departments,
                changes: ties.changes,
            }
        };
        let report = NetworkReport {
            survey_id: row.survey_id.into(),
            closed_on: row.closed_on,
            text: question.map_or_else(unnamed, |one| one.text.clone()),
            question_key: row.question_key,
            answered_count: row.answered_count,
            ties: frozen.into_iter().map(ties).collect(),
        };
        all.push((report, column::from_json(row.drawings)?));
    }
    Ok(all)
}
