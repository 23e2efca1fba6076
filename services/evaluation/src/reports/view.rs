//! Frozen reports in the words of their instruments.

use super::{entity, source, tables::FrozenQuestion};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Language, Links, LocalizedText,
    evaluation::{
        instruments::Question,
        reports::{ReportBreakdown, ReportQuestion, ReportSummary, SurveyReport},
    },
};
use shared_web::Context;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The questions of instruments, each version read once.
#[derive(Debug, Default)]
pub struct Words(BTreeMap<(Uuid, i32), Arc<Vec<Question>>>);

impl Words {
    /// The questions of an instrument's version.
    pub async fn of(
        &mut self,
        connection: &impl ConnectionTrait,
        instrument: Uuid,
        version: i32,
    ) -> Result<Arc<Vec<Question>>, DatabaseError> {
        if let Some(known) = self.0.get(&(instrument, version)) {
            return Ok(known.clone());
        }
        let questions = Arc::new(source::questions(connection, instrument, version).await?);
        self.0.insert((instrument, version), questions.clone());
        Ok(questions)
    }

    /// The questions of a survey.
    pub async fn of_survey(
        &mut self,
        connection: &impl ConnectionTrait,
        survey: Uuid,
    ) -> Result<Arc<Vec<Question>>, DatabaseError> {
        match source::survey(connection, survey.into()).await? {
            Some(survey) => {
                self.of(connection, survey.instrument_id, survey.instrument_version)
                    .await
            }
            None => Ok(Arc::default()),
        }
    }
}

/// The words of what has none.
pub fn unnamed() -> LocalizedText {
    LocalizedText::of(Language::English, "–")
}

/// A question's totals with its words.
pub fn question(frozen: FrozenQuestion, asked: &[Question]) -> Option<ReportQuestion> {
    let question = asked.iter().find(|one| one.key == frozen.key)?;
    Some(ReportQuestion {
        key: frozen.key,
        kind: question.kind,
        text: question.text.clone(),
        options: question.options.clone(),
        showing: frozen.showing,
        asked_count: frozen.asked_count,
        cells: frozen.cells,
        choices: frozen.choices,
        mean: frozen.mean,
        texts: Vec::new(),
        breakdowns: Vec::new(),
    })
}

/// How much of a survey is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everything.
    Whole,
    /// Without what was written, and without breakdowns.
    Totals,
}

/// A survey's report.
pub async fn survey(
    connection: &impl ConnectionTrait,
    words: &mut Words,
    row: entity::Model,
    depth: Depth,
    context: &Context,
) -> Result<SurveyReport, DatabaseError> {
    let asked = words
        .of(connection, row.instrument_id, row.instrument_version)
        .await?;
    let frozen: Vec<FrozenQuestion> = column::from_json(row.totals)?;
    let mut questions: Vec<ReportQuestion> = frozen
        .into_iter()
        .filter_map(|frozen| question(frozen, &asked))
        .collect();
    if depth == Depth::Whole {
        let mut breakdowns: BTreeMap<String, Vec<ReportBreakdown>> =
            column::from_json(row.breakdowns)?;
        let mut texts: BTreeMap<String, Vec<String>> = column::from_json(row.texts)?;
        for question in &mut questions {
            question.breakdowns = breakdowns.remove(&question.key).unwrap_or_default();
            question.texts = texts.remove(&question.key).unwrap_or_default();
        }
    }
    let own = context.href(format!("surveys/{}/report", row.survey_id));
    let round = context.href(format!("rounds/{}/report", row.round_id));
    Ok(SurveyReport {
        survey_id: row.survey_id.into(),
        round_id: row.round_id.into(),
        instrument_id: row.instrument_id.into(),
        instrument_version: row.instrument_version,
        name: column::from_json(row.name)?,
        closed_on: row.closed_on,
        answered_count: row.answered_count,
        questions,
        links: Links::to_self(own).with("round", "GET", round),
    })
}

/// A survey's report in a list.
pub fn summary(row: &entity::Model, context: &Context) -> Result<ReportSummary, DatabaseError> {
    let own = context.href(format!("surveys/{}/report", row.survey_id));
    let compared = context.href(format!(
        "instruments/{}/comparison?version={}",
        row.instrument_id, row.instrument_version
    ));
    let round = context.href(format!("rounds/{}/report", row.round_id));
    Ok(ReportSummary {
        id: row.survey_id.into(),
        round_id: row.round_id.into(),
        instrument_id: row.instrument_id.into(),
        instrument_version: row.instrument_version,
        name: column::from_json(row.name.clone())?,
        closed_on: row.closed_on,
        answered_count: row.answered_count,
        links: Links::to_self(own)
            .with("round", "GET", round)
            .with("comparison", "GET", compared),
    })
}
