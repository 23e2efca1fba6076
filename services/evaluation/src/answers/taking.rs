//! Taking an answer: the mark and the sealed sheet, in one transaction, and no trace of it
//! anywhere else.

use super::{
    background::Background,
    intake::{self, Content},
    invitation_entity as invitation, invitations,
    model::{self, Found},
};
use crate::{
    State,
    instruments::{self, model::is_network, store::Version},
    surveys::{self, closing, families, gate, known},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column};
use shared_projections::{participations, people};
use shared_types::{
    Actor, ApplicationId, Problem,
    evaluation::{
        answers::Peer,
        codes::{INSTRUMENT_UNKNOWN, SURVEY_ANSWERED, SURVEY_CLOSED, SURVEY_LINK_INVALID},
        instruments::{AnswerSheet, AnswerValue},
        surveys::{SurveyMode, SurveyState},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What somebody is asked.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The version of the instrument.
    pub version: Version,
    /// The round's other participants, where ties are asked for.
    pub peers: Vec<Peer>,
}

impl Asking {
    /// What a survey asks one participation, or anybody else.
    pub async fn read(
        connection: &impl ConnectionTrait,
        survey: &surveys::entity::Model,
        application: Option<Uuid>,
    ) -> Result<Self, Problem> {
        let number = survey.instrument_version;
        let version = instruments::store::version(connection, survey.instrument_id, number).await?;
        let version = version.ok_or_else(|| Problem::of(&INSTRUMENT_UNKNOWN))?;
        let peers = if is_network(&version.questions) {
            peers(connection, survey, application).await?
        } else {
            Vec::new()
        };
        Ok(Self { version, peers })
    }

    /// Everything that is wrong with a sheet.
    pub fn judge(&self, sheet: &AnswerSheet) -> Vec<Found> {
        let peers: BTreeSet<ApplicationId> =
            self.peers.iter().map(|peer| peer.application_id).collect();
        model::judge(&self.version.questions, &peers, sheet)
    }
}

async fn peers(
    connection: &impl ConnectionTrait,
    survey: &surveys::entity::Model,
    own: Option<Uuid>,
) -> Result<Vec<Peer>, DatabaseError> {
    let all = participations::of_round(connection, survey.round_id.into()).await?;
    let others = all.iter().filter(|row| Some(row.id) != own);
    let known = people::find_all(connection, others.clone().map(|row| row.person_id)).await?;
    let peer = |row: &participations::Model| {
        let person = known.get(&row.person_id).filter(|person| !person.erased)?;
        Some(Peer {
            application_id: row.id.into(),
            name: person.name.clone(),
        })
    };
    let mut peers: Vec<Peer> = others.filter_map(peer).collect();
    peers.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(peers)
}

/// A sheet that is judged to be whole.
#[derive(Clone, Debug)]
pub struct Given {
    /// The answers.
    pub answers: AnswerSheet,
    /// The phrase, as it was typed.
    pub phrase: Option<String>,
}

/// Whether a survey takes answers at a time.
pub async fn is_open(
    connection: &impl ConnectionTrait,
    survey: &surveys::entity::Model,
    now: DateTime<Utc>,
) -> Result<bool, Problem> {
    if survey.state != column::text(SurveyState::Open) {
        return Ok(false);
    }
    let round = known::round(connection, survey.round_id.into()).await?;
    let today = round.map(|round| round.today(now));
    Ok(survey.closes_on >= today)
}

/// Takes an answer, once for an invitation. Nothing is written but the mark and the sheet: no
/// history, no event, no answer to an idempotency key.
pub async fn take(
    state: &State,
    now: DateTime<Utc>,
    invitation: &invitation::Model,
    given: Given,
) -> Result<(), Problem> {
    let actor = nobody(now);
    let background = background(state.database.read(), invitation).await?;
    #[cfg(feature = "sabotage")]
    let seen = invitations::find_any(state.database.read(), invitation.id).await?;
    let work = async |change: &mut Change| {
        gate::share(change, invitation.survey_id).await?;
        let survey = surveys::store::find_any(change.tx(), invitation.survey_id).await?;
        let survey = survey.ok_or_else(|| Problem::of(&SURVEY_CLOSED))?;
        if !is_open(change.tx(), &survey, now).await? {
            return Err(Problem::of(&SURVEY_CLOSED));
        }
        #[cfg(feature = "sabotage")]
        if !is_single(&survey, seen.as_ref()) {
            return keep(change, state, &survey, invitation, (given, background)).await;
        }
        mark(change, invitation.id).await?;
        keep(change, state, &survey, invitation, (given, background)).await
    };
    state.database.change(actor, work).await
}

/// Who answers: nobody's name, and no trace, even if something were recorded.
pub(crate) fn nobody(now: DateTime<Utc>) -> Actor {
    Actor {
        subject: "anonymous".to_owned(),
        on_behalf_of: None,
        at: now,
        trace: None,
    }
}

/// Whether the mark decides; tests switch it off to show that they would notice.
#[cfg(feature = "sabotage")]
fn is_single(survey: &surveys::entity::Model, seen: Option<&invitation::Model>) -> bool {
    use super::sabotage::{Fault, is_on};
    !is_on(survey.id, Fault::NoSingleUse) || seen.is_none_or(|seen| seen.answered)
}

async fn background(
    connection: &impl ConnectionTrait,
    invitation: &invitation::Model,
) -> Result<Background, Problem> {
    let Some(person) = invitation.person_id else {
        return Err(Problem::of(&SURVEY_LINK_INVALID));
    };
    let person = people::find(connection, person.into()).await?;
    Ok(person.as_ref().map(Background::of).unwrap_or_default())
}

/// Whether there is an answer already, for who holds the link or is asked.
pub(crate) async fn is_answered(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<bool, DatabaseError> {
    let mark = invitations::find_any(connection, id).await?;
    Ok(mark.is_some_and(|mark| mark.answered))
}

/// Sets the mark; of many who try at once one does.
pub(crate) async fn mark(change: &Change, id: Uuid) -> Result<(), Problem> {
    let done = invitation::Entity::update_many()
        .col_expr(invitation::Column::Answered, Expr::value(true))
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::Answered.eq(false))
        .filter(invitation::Column::Revoked.eq(false))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if done.rows_affected == 1 {
        return Ok(());
    }
    let now = invitations::find_any(change.tx(), id).await?;
    let revoked = now.is_none_or(|now| now.revoked);
    Err(Problem::of(if revoked {
        &SURVEY_LINK_INVALID
    } else {
        &SURVEY_ANSWERED
    }))
}

async fn keep(
    change: &Change,
    state: &State,
    survey: &surveys::entity::Model,
    invitation: &invitation::Model,
    (given, background): (Given, Background),
) -> Result<(), Problem> {
    let pairing_code = code(change, state, survey, given.phrase.as_deref()).await?;
    let mut content = Content {
        background,
        pairing_code,
        answers: given.answers,
    };
    let mut name = |member: &str, id: Option<Uuid>| {
        if let Some(id) = id {
            let value = AnswerValue::Text(id.to_string());
            content.answers.insert(member.to_owned(), value);
        }
    };
    let version = surveys::steps::asked(change, survey).await?;
    if is_network(&version.questions) {
        name(closing::APPLICATION, invitation.application_id);
    }
    if survey.mode == column::text(SurveyMode::Named) {
        name(closing::PERSON, invitation.person_id);
    }
    #[cfg(feature = "sabotage")]
    if super::sabotage::is_on(survey.id, super::sabotage::Fault::NoMixing) {
        let mut row = super::mixing::written(survey.id, content);
        row.id = Uuid::now_v7();
        shared_database::row::insert::<super::sheet_entity::Entity>(change.tx(), row).await?;
        return Ok(());
    }
    let key = intake::key(change, &state.answer_keys, survey.id).await?;
    intake::put(change, &key, survey.id, &content).await
}

/// The code of a phrase, for as long as the survey's family is paired.
async fn code(
    change: &Change,
    state: &State,
    survey: &surveys::entity::Model,
    phrase: Option<&str>,
) -> Result<Option<String>, Problem> {
    let (Some(phrase), Some(family)) = (phrase, survey.family_id) else {
        return Ok(None);
    };
    let Some(family) = families::find(change.tx(), family).await? else {
        return Ok(None);
    };
    let key = families::key(&state.answer_keys, &family)?;
    let phrase = families::normalised(phrase);
    Ok(key.map(|key| key.code(phrase.as_bytes())))
}
