//! Measures the networks of a survey that closes, tests what has changed, and seals who named whom
//! for the next time.

use super::{
    APPLICATION, Collected, FEWEST, Named, draw, entity, graph_entity,
    model::{self, Member},
};
use crate::{
    reports::{disclosure::K, reserve::sealed_badly, source::Survey, store},
    surveys::closing::forget_member,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::{Keys, Sealed};
use shared_projections::{participations, people};
use shared_types::{
    Problem, SurveyId, civil,
    evaluation::{instruments::Question, networks::NetworkChange},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A network of one kind of tie, as it is kept: without its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "the members are those of the wire type `NetworkTies`"
)]
pub struct FrozenTies {
    pub key: String,
    pub density: i32,
    pub reciprocity: i32,
    pub isolates: Option<i32>,
    pub between_municipalities: Option<i32>,
    pub between_departments: Option<i32>,
    pub changes: Vec<NetworkChange>,
}

/// Keeps the networks of a survey.
pub async fn freeze(
    change: &Change,
    keys: &Keys,
    survey: &Survey,
    collected: Collected<'_>,
) -> Result<(), Problem> {
    if collected.questions.is_empty() {
        return Ok(());
    }
    let (members, gone) = members(change, survey).await?;
    for (question, named) in collected.questions.iter().zip(&collected.named) {
        let earlier = earlier(change, keys, survey, &question.key).await?;
        insert(change, survey, (question, named), &members, &earlier).await?;
        if named.len() >= FEWEST {
            let mut named = named.clone();
            gone.iter().for_each(|id| forget_node(&mut named, id));
            seal(change, keys, survey, &question.key, &named).await?;
            forget_compared(change, survey, &question.key).await?;
        }
    }
    forget_ties(change, survey.id, &collected.questions).await
}

/// Takes somebody out of a graph.
pub(super) fn forget_node(named: &mut Named, id: &str) {
    named.remove(id);
    for others in named.values_mut().flat_map(BTreeMap::values_mut) {
        others.retain(|other| other != id);
    }
}

/// Everybody of the round, and who of them is forgotten.
async fn members(
    change: &Change,
    survey: &Survey,
) -> Result<(BTreeMap<String, Member>, Vec<String>), DatabaseError> {
    let parts = participations::of_round(change.tx(), survey.round_id).await?;
    let persons: Vec<_> = parts.iter().map(|part| part.person_id).collect();
    let found = people::Entity::find().filter(people::Column::Id.is_in(persons));
    let known: BTreeMap<_, _> = found
        .all(change.tx())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let is_gone = |part: &&participations::Model| {
        known
            .get(&part.person_id)
            .is_some_and(|person| person.erased)
    };
    let gone = parts.iter().filter(is_gone);
    let gone = gone.map(|part| part.id.to_string()).collect();
    let member = |part: participations::Model| {
        let person = known.get(&part.person_id);
        let member = Member {
            answered: false,
            municipality: part.municipality_id.map(|id| id.to_string()),
            department: person
                .and_then(|row| row.department_id)
                .map(|id| id.to_string()),
        };
        (part.id.to_string(), member)
    };
    Ok((parts.into_iter().map(member).collect(), gone))
}

async fn insert(
    change: &Change,
    survey: &Survey,
    (question, named): (&Question, &Named),
    members: &BTreeMap<String, Member>,
    earlier: &[(SurveyId, Named)],
) -> Result<(), Problem> {
    let mut members = members.clone();
    for own in named.keys() {
        let nobody = Member {
            answered: false,
            municipality: None,
            department: None,
        };
        members.entry(own.clone()).or_insert(nobody).answered = true;
    }
    let (seed, _) = survey.id.uuid().as_u64_pair();
    let mut ties = Vec::new();
    let mut drawings = BTreeMap::new();
    let kinds = question.options.iter().filter(|_| named.len() >= FEWEST);
    for kind in kinds {
        let of_kind = |ties: &'_ BTreeMap<String, Vec<String>>| ties.get(&kind.key).cloned();
        let lists: BTreeMap<&String, Vec<String>> = named
            .iter()
            .map(|(own, ties)| (own, of_kind(ties).unwrap_or_default()))
            .collect();
        let network = model::network(
            &members,
            lists.iter().map(|(own, others)| (*own, others.as_slice())),
        );
        let measures = model::measure(&network);
        let changes = earlier.iter().filter_map(|(since, before)| {
            let found = model::change(
                &sets(before, &kind.key),
                &sets(named, &kind.key),
                members.len(),
                seed,
            )?;
            Some(NetworkChange {
                since_survey_id: *since,
                density_change_permille: found.density,
                chance_permille: found.chance,
            })
        });
        ties.push(FrozenTies {
            key: kind.key.clone(),
            density: measures.density,
            reciprocity: measures.reciprocity,
            isolates: Some(measures.isolates).filter(|count| *count == 0 || *count >= at_least()),
            between_municipalities: share(measures.between_municipalities),
            between_departments: share(measures.between_departments),
            changes: changes.collect(),
        });
        drawings.insert(kind.key.clone(), draw::draw(&network, seed));
    }
    let zone = store::zone(change.tx(), survey.round_id).await?;
    let row = entity::Model {
        survey_id: survey.id.uuid(),
        question_key: question.key.clone(),
        round_id: survey.round_id.uuid(),
        closed_on: civil::date_in(change.actor.at, zone),
        answered_count: i32::try_from(named.len())
            .ok()
            .filter(|_| named.len() >= FEWEST),
        ties: column::json(&ties),
        drawings: column::json(&drawings),
    };
    row::insert::<entity::Entity>(change.tx(), row).await?;
    Ok(())
}

fn at_least() -> i32 {
    i32::try_from(K).unwrap_or(i32::MAX)
}

/// A share of ties, where enough leave and enough stay.
fn share((part, of): (i32, i32)) -> Option<i32> {
    let is_enough = part >= at_least() && of - part >= at_least();
    let number = |count: i32| usize::try_from(count).unwrap_or(0);
    is_enough.then(|| model::permille(number(part), number(of)))
}

fn sets<'n>(named: &'n Named, kind: &str) -> BTreeMap<&'n String, BTreeSet<&'n String>> {
    let of_kind = |ties: &'n BTreeMap<String, Vec<String>>| {
        ties.get(kind)
            .into_iter()
            .flatten()
            .collect::<BTreeSet<&String>>()
    };
    named
        .iter()
        .map(|(own, ties)| (own, of_kind(ties)))
        .collect()
}

/// The first and the latest of the round's earlier surveys with the question.
async fn earlier(
    change: &Change,
    keys: &Keys,
    survey: &Survey,
    key: &str,
) -> Result<Vec<(SurveyId, Named)>, Problem> {
    let rows = graph_entity::Entity::find()
        .filter(graph_entity::Column::RoundId.eq(survey.round_id.uuid()))
        .filter(graph_entity::Column::InstrumentId.eq(survey.instrument_id))
        .filter(graph_entity::Column::QuestionKey.eq(key))
        .order_by_asc(graph_entity::Column::SurveyId);
    let rows = rows.all(change.tx()).await.map_err(DatabaseError::from)?;
    let last = rows.len().saturating_sub(1);
    let mut earlier = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        if at == 0 || at == last {
            earlier.push((row.survey_id.into(), open(keys, &row)?));
        }
    }
    Ok(earlier)
}

pub(super) fn open(keys: &Keys, row: &graph_entity::Model) -> Result<Named, Problem> {
    let sealed = Sealed {
        key_id: row.key_id.clone(),
        wrapped_key: row.wrapped_key.clone(),
        body: row.body.clone(),
    };
    let text = keys.open(row.survey_id.as_bytes(), &sealed);
    let text = text.map_err(|error| sealed_badly(&error))?;
    serde_json::from_slice(&text)
        .map_err(|_| Problem::internal("a sealed network that can't be read"))
}

pub(super) fn sealed(keys: &Keys, survey: Uuid, named: &Named) -> Result<Sealed, Problem> {
    let text = serde_json::to_vec(named).unwrap_or_default();
    keys.seal(survey.as_bytes(), &text)
        .map_err(|error| sealed_badly(&error))
}

async fn seal(
    change: &Change,
    keys: &Keys,
    survey: &Survey,
    key: &str,
    named: &Named,
) -> Result<(), Problem> {
    let sealed = sealed(keys, survey.id.uuid(), named)?;
    let row = graph_entity::Model {
        survey_id: survey.id.uuid(),
        question_key: key.to_owned(),
        round_id: survey.round_id.uuid(),
        instrument_id: survey.instrument_id,
        key_id: sealed.key_id,
        wrapped_key: sealed.wrapped_key,
        body: sealed.body,
    };
    row::insert::<graph_entity::Entity>(change.tx(), row).await?;
    Ok(())
}

/// Takes from each sheet of a network survey whose it is, and the ties: of these, aggregates are
/// all that is ever shown.
async fn forget_ties(
    change: &Change,
    survey: SurveyId,
    questions: &[&Question],
) -> Result<(), Problem> {
    let members = questions.iter().map(|question| question.key.as_str());
    for member in members.chain([APPLICATION]) {
        forget_member(change, survey.uuid(), member, None).await?;
    }
    Ok(())
}

/// Keeps the first graph of a question and the latest: the others have been compared.
async fn forget_compared(change: &Change, survey: &Survey, key: &str) -> Result<(), DatabaseError> {
    let known = graph_entity::Entity::find()
        .filter(graph_entity::Column::RoundId.eq(survey.round_id.uuid()))
        .filter(graph_entity::Column::InstrumentId.eq(survey.instrument_id))
        .filter(graph_entity::Column::QuestionKey.eq(key))
        .order_by_asc(graph_entity::Column::SurveyId)
        .select_only()
        .column(graph_entity::Column::SurveyId)
        .into_tuple::<Uuid>();
    let known = known.all(change.tx()).await?;
    if let [_, between @ .., _] = known.as_slice() {
        graph_entity::Entity::delete_many()
            .filter(graph_entity::Column::SurveyId.is_in(between.iter().copied()))
            .filter(graph_entity::Column::QuestionKey.eq(key))
            .exec(change.tx())
            .await?;
    }
    Ok(())
}
