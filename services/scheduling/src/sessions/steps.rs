//! What is done to sessions of a draft: each step in an open change, under the plan's lock.

use super::{entity, model, store};
use crate::{groups, plans, venues};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, row};
use shared_types::{
    Caller, Problem, RoundId, SessionId, codes,
    scheduling::{
        codes::{PLAN_FULL, SESSION_GROUP_UNKNOWN, SESSION_NOT_REPLACEABLE, VENUE_UNKNOWN},
        sessions::{NewSession, SessionKind, SessionState},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most sessions of a plan.
const MOST_SESSIONS: usize = 200;

/// A session with its plan, for whoever coordinates the round; to everybody else it is as if it
/// were not there.
pub async fn known(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SessionId,
) -> Result<entity::Model, Problem> {
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let row = store::find(connection, id).await?.ok_or_else(not_found)?;
    let plan = plans::store::find(connection, row.round_id.into()).await?;
    plan.filter(|plan| caller.coordinates(plan.organiser_id.into()))
        .ok_or_else(not_found)?;
    Ok(row)
}

/// The same under the plan's lock.
pub async fn locked(
    change: &Change,
    caller: &Caller,
    id: SessionId,
) -> Result<(plans::entity::Model, entity::Model), Problem> {
    let row = known(change.tx(), caller, id).await?;
    under_lock(change, row.round_id.into(), id).await
}

/// A session under its plan's lock, whoever asks.
pub async fn under_lock(
    change: &Change,
    round: RoundId,
    id: SessionId,
) -> Result<(plans::entity::Model, entity::Model), Problem> {
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let plan = plans::store::lock(change, round).await?;
    let plan = plan.ok_or_else(not_found)?;
    // Again: it may have changed while the lock was waited for.
    let row = store::find(change.tx(), id).await?.ok_or_else(not_found)?;
    Ok((plan, row))
}

/// Adds a session to a plan under its lock; the caller saves the plan.
pub async fn add(
    change: &mut Change,
    plan: &plans::entity::Model,
    content: NewSession,
) -> Result<entity::Model, Problem> {
    model::check(&content, &plan.time_zone)?;
    check_places(change.tx(), &content).await?;
    check_group(change.tx(), plan, &content).await?;
    let there = store::of_round(change.tx(), plan.round_id.into()).await?;
    if there.len() >= MOST_SESSIONS {
        return Err(Problem::of(&PLAN_FULL).value("most", MOST_SESSIONS));
    }
    let session = entity::Model {
        id: SessionId::new().uuid(),
        round_id: plan.round_id,
        state: column::text(SessionState::Planned),
        lapses_on: content.held_until,
        content: column::json(&content),
        replaces_id: None,
        replaced_by_id: None,
        version: 1,
    };
    let session = row::insert::<entity::Entity>(change.tx(), session).await?;
    change.record("plan", plan.round_id, "session.added", None);
    change.record("session", session.id, "session.added", None);
    Ok(session)
}

/// Writes a session's whole content; the caller saves the plan.
pub async fn replace(
    change: &mut Change,
    plan: &plans::entity::Model,
    mut session: entity::Model,
    content: &NewSession,
) -> Result<entity::Model, Problem> {
    model::check(content, &plan.time_zone)?;
    check_places(change.tx(), content).await?;
    check_group(change.tx(), plan, content).await?;
    let waits = session.state == column::text(SessionState::Planned);
    session.lapses_on = content.held_until.filter(|_| waits);
    session.content = column::json(content);
    let session = store::save(change, session).await?;
    change.record("session", session.id, "session.changed", None);
    Ok(session)
}

/// Cancels a session. A reserve date that stood in for another stands in no more.
pub async fn cancel(
    change: &mut Change,
    mut session: entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    if let Some(replaced) = session.replaces_id.take() {
        let replaced = store::find(change.tx(), replaced.into()).await?;
        if let Some(mut replaced) = replaced {
            replaced.replaced_by_id = None;
            store::save(change, replaced).await?;
        }
    }
    enter(change, session, SessionState::Cancelled, Some(reason)).await
}

/// Lets a reserve date stand in for a session of the same plan, which is cancelled by it.
pub async fn activate(
    change: &mut Change,
    mut reserve: entity::Model,
    replaces: SessionId,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let not_replaceable = || Problem::of(&SESSION_NOT_REPLACEABLE);
    let former = store::find(change.tx(), replaces).await?;
    let mut former = former
        .filter(|one| one.round_id == reserve.round_id && one.id != reserve.id)
        .filter(|one| one.replaced_by_id.is_none())
        .ok_or_else(not_replaceable)?;
    let content: NewSession = column::from_json(former.content.clone())?;
    if matches!(
        content.kind,
        SessionKind::Reserve | SessionKind::PracticePeriod
    ) {
        return Err(not_replaceable());
    }
    former.replaced_by_id = Some(reserve.id);
    if former.state == column::text(SessionState::Cancelled) {
        store::save(change, former).await?;
    } else {
        enter(change, former, SessionState::Cancelled, Some(reason)).await?;
    }
    reserve.replaces_id = Some(replaces.uuid());
    enter(change, reserve, SessionState::Activated, Some(reason)).await
}

/// Brings a session into a state; the caller saves the plan.
pub async fn enter(
    change: &mut Change,
    mut session: entity::Model,
    to: SessionState,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    session.state = column::text(to);
    session.lapses_on = None;
    let session = store::save(change, session).await?;
    let edge = format!("session.{}", session.state);
    change.record("session", session.id, &edge, reason);
    change.record("plan", session.round_id, &edge, reason);
    Ok(session)
}

/// Judges every session again by the zone that the plan names now.
pub async fn check_all(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
) -> Result<(), Problem> {
    for row in store::of_round(connection, plan.round_id.into()).await? {
        let content: NewSession = column::from_json(row.content)?;
        if model::check(&content, &plan.time_zone).is_err() {
            let words = "A session of the plan has a time that clocks skip in this zone.";
            return Err(Problem::invalid("/timeZone", "time_does_not_exist", words));
        }
    }
    Ok(())
}

/// Refuses a group that is not one of the round's: its meeting would be for nobody.
async fn check_group(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    content: &NewSession,
) -> Result<(), Problem> {
    let Some(group) = content.group_id else {
        return Ok(());
    };
    if groups::store::has_group(connection, plan.round_id.into(), group).await? {
        Ok(())
    } else {
        Err(Problem::of(&SESSION_GROUP_UNKNOWN))
    }
}

/// Refuses venues and rooms that are not there, and rooms of other venues.
async fn check_places(
    connection: &impl ConnectionTrait,
    content: &NewSession,
) -> Result<(), Problem> {
    let (venue_ids, room_ids) = plans::draft::places(std::iter::once(content));
    let venues = venues::store::with_ids(connection, venue_ids.iter().copied()).await?;
    let rooms = venues::store::rooms_with_ids(connection, room_ids.iter().copied()).await?;
    let there: BTreeSet<Uuid> = venues.iter().map(|venue| venue.id).collect();
    let venue_of: BTreeMap<Uuid, Uuid> =
        rooms.iter().map(|room| (room.id, room.venue_id)).collect();
    let own = content.venue_id.map(Uuid::from);
    let belongs = |room: Option<Uuid>, venue: Option<Uuid>| {
        room.is_none_or(|room| venue_of.get(&room).copied() == venue)
    };
    let own_room = belongs(content.room_id.map(Uuid::from), own);
    let of_sites = content.sites.iter().all(|site| {
        let room = site.room_id.map(Uuid::from);
        belongs(room, Some(site.venue_id.uuid()))
    });
    let mut items = content.agenda.iter();
    let of_items = items.all(|item| belongs(item.room_id.map(Uuid::from), own));
    if there == venue_ids && own_room && of_sites && of_items {
        Ok(())
    } else {
        Err(Problem::of(&VENUE_UNKNOWN))
    }
}
