//! What municipalities' people answered over several rounds, together: kept back, sealed, until
//! there are enough of them, and then shown to the municipality's director.
//!
//! A survey leaves a reserve: how many of each municipality gave each answer, in each block that
//! its report shows apart (see [`disclosure`](super::disclosure)). A municipality's people are
//! taken out of the reserves of several surveys and shown together once
//!
//! 1. there are at least [`K`] in each band of theirs, which is a union of whole bands of each of
//!    the surveys, and there are two bands at least;
//! 2. what stays in the reserve of each block they are taken from still has at least [`K`] in each
//!    of that survey's bands.
//!
//! So the promise stays true beside all the surveys' own reports: whoever of a municipality is to
//! have answered otherwise swaps with somebody of the same block in the reserve (rule 2), another
//! of the same municipality, who is in the wanted band (rule 1), swaps back in the own survey's
//! reserve, and all tables stay as they are. What was shown once is never counted again with more
//! people, so that no difference of two years tells of the few who came in between.

use super::{
    count::Counts,
    disclosure::{Cell, K, cells, count},
    freeze::Backgrounds,
    municipality_entity, reserve_entity as entity, source,
    tables::{self, FrozenQuestion, Survey, people_of},
};
use crate::State;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::{EnvelopeError, Keys, Sealed};
use shared_types::{Actor, Problem, evaluation::reports::ReportShowing};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Reserves that are looked at together: the latest ones.
const MOST_TOGETHER: u64 = 60;

/// What is in reserve of one question of a survey.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reserve {
    /// The survey's bands.
    pub bands: Vec<Cell>,
    /// Municipalities by block, with the slots of their people.
    pub blocks: Vec<BTreeMap<String, Vec<u32>>>,
}

/// What is in reserve of a survey, by the question's key.
pub type Reserves = BTreeMap<String, Reserve>;

/// Keeps what a closing survey has in reserve.
pub async fn keep(
    change: &Change,
    keys: &Keys,
    survey: &source::Survey,
    counts: &Counts<'_>,
    levels: &Backgrounds,
) -> Result<(), Problem> {
    let reserves = reserves(counts, levels);
    if reserves.is_empty() {
        return Ok(());
    }
    let sealed = seal(keys, survey.id.uuid(), &reserves)?;
    let row = entity::Model {
        survey_id: survey.id.uuid(),
        instrument_id: survey.instrument_id,
        instrument_version: survey.instrument_version,
        considered: false,
        key_id: sealed.key_id,
        wrapped_key: sealed.wrapped_key,
        body: sealed.body,
    };
    row::insert::<entity::Entity>(change.tx(), row).await?;
    Ok(())
}

/// The questions whose answers are one of several, of everybody.
pub fn reserves(counts: &Counts<'_>, levels: &Backgrounds) -> Reserves {
    let survey = Survey::of(counts, &|_, _| (None, None));
    let signatures = counts.signatures();
    let mut reserves = Reserves::new();
    for (at, asked) in counts.plan.asked.iter().enumerate() {
        if asked.options == 0 || asked.filter.is_some() || is_several(asked) {
            continue;
        }
        let slots = counts.slots(at);
        let Some(partition) = survey.partition(&slots, true) else {
            continue;
        };
        let blocks = survey.block_of(partition.axes);
        let mut reserve = Reserve {
            bands: if partition.bands.is_empty() {
                partition.cells
            } else {
                partition.bands
            },
            blocks: Vec::new(),
        };
        for (((signature, _), block), slots) in signatures.iter().zip(blocks).zip(&slots) {
            let [_, _, municipality, _] = *signature;
            let municipality = levels
                .value(2, municipality)
                .cloned()
                .flatten()
                .unwrap_or_default();
            if reserve.blocks.len() <= *block {
                reserve.blocks.resize_with(block + 1, BTreeMap::new);
            }
            if let Some(block) = reserve.blocks.get_mut(*block) {
                let own = block.entry(municipality).or_default();
                *own = tables::sum([&*own, slots].into_iter());
            }
        }
        reserves.insert(asked.question.key.clone(), reserve);
    }
    reserves
}

fn is_several(asked: &super::count::Asked<'_>) -> bool {
    asked.question.kind == shared_types::evaluation::instruments::QuestionKind::Multiple
}

/// What a municipality's people can be shown with: the reserves they are taken from, and their
/// bands with their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The reserves, by their place.
    pub from: Vec<usize>,
    /// The people.
    pub slots: Vec<u32>,
    /// Their bands.
    pub bands: Vec<Cell>,
}

/// Whether the people of a municipality can be shown, from these reserves of one question.
pub fn release(reserves: &[Option<&Reserve>], municipality: &str) -> Option<Release> {
    let mut from = Vec::new();
    let mut units: Option<Vec<Cell>> = None;
    let mut slots = Vec::new();
    for (at, reserve) in reserves.iter().enumerate() {
        let Some(reserve) = reserve else { continue };
        let own: Vec<_> = reserve
            .blocks
            .iter()
            .filter(|block| block.contains_key(municipality))
            .collect();
        if own.is_empty()
            || !own
                .iter()
                .all(|block| stays_safe(block, municipality, &reserve.bands))
        {
            continue;
        }
        from.push(at);
        slots = tables::sum(
            std::iter::once(&slots).chain(own.iter().filter_map(|block| block.get(municipality))),
        );
        units = Some(match units {
            Some(units) => joined(&units, &reserve.bands),
            None => reserve.bands.clone(),
        });
    }
    let units = units?;
    // The units stand for slots; those that are too small are put together as in any table.
    let counts: Vec<u32> = std::iter::once(0)
        .chain(units.iter().map(|unit| count(&slots, unit)))
        .collect();
    let found = cells(&counts, K)?;
    let unit = |place: &usize| {
        units
            .get(place.saturating_sub(1))
            .cloned()
            .unwrap_or_default()
    };
    let bands = found
        .iter()
        .map(|places| places.iter().flat_map(unit).collect())
        .collect();
    Some(Release { from, slots, bands })
}

/// Whether a block keeps enough in each band without a municipality.
fn stays_safe(block: &BTreeMap<String, Vec<u32>>, municipality: &str, bands: &[Cell]) -> bool {
    let rest = tables::sum(
        block
            .iter()
            .filter(|(own, _)| *own != municipality)
            .map(|(_, slots)| slots),
    );
    bands.iter().all(|band| count(&rest, band) >= K)
}

/// The finest bands that are unions of whole bands of both.
pub fn joined(one: &[Cell], other: &[Cell]) -> Vec<Cell> {
    let mut bands: Vec<BTreeSet<usize>> = Vec::new();
    for band in one.iter().chain(other) {
        let mut band: BTreeSet<usize> = band.iter().copied().collect();
        let (touched, apart): (Vec<_>, Vec<_>) = bands
            .into_iter()
            .partition(|known| !known.is_disjoint(&band));
        for known in touched {
            band.extend(known);
        }
        bands = apart;
        bands.push(band);
    }
    bands.sort();
    bands
        .into_iter()
        .map(|band| band.into_iter().collect())
        .collect()
}

/// Looks at the reserves that came since the last time, and shows what can be shown.
pub async fn release_all(state: &State) -> Result<(), Problem> {
    let waiting = entity::Entity::find()
        .filter(entity::Column::Considered.eq(false))
        .order_by_asc(entity::Column::SurveyId)
        .one(state.database.read())
        .await
        .map_err(DatabaseError::from)?;
    let Some(waiting) = waiting else {
        return Ok(());
    };
    let (instrument, version) = (waiting.instrument_id, waiting.instrument_version);
    let actor = Actor::system(state.core.clock.now());
    let work = async |change: &mut Change| {
        release_of(change, &state.answer_keys, instrument, version).await
    };
    state.database.change(actor, work).await
}

async fn release_of(
    change: &mut Change,
    keys: &Keys,
    instrument: Uuid,
    version: i32,
) -> Result<(), Problem> {
    let mut rows = locked(change, instrument, version).await?;
    let mut reserves = Vec::new();
    for row in &rows {
        reserves.push(open(keys, row)?);
    }
    let questions = source::questions(change.tx(), instrument, version).await?;
    let counts = Counts::new(&questions);
    let mut changed = BTreeSet::new();
    for asked in &counts.plan.asked {
        let key = &asked.question.key;
        let of_question = |reserves: &[Reserves]| -> BTreeSet<String> {
            let blocks = reserves
                .iter()
                .filter_map(|one| one.get(key))
                .flat_map(|one| &one.blocks);
            blocks
                .flat_map(|block| block.keys().cloned())
                .filter(|id| !id.is_empty())
                .collect()
        };
        for municipality in of_question(&reserves) {
            let own: Vec<Option<&Reserve>> = reserves.iter().map(|one| one.get(key)).collect();
            let Some(found) = release(&own, &municipality) else {
                continue;
            };
            let people = people_of(asked, &found.slots, &found.bands);
            let question = FrozenQuestion {
                key: key.clone(),
                showing: ReportShowing::Shown,
                asked_count: Some(people.count),
                cells: people.cells,
                choices: Vec::new(),
                mean: people.mean,
            };
            let row = municipality_entity::Model {
                id: Uuid::now_v7(),
                municipality_id: municipality.parse().unwrap_or_default(),
                instrument_id: instrument,
                instrument_version: version,
                surveys_count: i32::try_from(found.from.len()).unwrap_or(i32::MAX),
                question: column::json(&question),
            };
            row::insert::<municipality_entity::Entity>(change.tx(), row).await?;
            for at in found.from {
                changed.insert(at);
                let blocks = reserves.get_mut(at).and_then(|one| one.get_mut(key));
                for block in blocks.into_iter().flat_map(|one| &mut one.blocks) {
                    block.remove(&municipality);
                }
            }
        }
    }
    for (at, row) in rows.iter_mut().enumerate() {
        if let (true, Some(reserves)) = (changed.contains(&at), reserves.get(at)) {
            let sealed = seal(keys, row.survey_id, reserves)?;
            (row.key_id, row.wrapped_key, row.body) =
                (sealed.key_id, sealed.wrapped_key, sealed.body);
        }
        if changed.contains(&at) {
            row::update::<entity::Entity>(change.tx(), row.clone()).await?;
        }
    }
    let all = entity::Entity::update_many()
        .col_expr(entity::Column::Considered, Expr::value(true))
        .filter(entity::Column::InstrumentId.eq(instrument))
        .filter(entity::Column::InstrumentVersion.eq(version));
    all.exec(change.tx()).await.map_err(DatabaseError::from)?;
    Ok(())
}

async fn locked(
    change: &Change,
    instrument: Uuid,
    version: i32,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let select = entity::Entity::find()
        .filter(entity::Column::InstrumentId.eq(instrument))
        .filter(entity::Column::InstrumentVersion.eq(version))
        .order_by_desc(entity::Column::SurveyId)
        .limit(MOST_TOGETHER);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.all(change.tx()).await?)
}

/// What the municipality was shown of its people so far.
pub async fn of_municipality(
    connection: &impl ConnectionTrait,
    municipality: Uuid,
) -> Result<Vec<municipality_entity::Model>, DatabaseError> {
    let all = municipality_entity::Entity::find()
        .filter(municipality_entity::Column::MunicipalityId.eq(municipality))
        .order_by_desc(municipality_entity::Column::Id)
        .limit(1000);
    Ok(all.all(connection).await?)
}

fn seal(keys: &Keys, row: Uuid, reserves: &Reserves) -> Result<Sealed, Problem> {
    let text = serde_json::to_vec(reserves).unwrap_or_default();
    keys.seal(row.as_bytes(), &text)
        .map_err(|error| sealed_badly(&error))
}

fn open(keys: &Keys, row: &entity::Model) -> Result<Reserves, Problem> {
    let sealed = Sealed {
        key_id: row.key_id.clone(),
        wrapped_key: row.wrapped_key.clone(),
        body: row.body.clone(),
    };
    let text = keys
        .open(row.survey_id.as_bytes(), &sealed)
        .map_err(|error| sealed_badly(&error))?;
    serde_json::from_slice(&text).map_err(|_| Problem::internal("a reserve that can't be read"))
}

pub(crate) fn sealed_badly(error: &EnvelopeError) -> Problem {
    Problem::internal(error.to_string())
}
