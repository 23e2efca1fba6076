//! What other services' facts change for surveys: participants come and go, people are forgotten.

use super::{entity, gate, known, steps, store};
use crate::{
    answers::{erasing, invitations},
    feedbacks,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column};
use shared_envelope::Keys;
use shared_types::{
    Problem, RoundId,
    evaluation::{
        feedbacks::FeedbackState,
        surveys::{SurveyAudience, SurveyState},
    },
    event::Event,
    facts::{self, ParticipationFact, PersonErased, RoundFact},
    registration::{applications::SeatState, rounds::RoundState},
};

/// Does what follows from a fact.
pub async fn follow(change: &mut Change, keys: &Keys, event: &Event) -> Result<(), Problem> {
    let kind = event.r#type.as_str();
    match kind.split_once('.').unwrap_or_default() {
        _ if kind == facts::PERSON_ERASED => {
            let erased: PersonErased = event.fact()?;
            erasing::forget(change, keys, erased.person_id.uuid()).await?;
        }
        ("endorsement", "given") => {}
        ("application" | "endorsement" | "offer" | "participation" | "substitution", what)
            if what != "deleted" =>
        {
            follow_participation(change, event.fact()?).await?;
        }
        ("round", what) if what != "deleted" => {
            let RoundFact { round_id, .. } = event.fact()?;
            follow_round(change, round_id).await?;
        }
        _ => {}
    }
    Ok(())
}

/// A round that will not be held has nobody to ask: what is planned is called off, and so are its
/// open 360s. Surveys that are open already go on: they ask about what was. What is known now
/// decides, not the event: a later one may have come before.
async fn follow_round(change: &mut Change, id: RoundId) -> Result<(), Problem> {
    let known = shared_projections::rounds::find(change.tx(), id).await?;
    let cancelled = column::text(RoundState::Cancelled);
    if known.is_none_or(|round| round.state != cancelled) {
        return Ok(());
    }
    let of_round = |row: &entity::Model| row.round_id == id.uuid();
    let planned = store::planned(change.tx()).await?;
    for survey in planned.into_iter().filter(of_round) {
        let loaded = steps::load(change, survey.id).await?;
        if loaded.survey.state == column::text(SurveyState::Planned) {
            steps::cancel(change, loaded, None).await?;
        }
    }
    let open = feedbacks::store::open(change.tx()).await?;
    for feedback in open.into_iter().filter(|row| row.round_id == id.uuid()) {
        let loaded = feedbacks::steps::load(change, feedback.id).await?;
        if loaded.feedback.state == column::text(FeedbackState::Open) {
            feedbacks::steps::cancel(change, loaded).await?;
        }
    }
    Ok(())
}

/// Who comes into a round while its surveys are open is asked too; who leaves before answering is
/// asked no more.
async fn follow_participation(change: &mut Change, fact: ParticipationFact) -> Result<(), Problem> {
    use shared_projections::participations::{Column, Entity};
    let newest = Entity::find()
        .filter(Column::Id.eq(fact.application_id.uuid()))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let Some(newest) = newest.filter(|newest| newest.version == fact.version) else {
        return Ok(());
    };
    let left = [
        SeatState::Withdrawn,
        SeatState::Substituted,
        SeatState::Discontinued,
        SeatState::Rescinded,
    ];
    if !newest.takes_part() && !left.map(column::text).contains(&newest.seat) {
        return Ok(());
    }
    let open = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(newest.round_id))
        .filter(entity::Column::State.eq(column::text(SurveyState::Open)))
        .filter(entity::Column::Audience.eq(column::text(SurveyAudience::Participants)))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for survey in open {
        gate::share(change, survey.id).await?;
        let Some(survey) = store::find_any(change.tx(), survey.id).await? else {
            continue;
        };
        if survey.state != column::text(SurveyState::Open) {
            continue;
        }
        if newest.takes_part() {
            let Some(round) = known::round(change.tx(), survey.round_id.into()).await? else {
                continue;
            };
            let asked = invitations::Asked::participant(newest.person_id, newest.id);
            invitations::invite(change, &survey, &round, vec![asked]).await?;
        } else {
            invitations::revoke_of(change, survey.id, newest.id).await?;
        }
    }
    Ok(())
}
