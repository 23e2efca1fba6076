//! Pairs the sheets of two surveys of a family when the later of the two closes, and keeps what may
//! be shown of the changes.

use super::{entity, model};
use crate::reports::{
    axes::{Signature, axes},
    count::Counts,
    disclosure::K,
    freeze::{Backgrounds, signature},
    source::{self, Survey},
    store,
    tables::{self, FrozenQuestion},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Problem,
    evaluation::{
        effects::EffectSize,
        instruments::{AnswerSheet, AnswerValue, Question, QuestionKind},
        reports::{ReportBreakdown, ReportCell, ReportShowing},
    },
};
use std::collections::BTreeMap;

/// The first part of a family.
const BEFORE: &str = "before";

/// What changed in the answers to a question, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrozenEffect {
    /// The changes.
    #[serde(flatten)]
    pub question: FrozenQuestion,
    /// How large they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<EffectSize>,
    /// By what people are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breakdowns: Vec<ReportBreakdown>,
}

/// Two sheets with the same code.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What the person is.
    pub signature: Signature,
    /// What was answered first.
    pub before: AnswerSheet,
    /// What was answered then.
    pub after: AnswerSheet,
}

/// Keeps what changed, where the closing survey is the second of its family to close.
pub async fn freeze(
    change: &Change,
    closing: &Survey,
    questions: &[Question],
) -> Result<(), Problem> {
    let (Some(family), Some(part)) = (closing.family_id, closing.part.as_deref()) else {
        return Ok(());
    };
    for other in source::family(change.tx(), family).await? {
        let Some(other_part) = other.part.as_deref() else {
            continue;
        };
        let one_is_first = (part == BEFORE) != (other_part == BEFORE);
        if !one_is_first || !store::is_frozen(change.tx(), other.id).await? {
            continue;
        }
        let (before, after) = if part == BEFORE {
            (closing, &other)
        } else {
            (&other, closing)
        };
        let mut levels = Backgrounds::default();
        let pairs = pairs(change, (before, after), &mut levels).await?;
        let named = |dimension, level| (levels.value(dimension, level).cloned().flatten(), None);
        let (count, effects) = effects(questions, &pairs, &named);
        let row = entity::Model {
            after_survey_id: after.id.uuid(),
            before_survey_id: before.id.uuid(),
            round_id: after.round_id.uuid(),
            pairs_count: count,
            questions: column::json(&effects),
        };
        row::insert::<entity::Entity>(change.tx(), row).await?;
    }
    Ok(())
}

/// The sheets that have the same code; a phrase that two chose pairs nobody.
async fn pairs(
    change: &Change,
    (before, after): (&Survey, &Survey),
    levels: &mut Backgrounds,
) -> Result<Vec<Pair>, DatabaseError> {
    type Coded = BTreeMap<String, Option<(Signature, AnswerSheet)>>;
    let (mut first, mut then) = (Coded::new(), Coded::new());
    for (survey, coded) in [(before, &mut first), (after, &mut then)] {
        source::sheets(change.tx(), survey.id, |sheet| {
            let Some(code) = sheet.pairing_code else {
                return Ok(());
            };
            let answers = serde_json::from_str(&sheet.answers).map_err(|error| {
                DatabaseError::Corrupt(format!("a sheet: {:?}", error.classify()))
            })?;
            let signature = signature(levels, sheet.background);
            let twice = |known: &mut Option<_>| *known = None;
            coded
                .entry(code)
                .and_modify(twice)
                .or_insert(Some((signature, answers)));
            Ok(())
        })
        .await?;
    }
    let pair = |(code, after): (String, Option<(Signature, AnswerSheet)>)| {
        let (signature, after) = after?;
        let (_, before) = first.remove(&code)??;
        Some(Pair {
            signature,
            before,
            after,
        })
    };
    Ok(then.into_iter().filter_map(pair).collect())
}

/// What may be shown of the changes: how many pairs there are, and question by question.
pub fn effects(
    questions: &[Question],
    pairs: &[Pair],
    names: tables::Names<'_>,
) -> (Option<i32>, Vec<FrozenEffect>) {
    let is_number = |question: &&Question| {
        matches!(question.kind, QuestionKind::Likert | QuestionKind::Scale)
            && question.shown_if.is_none()
    };
    let changes: Vec<Question> = questions.iter().filter(is_number).map(direction).collect();
    let mut counts = Counts::new(&changes);
    let mut differences: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for pair in pairs {
        let mut sheet = BTreeMap::new();
        for question in &changes {
            let answer = |sheet: &AnswerSheet| match sheet.get(&question.key) {
                Some(AnswerValue::Number(number)) => Some(*number),
                _ => None,
            };
            if let (Some(before), Some(after)) = (answer(&pair.before), answer(&pair.after)) {
                let difference = after.saturating_sub(before);
                sheet.insert(&question.key, difference.signum());
                differences
                    .entry(&question.key)
                    .or_default()
                    .push(difference);
            }
        }
        // What was just made of numbers can be read as numbers.
        let _ = counts.add(pair.signature, &json!(sheet).to_string());
    }
    let dimensions = axes(&counts.signatures(), K).len();
    let frozen = tables::freeze(&mut counts, names, &[]);
    let mut breakdowns = frozen.breakdowns;
    let effect = |question: FrozenQuestion| {
        let own = breakdowns.remove(&question.key).unwrap_or_default();
        let all = differences
            .get(question.key.as_str())
            .map_or(&[][..], Vec::as_slice);
        let is_shown = question.showing == ReportShowing::Shown && own.len() == dimensions;
        FrozenEffect {
            size: model::size(all).filter(|_| is_shown).map(rounded),
            question: FrozenQuestion {
                cells: directions(question.cells),
                mean: None,
                ..question
            },
            breakdowns: own.into_iter().map(named).collect(),
        }
    };
    (
        frozen.answered_count,
        frozen.totals.into_iter().map(effect).collect(),
    )
}

/// The question whether an answer is lower, the same or higher than before.
fn direction(question: &Question) -> Question {
    Question {
        kind: QuestionKind::Scale,
        lowest: Some(-1),
        highest: Some(1),
        points: None,
        options: Vec::new(),
        ..question.clone()
    }
}

fn named(breakdown: ReportBreakdown) -> ReportBreakdown {
    let groups =
        breakdown
            .groups
            .into_iter()
            .map(|group| shared_types::evaluation::reports::ReportGroup {
                cells: directions(group.cells),
                mean: None,
                ..group
            });
    ReportBreakdown {
        groups: groups.collect(),
        ..breakdown
    }
}

fn directions(cells: Vec<ReportCell>) -> Vec<ReportCell> {
    let word = |answer: &String| match answer.as_str() {
        "-1" => "lower".to_owned(),
        "0" => "same".to_owned(),
        _ => "higher".to_owned(),
    };
    let cell = |cell: ReportCell| ReportCell {
        answers: cell.answers.iter().map(word).collect(),
        ..cell
    };
    cells.into_iter().map(cell).collect()
}

/// In tenths; the interval outwards.
fn rounded(size: model::Size) -> EffectSize {
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the clamp")]
    let whole = |number: f64| number.clamp(-1000.0, 1000.0) as i32;
    EffectSize {
        mean_change_tenths: whole((size.mean * 10.0).round()),
        effect_tenths: whole((size.effect * 10.0).round()),
        effect_from_tenths: whole((size.interval.0 * 10.0).floor()),
        effect_to_tenths: whole((size.interval.1 * 10.0).ceil()),
    }
}
