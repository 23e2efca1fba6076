//! What follows here when somebody else tells who people are.

use super::pairs;
use crate::{attendance, calendars, groups, invitations};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, history};
use shared_events::erasure;
use shared_projections::participations;
use shared_types::{
    OrganisationId, Problem, RoundId,
    event::Event,
    facts::{OfficeFact, PERSON_ERASED, ParticipationFact, PersonErased},
};
use std::collections::BTreeSet;

/// Does what follows from an event that is kept already: guests are invited or told not to come,
/// and who is erased is forgotten.
pub async fn follow(change: &mut Change, event: &Event) -> Result<(), Problem> {
    if event.r#type == PERSON_ERASED {
        let PersonErased { person_id } = event.fact()?;
        calendars::store::forget(change, person_id).await?;
        let mut things = attendance::store::forget(change, person_id).await?;
        invitations::store::forget(change, person_id).await?;
        // Why somebody was put elsewhere stands with the whole set and names nobody, so that all
        // of the set's reasons go.
        things.extend(groups::store::concerning(change.tx(), person_id).await?);
        history::forget_reasons(change, &things).await?;
        // The last that is done of it.
        erasure::acknowledge(change, person_id);
        return Ok(());
    }
    let (thing, what) = event.r#type.split_once('.').unwrap_or_default();
    let rounds: BTreeSet<RoundId> = match (thing, what) {
        (_, "deleted") | ("endorsement", "given") => BTreeSet::new(),
        ("pair", _) => pairs::keep(change, event).await?.into_iter().collect(),
        ("office", _) => {
            let office: OfficeFact = event.fact()?;
            rounds_with(change, office.organisation_id).await?
        }
        ("application" | "endorsement" | "offer" | "participation" | "substitution", _) => {
            let part: ParticipationFact = event.fact()?;
            BTreeSet::from([part.round_id])
        }
        _ => BTreeSet::new(),
    };
    for round in rounds {
        invitations::steps::reconcile(change, round).await?;
    }
    Ok(())
}

/// The rounds in which people of a municipality have applied.
async fn rounds_with(
    change: &Change,
    municipality: OrganisationId,
) -> Result<BTreeSet<RoundId>, DatabaseError> {
    let rows = participations::Entity::find()
        .filter(participations::Column::MunicipalityId.eq(municipality.uuid()))
        .all(change.tx())
        .await?;
    Ok(rows.into_iter().map(|row| row.round_id.into()).collect())
}
