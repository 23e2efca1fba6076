//! What is done to surveys: each step in an open change, which has the survey alone.

use super::{
    audience, closing, entity, families, gate,
    known::{self, Round},
    messages, model, occasions, store,
};
use crate::{
    answers::{intake, invitations},
    instruments::{self, store::Version},
};
use serde_json::json;
use shared_database::{Change, column, row};
use shared_envelope::Keys;
use shared_types::{
    Problem, SurveyId, codes,
    evaluation::{
        codes::{
            INSTRUMENT_ARCHIVED, INSTRUMENT_UNKNOWN, SURVEY_MODE_FROZEN, SURVEY_MODE_REFUSED,
            SURVEY_OCCASION, SURVEY_PAIRING,
        },
        surveys::{NewSurvey, NewSurveyCopy, Occasion, SurveyChange, SurveyPart, SurveyState},
    },
};
use uuid::Uuid;

/// A survey that a change has alone.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The survey.
    pub survey: entity::Model,
    /// Its round.
    pub round: Round,
}

/// Takes a survey alone and reads it.
pub async fn load(change: &Change, id: Uuid) -> Result<Loaded, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    gate::alone(change, id).await?;
    let survey = store::find_any(change.tx(), id)
        .await?
        .ok_or_else(missing)?;
    let round = known::round(change.tx(), survey.round_id.into()).await?;
    Ok(Loaded {
        survey,
        round: round.ok_or_else(missing)?,
    })
}

/// Plans a survey of a round.
pub async fn plan(
    change: &mut Change,
    keys: &Keys,
    round: &Round,
    body: NewSurvey,
) -> Result<entity::Model, Problem> {
    let instrument = instruments::store::lock(change, body.instrument_id.uuid()).await?;
    let unknown = || Problem::of(&INSTRUMENT_UNKNOWN);
    let own = instrument.filter(|one| one.organiser_id == round.organiser_id.uuid());
    let instrument = own.ok_or_else(unknown)?;
    if instrument.archived {
        return Err(Problem::of(&INSTRUMENT_ARCHIVED));
    }
    let newest = instruments::store::newest(change.tx(), &[instrument.id]).await?;
    let newest = newest.get(&instrument.id).map_or(1, |(number, _)| *number);
    let number = body.instrument_version.unwrap_or(newest);
    let version = instruments::store::version(change.tx(), instrument.id, number).await?;
    let version = version.ok_or_else(unknown)?;
    if !model::is_whole(&body.occasion) {
        return Err(Problem::of(&SURVEY_OCCASION));
    }
    let now = change.actor.at;
    let mut survey = entity::Model {
        id: SurveyId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        instrument_id: instrument.id,
        instrument_version: number,
        name: column::json(&body.name),
        audience: column::text(body.audience),
        occasion: column::json(&body.occasion),
        mode: column::text(body.mode),
        state: column::text(SurveyState::Planned),
        family_id: None,
        part: body.part.map(column::text),
        open_days: body.open_days,
        opens_on: body.opens_on,
        closes_on: None,
        modified_at: now,
        version: 1,
        reminders_sent: 0,
    };
    check_network(&survey, &version)?;
    let pairing = (body.part, body.paired_with_id);
    survey.family_id = family(change, keys, round, &version, pairing).await?;
    let survey = row::insert::<entity::Entity>(change.tx(), survey).await?;
    tell(change, &survey, "survey.planned", None);
    Ok(survey)
}

/// A tie says whose it is.
fn check_network(survey: &entity::Model, version: &Version) -> Result<(), Problem> {
    let (mode, audience) = (
        column::parse(&survey.mode)?,
        column::parse(&survey.audience)?,
    );
    if instruments::model::is_network(&version.questions) && !model::fits_network(mode, audience) {
        return Err(Problem::of(&SURVEY_MODE_REFUSED));
    }
    Ok(())
}

/// The family that a survey begins or joins.
async fn family(
    change: &Change,
    keys: &Keys,
    round: &Round,
    version: &Version,
    pairing: (Option<SurveyPart>, Option<SurveyId>),
) -> Result<Option<Uuid>, Problem> {
    let impossible = || Problem::of(&SURVEY_PAIRING);
    if pairing.0.is_some() && instruments::model::is_network(&version.questions) {
        return Err(impossible());
    }
    match pairing {
        (None, None) => Ok(None),
        (Some(SurveyPart::Before), None) => {
            let of = (round.id.uuid(), round.organiser_id.uuid());
            Ok(Some(families::begin(change, keys, of).await?))
        }
        (Some(SurveyPart::After | SurveyPart::FollowUp), Some(with)) => {
            let with = store::find_any(change.tx(), with.uuid()).await?;
            let with = with.filter(|one| one.round_id == round.id.uuid());
            let id = with.and_then(|one| one.family_id).ok_or_else(impossible)?;
            let family = families::find(change.tx(), id).await?;
            let open = family.is_some_and(|family| family.wrapped_key.is_some());
            open.then_some(Some(id)).ok_or_else(impossible)
        }
        _ => Err(impossible()),
    }
}

/// Changes a planned survey.
pub async fn revise(
    change: &mut Change,
    loaded: Loaded,
    body: SurveyChange,
) -> Result<entity::Model, Problem> {
    let mut survey = loaded.survey;
    if let Some(mode) = body.mode.map(column::text)
        && mode != survey.mode
    {
        let invited = store::invited(change.tx(), &[survey.id]).await?;
        if survey.state != column::text(SurveyState::Planned) || !invited.is_empty() {
            return Err(Problem::of(&SURVEY_MODE_FROZEN));
        }
        survey.mode = mode;
    }
    if survey.state != column::text(SurveyState::Planned) {
        let refusal = shared_types::Refusal::of(&shared_types::evaluation::codes::SURVEY_STATE);
        return Err(refusal.value("state", &survey.state).into());
    }
    if let Some(name) = body.name {
        survey.name = column::json(&name);
    }
    if let Some(occasion) = body.occasion {
        if !model::is_whole(&occasion) {
            return Err(Problem::of(&SURVEY_OCCASION));
        }
        survey.occasion = column::json(&occasion);
    }
    survey.instrument_version = body.instrument_version.unwrap_or(survey.instrument_version);
    survey.open_days = body.open_days.unwrap_or(survey.open_days);
    survey.opens_on = body.opens_on.or(survey.opens_on);
    let version = asked(change, &survey).await?;
    if survey.family_id.is_some() && instruments::model::is_network(&version.questions) {
        return Err(Problem::of(&SURVEY_PAIRING));
    }
    check_network(&survey, &version)?;
    let survey = store::save(change, survey).await?;
    tell(change, &survey, "survey.changed", None);
    Ok(survey)
}

/// The version of the instrument that a survey asks.
pub async fn asked(change: &Change, survey: &entity::Model) -> Result<Version, Problem> {
    let number = survey.instrument_version;
    let version = instruments::store::version(change.tx(), survey.instrument_id, number).await?;
    version.ok_or_else(|| Problem::of(&INSTRUMENT_UNKNOWN))
}

/// Plans the same survey for a round of the same organiser.
pub async fn copy(
    change: &mut Change,
    keys: &Keys,
    survey: &entity::Model,
    round: &Round,
    body: NewSurveyCopy,
) -> Result<entity::Model, Problem> {
    let same: Occasion = column::from_json(survey.occasion.clone())?;
    if body.occasion.is_none() && same.session_id.is_some() {
        // Another round has other sessions.
        return Err(Problem::of(&SURVEY_OCCASION));
    }
    let occasion = body.occasion.unwrap_or(same);
    let copy = NewSurvey {
        instrument_id: survey.instrument_id.into(),
        instrument_version: Some(survey.instrument_version),
        name: column::from_json(survey.name.clone())?,
        audience: column::parse(&survey.audience)?,
        mode: column::parse(&survey.mode)?,
        occasion,
        open_days: survey.open_days,
        opens_on: body.opens_on,
        part: survey.part.as_deref().map(column::parse).transpose()?,
        paired_with_id: body.paired_with_id,
    };
    plan(change, keys, round, copy).await
}

/// Opens a planned survey: everybody who is asked gets a link.
pub async fn open(
    change: &mut Change,
    keys: &Keys,
    loaded: Loaded,
) -> Result<entity::Model, Problem> {
    let Loaded { mut survey, round } = loaded;
    let today = round.today(change.actor.at);
    survey.state = column::text(SurveyState::Open);
    survey.opens_on = Some(today);
    survey.closes_on = Some(model::last_day(today, survey.open_days));
    let survey = store::save(change, survey).await?;
    intake::begin(change, keys, survey.id).await?;
    // Who was named before the survey opened waits for a link.
    let waiting = invitations::unanswered(change.tx(), survey.id).await?;
    messages::invite(change, &survey, &round, &waiting).await?;
    let asked = audience::of(change.tx(), &survey, &round, today).await?;
    invitations::invite(change, &survey, &round, asked).await?;
    tell(change, &survey, "survey.opened", None);
    Ok(survey)
}

/// Opens a planned survey whose occasion has come.
pub async fn open_if_due(change: &mut Change, keys: &Keys, id: Uuid) -> Result<(), Problem> {
    let loaded = load(change, id).await?;
    let is_planned = loaded.survey.state == column::text(SurveyState::Planned);
    let now = change.actor.at;
    let due = occasions::due(change.tx(), &loaded.survey, &loaded.round, now).await?;
    if is_planned && due.is_some() {
        open(change, keys, loaded).await?;
    }
    Ok(())
}

/// Closes an open survey whose last day is over.
pub async fn close_if_over(change: &mut Change, keys: &Keys, id: Uuid) -> Result<(), Problem> {
    let loaded = load(change, id).await?;
    let today = loaded.round.today(change.actor.at);
    let is_open = loaded.survey.state == column::text(SurveyState::Open);
    if is_open && loaded.survey.closes_on.is_some_and(|day| day < today) {
        closing::close(change, keys, loaded.survey).await?;
    }
    Ok(())
}

/// Calls a survey off: what was answered is thrown away, unread.
pub async fn cancel(
    change: &mut Change,
    loaded: Loaded,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let mut survey = loaded.survey;
    intake::discard(change, survey.id).await?;
    survey.state = column::text(SurveyState::Cancelled);
    let survey = store::save(change, survey).await?;
    if let Some(family) = survey.family_id {
        families::end_if_over(change, family).await?;
    }
    tell(change, &survey, "survey.cancelled", reason);
    Ok(survey)
}

/// Writes what happened to a survey into the history, and tells others that it did.
pub fn tell(change: &mut Change, survey: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("survey", survey.id, edge, reason);
    change.publish(
        edge,
        survey.id,
        json!({
            "surveyId": survey.id, "roundId": survey.round_id,
            "organiserId": survey.organiser_id, "instrumentId": survey.instrument_id,
            "audience": survey.audience, "mode": survey.mode, "state": survey.state,
            "opensOn": survey.opens_on, "closesOn": survey.closes_on, "version": survey.version,
        }),
    );
}
