//! What is kept of a 360 that is over: what may be shown of each group, sealed. All else that a
//! report shows is made of it.

use super::{
    disclosure::{self, Shown},
    entity, model, report_entity,
};
use crate::instruments::model::range;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shared_database::{Change, DatabaseError, row};
use shared_envelope::{Keys, Sealed};
use shared_types::{
    Problem,
    evaluation::{
        feedbacks::RaterGroup,
        instruments::{AnswerSheet, AnswerValue, Question, QuestionKind},
    },
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is shown of a group's answers to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// How many answered.
    pub count: usize,
    /// The least that their mean can be, in hundredths.
    pub lowest: i32,
    /// The most.
    pub highest: i32,
}

impl From<Shown> for Value {
    fn from(shown: Shown) -> Self {
        Self {
            count: shown.count,
            lowest: shown.lowest,
            highest: shown.highest,
        }
    }
}

impl From<Value> for Shown {
    fn from(value: Value) -> Self {
        Self {
            count: value.count,
            lowest: value.lowest,
            highest: value.highest,
        }
    }
}

/// What is shown of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Which one.
    pub group: RaterGroup,
    /// Whose answers they are, where they were given by name.
    pub name: Option<String>,
    /// How many answered; nothing where they are too few.
    pub answered: Option<usize>,
    /// By the question's key.
    pub values: BTreeMap<String, Value>,
    /// What was written, by the question's key.
    pub texts: BTreeMap<String, Vec<String>>,
}

/// What is shown of a 360.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The participant's name.
    pub name: String,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The sheets of a group, before they are thrown away.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Which group.
    pub group: RaterGroup,
    /// Whose answers they are, where they were given by name.
    pub name: Option<String>,
    /// The sheets.
    pub sheets: Vec<AnswerSheet>,
}

/// What may be shown of a group. What is written is ordered by a digest with `salt`, which says
/// nothing of who wrote it or when.
pub fn freeze(answered: Answered, questions: &[Question], least: usize, salt: &[u8]) -> Group {
    let Answered {
        group,
        name,
        sheets,
    } = answered;
    let anonymous = model::is_anonymous(group);
    let least = if anonymous {
        least.max(disclosure::LEAST)
    } else {
        1
    };
    let mut frozen = Group {
        group,
        name,
        answered: (sheets.len() >= least).then_some(sheets.len()),
        values: BTreeMap::new(),
        texts: BTreeMap::new(),
    };
    for question in questions {
        let answers = sheets.iter().filter_map(|sheet| sheet.get(&question.key));
        if question.kind == QuestionKind::Text {
            let mut texts: Vec<String> = answers.filter_map(text).collect();
            texts.sort_by_cached_key(|text| {
                let digest = Sha256::new().chain_update(salt).chain_update(text);
                digest.finalize()
            });
            if !texts.is_empty() && texts.len() >= least {
                frozen.texts.insert(question.key.clone(), texts);
            }
            continue;
        }
        let numbers: Vec<i32> = answers.filter_map(number).collect();
        let shown = match (anonymous, numbers.as_slice()) {
            (true, numbers) => disclosure::group(numbers, range(question), least),
            (false, [own]) => Some(disclosure::by_name(*own)),
            (false, _) => None,
        };
        if let Some(shown) = shown {
            frozen.values.insert(question.key.clone(), shown.into());
        }
    }
    frozen
}

fn text(value: &AnswerValue) -> Option<String> {
    match value {
        AnswerValue::Text(text) => Some(text.clone()),
        _ => None,
    }
}

const fn number(value: &AnswerValue) -> Option<i32> {
    match value {
        AnswerValue::Number(number) => Some(*number),
        _ => None,
    }
}

/// Of all others who are shown, from what is shown of them alone.
pub fn others(frozen: &Frozen, question: &str) -> Option<Shown> {
    let others = frozen.groups.iter();
    let others = others.filter(|group| group.group != RaterGroup::Oneself);
    let values = others.filter_map(|group| group.values.get(question));
    disclosure::together(values.map(|value| Shown::from(*value)))
}

/// By how much the own answer is above that of the others.
pub fn gap(frozen: &Frozen, question: &str) -> Option<(i32, i32)> {
    let mut groups = frozen.groups.iter();
    let own = groups.find(|group| group.group == RaterGroup::Oneself)?;
    let own = own.values.get(question)?;
    let others = others(frozen, question)?;
    Some((own.lowest - others.highest, own.highest - others.lowest))
}

/// Keeps what is shown of a 360.
pub async fn insert(
    change: &Change,
    keys: &Keys,
    feedback: &entity::Model,
    (frozen, closed_on): (&Frozen, chrono::NaiveDate),
) -> Result<(), Problem> {
    let sealed = seal(keys, feedback.id, frozen)?;
    let row = report_entity::Model {
        feedback_id: feedback.id,
        closed_on,
        key_id: sealed.key_id,
        wrapped_key: sealed.wrapped_key,
        body: sealed.body,
    };
    row::insert::<report_entity::Entity>(change.tx(), row).await?;
    Ok(())
}

fn seal(keys: &Keys, feedback: Uuid, frozen: &Frozen) -> Result<Sealed, Problem> {
    let text = serde_json::to_vec(frozen).map_err(Problem::internal)?;
    keys.seal(feedback.as_bytes(), &text)
        .map_err(Problem::internal)
}

/// What is shown of a 360, and the day on which it closed; nothing while it is open.
pub async fn find(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    feedback: Uuid,
) -> Result<Option<(Frozen, report_entity::Model)>, Problem> {
    let found = report_entity::Entity::find_by_id(feedback);
    let found = found.one(connection).await.map_err(DatabaseError::from)?;
    let Some(row) = found else {
        return Ok(None);
    };
    let sealed = Sealed {
        key_id: row.key_id.clone(),
        wrapped_key: row.wrapped_key.clone(),
        body: row.body.clone(),
    };
    let text = keys.open(feedback.as_bytes(), &sealed);
    let text = text.map_err(Problem::internal)?;
    // Never what was in it.
    let frozen = serde_json::from_slice(&text)
        .map_err(|_| Problem::internal("a sealed report of another shape"))?;
    Ok(Some((frozen, row)))
}

/// Takes a group that answered by name out of a report; what is made of it follows.
pub async fn forget(
    change: &Change,
    keys: &Keys,
    feedback: Uuid,
    group: RaterGroup,
) -> Result<(), Problem> {
    let Some((mut frozen, row)) = find(change.tx(), keys, feedback).await? else {
        return Ok(());
    };
    frozen.groups.retain(|one| one.group != group);
    let sealed = seal(keys, feedback, &frozen)?;
    let row = report_entity::Model {
        key_id: sealed.key_id,
        wrapped_key: sealed.wrapped_key,
        body: sealed.body,
        ..row
    };
    row::update::<report_entity::Entity>(change.tx(), row).await?;
    Ok(())
}
