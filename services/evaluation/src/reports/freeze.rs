//! What happens to a survey's answers when it closes: they are counted once, and what may be shown
//! is kept. Part of the transaction that closes it.

use super::{
    axes::Signature,
    count::{Counts, Levels},
    disclosure::K,
    entity, reserve, source,
    tables::{self, DIMENSIONS, Frozen},
};
use crate::{effects, networks};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_projections::{departments, organisations};
use shared_types::{Problem, SurveyId, civil, codes, evaluation::reports::ReportDimension};
use std::collections::HashMap;
use uuid::Uuid;

/// What people are, by the number of the level.
pub type Backgrounds = Levels<Option<String>>;

/// Counts the sheets of a survey that closes, and keeps what may be shown. Doing it again changes
/// nothing: what was frozen stays.
pub async fn freeze(change: &mut Change, keys: &Keys, id: SurveyId) -> Result<(), Problem> {
    let survey = source::survey(change.tx(), id).await?;
    let survey = survey.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    if super::store::is_frozen(change.tx(), id).await? {
        return Ok(());
    }
    let questions =
        source::questions(change.tx(), survey.instrument_id, survey.instrument_version).await?;
    let mut counts = Counts::new(&questions);
    let mut levels = Backgrounds::default();
    let mut graphs = networks::Collected::new(&questions);
    source::sheets(change.tx(), id, |sheet| {
        let signature = signature(&mut levels, sheet.background.clone());
        counts.add(signature, &sheet.answers).map_err(|error| {
            // Never the sheet itself.
            DatabaseError::Corrupt(format!(
                "a sheet of the survey {id}: {:?}",
                error.classify()
            ))
        })?;
        graphs.add(&sheet)
    })
    .await?;
    let names = names(change.tx(), &counts, &levels).await?;
    let called = |dimension: usize, level: usize| {
        let key = levels.value(dimension, level).cloned().flatten();
        let name = key.as_ref().and_then(|key| names.get(key)).cloned();
        (key, name)
    };
    let frozen = tables::freeze(&mut counts, &called, id.uuid().as_bytes());
    // Of surveys that are compared person by person nothing may be swapped but whole pairs.
    if survey.family_id.is_none() {
        reserve::keep(change, keys, &survey, &counts, &levels).await?;
    }
    insert(change, &survey, frozen).await?;
    effects::freeze::freeze(change, &survey, &questions).await?;
    networks::freeze::freeze(change, keys, &survey, graphs).await?;
    change.record("survey", id, "report.frozen", None);
    Ok(())
}

/// Numbers what somebody is.
pub fn signature(levels: &mut Backgrounds, background: [Option<String>; 4]) -> Signature {
    let mut signature = Signature::default();
    for (dimension, (place, value)) in signature.iter_mut().zip(background).enumerate() {
        *place = levels.number(dimension, value);
    }
    signature
}

async fn insert(change: &Change, survey: &source::Survey, frozen: Frozen) -> Result<(), Problem> {
    let zone = crate::reports::store::zone(change.tx(), survey.round_id).await?;
    let row = entity::Model {
        survey_id: survey.id.uuid(),
        round_id: survey.round_id.uuid(),
        organiser_id: survey.organiser_id.uuid(),
        instrument_id: survey.instrument_id,
        instrument_version: survey.instrument_version,
        name: column::json(&survey.name),
        closed_on: civil::date_in(change.actor.at, zone),
        answered_count: frozen.answered_count,
        totals: column::json(&frozen.totals),
        breakdowns: column::json(&frozen.breakdowns),
        texts: column::json(&frozen.texts),
    };
    row::insert::<entity::Entity>(change.tx(), row).await?;
    Ok(())
}

/// Names of the municipalities and departments that are large enough to be shown.
pub async fn names(
    connection: &impl ConnectionTrait,
    counts: &Counts<'_>,
    levels: &Backgrounds,
) -> Result<HashMap<String, String>, DatabaseError> {
    let mut names = HashMap::new();
    for (dimension, kind) in DIMENSIONS.iter().enumerate() {
        let mut sizes: HashMap<usize, u32> = HashMap::new();
        for (signature, people) in counts.signatures() {
            let level = signature.get(dimension).copied().unwrap_or(0);
            *sizes.entry(level).or_default() += people;
        }
        let large = sizes.into_iter().filter(|(_, people)| *people >= 2 * K);
        let key = |level| levels.value(dimension, level)?.as_ref()?.parse().ok();
        let ids: Vec<Uuid> = large.filter_map(|(level, _)| key(level)).collect();
        if ids.is_empty() {
            continue;
        }
        match kind {
            ReportDimension::Municipality => {
                let found =
                    organisations::Entity::find().filter(organisations::Column::Id.is_in(ids));
                let found = found.all(connection).await?.into_iter();
                names.extend(found.map(|row| (row.id.to_string(), row.name)));
            }
            ReportDimension::Department => {
                let found = departments::Entity::find().filter(departments::Column::Id.is_in(ids));
                let found = found.all(connection).await?.into_iter();
                names.extend(found.map(|row| (row.id.to_string(), row.name)));
            }
            ReportDimension::Gender | ReportDimension::PersonKind => {}
        }
    }
    Ok(names)
}
