//! Single sheets, of surveys that did not promise to keep them from everybody.

use super::sheet_entity as entity;
use crate::surveys::{self, closing};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{column, page};
use shared_types::{
    Problem,
    evaluation::{
        answers::{Sheet, SheetPage},
        codes::{SURVEY_SHEETS_SECRET, SURVEY_STATE},
        instruments::{AnswerSheet, AnswerValue},
        surveys::{SurveyMode, SurveyState},
    },
};
use shared_web::{Context, Outcome, Query, Reply};

/// A page of a closed survey's sheets, by their random ids.
pub async fn list(
    connection: &impl ConnectionTrait,
    context: &Context,
    survey: &surveys::entity::Model,
    query: &Query,
) -> Outcome {
    if survey.mode == column::text(SurveyMode::Anonymous) {
        return Err(Problem::of(&SURVEY_SHEETS_SECRET).into());
    }
    if survey.state != column::text(SurveyState::Closed) {
        let problem = Problem::of(&SURVEY_STATE).value("state", &survey.state);
        return Err(problem.into());
    }
    let select = entity::Entity::find().filter(entity::Column::SurveyId.eq(survey.id));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(context, &slice);
    let items = slice.items.into_iter().map(wire);
    Ok(Reply::ok(&SheetPage {
        items: items.collect::<Result<_, Problem>>()?,
        meta: slice.meta,
        links,
    })?)
}

fn wire(row: entity::Model) -> Result<Sheet, Problem> {
    let mut answers: AnswerSheet = column::from_json(row.answers)?;
    let person = match answers.remove(closing::PERSON) {
        Some(AnswerValue::Text(id)) => id.parse().ok(),
        _ => None,
    };
    answers.remove(closing::APPLICATION);
    // Of ties measures of the whole are all that is shown. Closing takes them out; those of surveys
    // that closed before it did still stand here.
    answers.retain(|_, answer| !matches!(answer, AnswerValue::Ties(_)));
    Ok(Sheet {
        id: row.id,
        person_id: person,
        answers,
    })
}
