//! Pairs the sheets of two surveys of a family when the later of the two closes, and keeps what may
//! be shown of the changes.

use super::{
    entity, joint,
    joint::{Linked, Part},
    model,
};
use crate::reports::{
    axes::Signature,
    count::Counts,
    freeze::{Backgrounds, names, signature},
    source::{self, Survey},
    store,
    tables::{self, FrozenQuestion},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Problem, SurveyId,
    evaluation::{
        effects::EffectSize,
        instruments::{AnswerSheet, AnswerValue, Question, QuestionKind},
        reports::{ReportBreakdown, ReportCell, ReportShowing},
    },
};
use std::collections::{BTreeMap, HashMap};

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
    let all = source::family(change.tx(), family).await?;
    for other in &all {
        let Some(other_part) = other.part.as_deref() else {
            continue;
        };
        let one_is_first = (part == BEFORE) != (other_part == BEFORE);
        if !one_is_first || !store::is_frozen(change.tx(), other.id).await? {
            continue;
        }
        let (before, after) = if part == BEFORE {
            (closing, other)
        } else {
            (other, closing)
        };
        let (surveys, parts) = shown(change, &all, (before, after)).await?;
        let people = linked(change, &surveys).await?;
        let mut levels = Backgrounds::default();
        let pairs: Vec<Pair> = people
            .iter()
            .filter_map(|person| pair(person, &mut levels))
            .collect();
        let known = called(change, &pairs, &levels).await?;
        let named = |dimension, level| {
            let key = levels.value(dimension, level).cloned().flatten();
            let name = key.as_ref().and_then(|key| known.get(key)).cloned();
            (key, name)
        };
        let (count, effects) = effects(questions, &pairs, &named);
        let effects = joint::gated(effects, &parts, &people);
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

/// What is shown of a family: of the survey before, of that after, and of every other that was
/// compared with the one before.
async fn shown(
    change: &Change,
    all: &[Survey],
    (before, after): (&Survey, &Survey),
) -> Result<(Vec<SurveyId>, Vec<Part>), DatabaseError> {
    let compared = entity::Entity::find()
        .filter(entity::Column::BeforeSurveyId.eq(before.id.uuid()))
        .order_by_asc(entity::Column::AfterSurveyId);
    let mut compared: BTreeMap<SurveyId, Vec<FrozenEffect>> = compared
        .all(change.tx())
        .await?
        .into_iter()
        .map(|row| {
            Ok((
                row.after_survey_id.into(),
                column::from_json(row.questions)?,
            ))
        })
        .collect::<Result<_, DatabaseError>>()?;
    let others = all.iter().filter(|one| compared.contains_key(&one.id));
    let surveys: Vec<SurveyId> = [before.id, after.id]
        .into_iter()
        .chain(others.map(|one| one.id))
        .collect();
    let mut parts = Vec::new();
    for id in &surveys {
        let mut part = Part {
            effects: compared.remove(id).unwrap_or_default(),
            ..Part::default()
        };
        if let Some(report) = store::find(change.tx(), *id).await? {
            part.totals = column::from_json(report.totals)?;
            part.breakdowns = column::from_json(report.breakdowns)?;
        }
        parts.push(part);
    }
    Ok((surveys, parts))
}

/// Names of the municipalities and departments that are large enough to be shown.
async fn called(
    change: &Change,
    pairs: &[Pair],
    levels: &Backgrounds,
) -> Result<HashMap<String, String>, DatabaseError> {
    let mut counts = Counts::new(&[]);
    for pair in pairs {
        // An empty sheet can be read.
        let _ = counts.add(pair.signature, "{}");
    }
    names(change.tx(), &counts, levels).await
}

/// Everybody who answered some of these surveys: sheets with the same code as that of a sheet of
/// the first are one person's. A phrase that two chose pairs nobody.
async fn linked(change: &Change, surveys: &[SurveyId]) -> Result<Vec<Linked>, DatabaseError> {
    let empty = || vec![None; surveys.len()];
    let mut coded: BTreeMap<String, Vec<Vec<Linked>>> = BTreeMap::new();
    let mut people: Vec<Linked> = Vec::new();
    for (place, survey) in surveys.iter().enumerate() {
        source::sheets(change.tx(), *survey, |sheet| {
            let answers: AnswerSheet = serde_json::from_str(&sheet.answers).map_err(|error| {
                DatabaseError::Corrupt(format!("a sheet: {:?}", error.classify()))
            })?;
            let mut own = Linked {
                background: sheet.background,
                sheets: empty(),
            };
            if let Some(slot) = own.sheets.get_mut(place) {
                *slot = Some(answers);
            }
            match sheet.pairing_code {
                Some(code) => {
                    let places = coded.entry(code).or_default();
                    places.resize(surveys.len(), Vec::new());
                    if let Some(same) = places.get_mut(place) {
                        same.push(own);
                    }
                }
                None => people.push(own),
            }
            Ok(())
        })
        .await?;
    }
    for mut places in coded.into_values() {
        let is_once = |same: &Vec<Linked>| same.len() == 1;
        if places.first().is_some_and(is_once) {
            let mut one = Linked {
                sheets: empty(),
                ..Linked::default()
            };
            for same in places.iter_mut().filter(|same| same.len() == 1) {
                for own in same.drain(..) {
                    join(&mut one, own);
                }
            }
            people.push(one);
        }
        people.extend(places.into_iter().flatten());
    }
    Ok(people)
}

/// Puts what one person answered together.
fn join(one: &mut Linked, other: Linked) {
    if other.background.iter().any(Option::is_some) {
        one.background = other.background;
    }
    for (slot, sheet) in one.sheets.iter_mut().zip(other.sheets) {
        *slot = sheet.or(slot.take());
    }
}

fn pair(person: &Linked, levels: &mut Backgrounds) -> Option<Pair> {
    let [Some(before), Some(after), ..] = person.sheets.as_slice() else {
        return None;
    };
    Some(Pair {
        signature: signature(levels, person.background.clone()),
        before: before.clone(),
        after: after.clone(),
    })
}

/// What may be shown of the changes taken by themselves: how many pairs there are, and question by
/// question. What may be shown beside the surveys' own reports, [`joint::gated`] says.
pub fn effects(
    questions: &[Question],
    pairs: &[Pair],
    names: tables::Names<'_>,
) -> (Option<i32>, Vec<FrozenEffect>) {
    // A question that others depend on is shown by their tables too, which no change may meet.
    let leads_on = |key: &str| {
        let mut conditions = questions.iter().filter_map(|one| one.shown_if.as_ref());
        conditions.any(|one| one.question_key == key)
    };
    let is_number = |question: &&Question| {
        matches!(question.kind, QuestionKind::Likert | QuestionKind::Scale)
            && question.shown_if.is_none()
            && !leads_on(&question.key)
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
    let frozen = tables::freeze(&mut counts, names, &[]);
    let mut breakdowns = frozen.breakdowns;
    let effect = |question: FrozenQuestion| {
        let own = breakdowns.remove(&question.key).unwrap_or_default();
        let all = differences
            .get(question.key.as_str())
            .map_or(&[][..], Vec::as_slice);
        let is_shown = question.showing == ReportShowing::Shown;
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
