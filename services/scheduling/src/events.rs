//! What the facts of other services change here.

use crate::{audiences, cohorts, electives, needs, proposals, releases, sites};
use shared_database::{Change, column};
use shared_events::Apply;
use shared_projections::{participations, rounds};
use shared_types::{
    Problem, RoundId,
    event::Event,
    facts::{self, ParticipationFact, PersonErased, RoundFact},
    registration::rounds::RoundState,
    scheduling::cohorts::COHORT_REFUSED,
};

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        shared_projections::apply(change, event).await?;
        match event.r#type.as_str() {
            needs::store::COUNTED => needs::store::keep(change, event).await?,
            COHORT_REFUSED => cohorts::steps::refuse(change, event.fact()?).await?,
            facts::PERSON_ERASED => {
                let PersonErased { person_id } = event.fact()?;
                cohorts::steps::forget(change, person_id).await?;
                proposals::store::forget(change, person_id).await?;
                electives::store::forget(change, person_id, None).await?;
                sites::store::forget(change, person_id, None).await?;
            }
            kind if kind.starts_with("participation.") => leave(change, event).await?,
            kind if kind.starts_with("round.") && !kind.ends_with(".deleted") => {
                let RoundFact { round_id, .. } = event.fact()?;
                call_off(change, round_id).await?;
            }
            _ => {}
        }
        audiences::steps::follow(change, event).await
    }
}

/// What was to come of a round that will not be held. What is known now decides, not the event.
async fn call_off(change: &mut Change, id: RoundId) -> Result<(), Problem> {
    let known = rounds::find(change.tx(), id).await?;
    match known {
        Some(round) if round.state == column::text(RoundState::Cancelled) => {
            releases::steps::call_off(change, id).await
        }
        _ => Ok(()),
    }
}

/// Whoever has left a round leaves the places of elective sessions and of sites too. What is known now decides,
/// not the event: a later one may have come before.
async fn leave(change: &Change, event: &Event) -> Result<(), Problem> {
    let ParticipationFact {
        round_id,
        person_id,
        ..
    } = event.fact()?;
    let part = participations::find(change.tx(), round_id, person_id).await?;
    if part.is_none() {
        electives::store::forget(change, person_id, Some(round_id)).await?;
        sites::store::forget(change, person_id, Some(round_id)).await?;
    }
    Ok(())
}
