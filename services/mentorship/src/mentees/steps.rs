//! What is done to mentees: they come with a seat and leave with it.

use super::{entity, store};
use crate::{pairs, runs::guard, vaults};
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    PersonId, Problem,
    facts::ParticipationFact,
    mentorship::{pairs::PairEnding, profiles::Profile},
    registration::applications::SeatState,
};
use uuid::Uuid;

/// Seats with which somebody takes part.
const TAKING_PART: [SeatState; 2] = [SeatState::Accepted, SeatState::Completed];

/// Whether a participation takes part.
pub fn takes_part(fact: &ParticipationFact) -> bool {
    TAKING_PART.contains(&fact.seat)
}

/// Follows a participation: makes the mentee with the seat; ends the pair where the seat is
/// given up.
pub async fn follow(change: &mut Change, fact: &ParticipationFact) -> Result<(), Problem> {
    let takes_part = takes_part(fact);
    let known = store::find_any(change.tx(), fact.application_id.uuid()).await?;
    if known.is_none() && !takes_part {
        return Ok(());
    }
    // Nobody makes a pair of somebody who leaves meanwhile.
    guard::lock(change, fact.round_id, fact.organiser_id).await?;
    let found = store::lock(change, fact.application_id.uuid()).await?;
    match found {
        None if takes_part => {
            let mentee = entity::Model {
                id: fact.application_id.uuid(),
                round_id: fact.round_id.uuid(),
                organiser_id: fact.organiser_id.uuid(),
                person_id: fact.person_id.uuid(),
                taking_part: true,
                profile: column::json(&Profile::default()),
                wishes: json!([]),
                modified_at: change.actor.at,
                version: 1,
            };
            let mentee = row::insert::<entity::Entity>(change.tx(), mentee).await?;
            change.record("mentee", mentee.id, "mentee.joined", None);
        }
        Some(mut mentee) if mentee.taking_part != takes_part => {
            mentee.taking_part = takes_part;
            let mentee = store::save(change, mentee).await?;
            let edge = if takes_part {
                "mentee.joined"
            } else {
                "mentee.left"
            };
            change.record("mentee", mentee.id, edge, None);
            if !takes_part {
                pairs::steps::end_of_mentee(change, mentee.id, PairEnding::ParticipantLeft).await?;
            }
        }
        None | Some(_) => {}
    }
    Ok(())
}

/// Forgets what a participant said and wrote: profile and wishes go, and the key of challenge and
/// experiments. Says which participations it were; nobody is matched with them any more.
pub async fn forget(change: &mut Change, person: PersonId) -> Result<Vec<Uuid>, Problem> {
    let mut ids = Vec::new();
    for mut mentee in store::of_anybody(change.tx(), person).await? {
        mentee.taking_part = false;
        mentee.profile = column::json(&Profile::default());
        mentee.wishes = json!([]);
        let mentee = store::save(change, mentee).await?;
        let now = change.actor.at;
        vaults::store::drop_key(change, mentee.id, now).await?;
        change.record("mentee", mentee.id, "mentee.left", None);
        ids.push(mentee.id);
    }
    Ok(ids)
}
