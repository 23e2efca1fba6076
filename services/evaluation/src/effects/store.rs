//! Queries of frozen effects.

use super::{entity, freeze::FrozenEffect};
use crate::reports::view::Words;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{
    RoundId,
    evaluation::effects::{EffectQuestion, EffectReport},
};

/// What changed in a round, the latest first.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    words: &mut Words,
    round: RoundId,
) -> Result<Vec<EffectReport>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .order_by_desc(entity::Column::AfterSurveyId)
        .limit(100);
    let mut reports = Vec::new();
    for row in rows.all(connection).await? {
        let frozen: Vec<FrozenEffect> = column::from_json(row.questions)?;
        let asked = words.of_survey(connection, row.after_survey_id).await?;
        let question = |effect: FrozenEffect| {
            let text = asked.iter().find(|one| one.key == effect.question.key);
            EffectQuestion {
                text: text.map_or_else(crate::reports::view::unnamed, |one| one.text.clone()),
                key: effect.question.key,
                showing: effect.question.showing,
                cells: effect.question.cells,
                size: effect.size,
                breakdowns: effect.breakdowns,
            }
        };
        reports.push(EffectReport {
            before_survey_id: row.before_survey_id.into(),
            after_survey_id: row.after_survey_id.into(),
            pairs_count: row.pairs_count,
            questions: frozen.into_iter().map(question).collect(),
        });
    }
    Ok(reports)
}
