//! What other services' facts change for surveys: pairs that began are kept, participants come
//! and go, people are forgotten.

use super::{entity, gate, known, pair_entity, store};
use crate::answers::{erasing, invitations};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_types::{
    Problem,
    evaluation::surveys::{SurveyAudience, SurveyState},
    event::Event,
    facts::{self, ParticipationFact, PersonErased},
    registration::applications::SeatState,
};
use uuid::Uuid;

/// What surveys need of the facts of a pair.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PairFact {
    pair_id: Uuid,
    round_id: Uuid,
    application_id: Uuid,
    mentor_person_id: Uuid,
    state: String,
    version: i32,
}

/// Does what follows from a fact.
pub async fn follow(change: &mut Change, keys: &Keys, event: &Event) -> Result<(), Problem> {
    let kind = event.r#type.as_str();
    match kind.split_once('.').unwrap_or_default() {
        // What flags a pair names less of it.
        ("pair", "deleted" | "flagged" | "cleared") => {}
        ("pair", _) => keep_pair(change, event.fact()?).await?,
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
        _ => {}
    }
    Ok(())
}

async fn keep_pair(change: &Change, fact: PairFact) -> Result<(), DatabaseError> {
    let began = matches!(fact.state.as_str(), "active" | "paused");
    let known = pair_entity::Entity::find_by_id(fact.pair_id);
    match known.one(change.tx()).await? {
        None => {
            let row = pair_entity::Model {
                id: fact.pair_id,
                round_id: fact.round_id,
                application_id: fact.application_id,
                mentor_person_id: fact.mentor_person_id,
                began,
                version: fact.version,
            };
            row::insert::<pair_entity::Entity>(change.tx(), row).await?;
        }
        // Whether they ever began does not depend on the order in which it is told.
        Some(mut row) if began && !row.began => {
            row.began = true;
            row.version = Ord::max(row.version, fact.version);
            row::update::<pair_entity::Entity>(change.tx(), row).await?;
        }
        Some(_) => {}
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
