//! One version of an instrument over all the rounds that were asked with it.
//!
//! It is made of the surveys' own frozen totals and of nothing else, so that it tells nothing that
//! they do not. Memory is bounded by the answer, not by what is read: totals come some at a time.

use super::{entity, store, tables::FrozenQuestion};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};
use shared_database::DatabaseError;
use shared_types::{
    Caller, InstrumentId,
    evaluation::{
        instruments::{Question, QuestionKind},
        reports::{ComparedQuestion, ComparedShare, ComparedSurvey, ReportMean, ReportShowing},
    },
};
use uuid::Uuid;

/// Surveys that are compared: the latest.
const MOST: u64 = 1000;
/// Reports that are read at once.
const AT_ONCE: u64 = 100;

/// The part of a report that is compared; the totals as text, to be read once.
#[derive(Clone, Debug, FromQueryResult)]
struct Compared {
    survey_id: Uuid,
    round_id: Uuid,
    closed_on: sea_orm::prelude::ChronoDate,
    totals: String,
}

/// What is being compared of a question.
#[derive(Debug, Default)]
struct Tally {
    asked: i64,
    low: i64,
    high: i64,
    /// For each answer: surveys that show it as the start of a cell, who answered so or higher,
    /// and of how many.
    shares: Vec<(i32, i32, i32)>,
    surveys: Vec<ComparedSurvey>,
}

/// Compares the surveys with an instrument's version that the caller reads; says how many they are.
pub async fn compare(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (instrument, version): (InstrumentId, i32),
    questions: &[Question],
) -> Result<(i32, Vec<ComparedQuestion>), DatabaseError> {
    let numbered =
        |question: &&Question| matches!(question.kind, QuestionKind::Likert | QuestionKind::Scale);
    let numbered: Vec<&Question> = questions.iter().filter(numbered).collect();
    let mut tallies: Vec<Tally> = numbered
        .iter()
        .map(|question| Tally {
            shares: vec![(0, 0, 0); answers(question).len()],
            ..Tally::default()
        })
        .collect();
    let (mut count, mut last) = (0, None);
    while count < MOST {
        let rows = read(connection, caller, (instrument, version), last).await?;
        let Some(row) = rows.last() else { break };
        last = Some(row.survey_id);
        count += u64::try_from(rows.len()).unwrap_or(AT_ONCE);
        for row in &rows {
            add(&numbered, &mut tallies, row)?;
        }
    }
    let compared = numbered
        .into_iter()
        .zip(tallies)
        .map(|(question, tally)| finish(question, tally));
    Ok((i32::try_from(count).unwrap_or(i32::MAX), compared.collect()))
}

async fn read(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (instrument, version): (InstrumentId, i32),
    after: Option<Uuid>,
) -> Result<Vec<Compared>, DatabaseError> {
    use entity::Column;
    let text = if connection.get_database_backend() == DatabaseBackend::Postgres {
        Expr::col(Column::Totals).cast_as("text")
    } else {
        Expr::col(Column::Totals)
    };
    let mut select = store::scoped(caller)
        .select_only()
        .columns([Column::SurveyId, Column::RoundId, Column::ClosedOn])
        .expr_as(text, "totals")
        .filter(Column::InstrumentId.eq(instrument.uuid()))
        .filter(Column::InstrumentVersion.eq(version))
        .order_by_desc(Column::SurveyId)
        .limit(AT_ONCE);
    if let Some(after) = after {
        select = select.filter(Column::SurveyId.lt(after));
    }
    Ok(select.into_model::<Compared>().all(connection).await?)
}

fn add(numbered: &[&Question], tallies: &mut [Tally], row: &Compared) -> Result<(), DatabaseError> {
    let totals: Vec<FrozenQuestion> = serde_json::from_str(&row.totals)
        .map_err(|error| DatabaseError::Corrupt(format!("a report: {:?}", error.classify())))?;
    for frozen in totals {
        let at = numbered
            .iter()
            .position(|question| question.key == frozen.key);
        let found = at.and_then(|at| Some((numbered.get(at)?, tallies.get_mut(at)?)));
        let Some((question, tally)) = found else {
            continue;
        };
        let (Some(asked), Some(mean), ReportShowing::Shown) =
            (frozen.asked_count, frozen.mean, frozen.showing)
        else {
            continue;
        };
        tally.asked += i64::from(asked);
        tally.low += i64::from(asked) * i64::from(mean.lowest_hundredths);
        tally.high += i64::from(asked) * i64::from(mean.highest_hundredths);
        tally.surveys.push(ComparedSurvey {
            survey_id: row.survey_id.into(),
            round_id: row.round_id.into(),
            closed_on: row.closed_on,
            asked_count: asked,
            mean,
        });
        let answers = answers(question);
        let mut higher = 0;
        for cell in frozen.cells.iter().rev() {
            higher += cell.count;
            // Who gave no answer did not answer so or higher.
            let start = cell.answers.first().filter(|_| !cell.with_unanswered);
            let place = start.and_then(|start| answers.iter().position(|answer| answer == start));
            if let Some(share) = place.and_then(|place| tally.shares.get_mut(place)) {
                *share = (share.0 + 1, share.1 + higher, share.2 + asked);
            }
        }
    }
    Ok(())
}

fn answers(question: &Question) -> Vec<String> {
    let (from, to) = match question.kind {
        QuestionKind::Scale => (question.lowest.unwrap_or(0), question.highest.unwrap_or(0)),
        _ => (1, question.points.unwrap_or(0)),
    };
    (from..=to).map(|answer| answer.to_string()).collect()
}

fn finish(question: &Question, tally: Tally) -> ComparedQuestion {
    let hundredths = |number: i64| i32::try_from(number).unwrap_or(0);
    let mean = (tally.asked > 0).then(|| ReportMean {
        lowest_hundredths: hundredths(tally.low.div_euclid(tally.asked)),
        highest_hundredths: hundredths(-(-tally.high).div_euclid(tally.asked)),
    });
    let shares = answers(question)
        .into_iter()
        .zip(tally.shares)
        .filter(|(_, share)| share.0 > 0);
    ComparedQuestion {
        key: question.key.clone(),
        text: question.text.clone(),
        asked_count: hundredths(tally.asked),
        mean,
        shares: shares
            .map(|(answer, (surveys_count, count, of_count))| ComparedShare {
                answer,
                surveys_count,
                count,
                of_count,
            })
            .collect(),
        surveys: tally.surveys,
    }
}
