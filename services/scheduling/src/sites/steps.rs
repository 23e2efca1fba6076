//! Puts a participant at a site: under the plan's lock.

use super::store;
use crate::audiences::{self, store::Seen};
use serde_json::json;
use shared_database::Change;
use shared_types::{
    PersonId, Problem, VenueId,
    scheduling::{
        codes::{
            ATTENDANCE_NOT_PARTICIPANT, SESSION_CANCELLED, SITE_CHOICE_OVER, SITE_FULL,
            SITE_UNKNOWN,
        },
        releases::{ReleasedPlace, ReleasedSession, SessionStatus},
    },
};
use std::collections::BTreeMap;

/// Where a session is held: its venue, and its sites.
pub fn places(session: &ReleasedSession) -> impl Iterator<Item = &ReleasedPlace> {
    session.venue.iter().chain(&session.sites)
}

/// Puts somebody at a site, or at none. Who is there already changes nothing. Who was counted
/// earlier is believed only where a test shows what would come of it.
pub async fn choose(
    change: &mut Change,
    seen: &Seen,
    person: PersonId,
    site: Option<VenueId>,
    early: Option<BTreeMap<PersonId, VenueId>>,
) -> Result<(), Problem> {
    let session = &seen.session;
    if session.status == SessionStatus::Cancelled {
        return Err(Problem::of(&SESSION_CANCELLED));
    }
    let begun = session.days.first();
    if !seen.coordinates && begun.is_some_and(|day| day.starts <= change.actor.at) {
        return Err(Problem::of(&SITE_CHOICE_OVER));
    }
    let participants = audiences::store::participants(change.tx(), session).await?;
    if !participants
        .iter()
        .any(|row| row.person_id == person.uuid())
    {
        return Err(Problem::of(&ATTENDANCE_NOT_PARTICIPANT));
    }
    let chosen = match early {
        Some(early) => early,
        None => store::of_session(change.tx(), session.id).await?,
    };
    if chosen.get(&person).copied() == site {
        return Ok(());
    }
    if let Some(site) = site {
        let place = places(session).find(|place| place.venue_id == site);
        let place = place.ok_or_else(|| Problem::of(&SITE_UNKNOWN))?;
        let there = chosen.values().filter(|other| **other == site).count();
        let there = i32::try_from(there).unwrap_or(i32::MAX);
        if let Some(places) = place.capacity.filter(|places| there >= *places) {
            return Err(Problem::of(&SITE_FULL).value("places", places));
        }
    }
    store::put(change, (session.id, session.round_id), person, site).await?;
    change.record("session", session.id, "session.site_chosen", None);
    let fact = json!({
        "sessionId": session.id, "roundId": session.round_id,
        "organiserId": session.organiser_id, "personId": person, "siteId": site,
    });
    change.publish("session.site_chosen", session.id, fact);
    Ok(())
}
