//! What the next release would say: the draft, compared with what people see now.

use crate::sessions::{model, times};
use chrono::{DateTime, Utc};
use shared_types::{
    OrganisationId, RoundId, SessionId,
    scheduling::{
        releases::{ReleasedDay, ReleasedPlace, ReleasedSession, SessionStatus},
        sessions::{NewSession, SessionKind, SessionState, Site},
        venues::{Room, Venue},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A session of the draft.
#[derive(Clone, Debug)]
pub struct Drafted {
    /// Id.
    pub id: SessionId,
    /// State.
    pub state: SessionState,
    /// What was written of it; zone and all.
    pub content: NewSession,
    /// The session that it stands in for.
    pub replaces_id: Option<SessionId>,
    /// The session that stands in for it.
    pub replaced_by_id: Option<SessionId>,
}

/// A plan with all that a release of it looks at.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The round.
    pub round: RoundId,
    /// The organiser.
    pub organiser: OrganisationId,
    /// Zone of sessions that name none.
    pub zone: String,
    /// The sessions.
    pub sessions: Vec<Drafted>,
    /// The venues that they name.
    pub venues: BTreeMap<Uuid, Venue>,
    /// The rooms that they name.
    pub rooms: BTreeMap<Uuid, Room>,
    /// Sessions whose venue is held by an option only.
    pub optional: BTreeSet<Uuid>,
}

/// The sessions of the next release, in the order of their days. What is as it was keeps its
/// sequence; what was never released and is not held is left out.
pub fn sessions(
    draft: &Draft,
    previous: &[ReleasedSession],
    now: DateTime<Utc>,
) -> Vec<ReleasedSession> {
    let was: BTreeMap<SessionId, &ReleasedSession> = previous
        .iter()
        .map(|session| (session.id, session))
        .collect();
    let mut next: Vec<ReleasedSession> = draft
        .sessions
        .iter()
        .filter(|drafted| model::is_live(drafted.state) || was.contains_key(&drafted.id))
        .map(|drafted| {
            follow(
                released(draft, drafted, now),
                was.get(&drafted.id).copied(),
                now,
            )
        })
        .collect();
    let drafted: BTreeSet<SessionId> = draft.sessions.iter().map(|one| one.id).collect();
    for gone in previous.iter().filter(|one| !drafted.contains(&one.id)) {
        next.push(cancelled(gone, now));
    }
    sort(&mut next);
    next
}

/// A session as it is once it will not be held.
pub fn cancelled(session: &ReleasedSession, now: DateTime<Utc>) -> ReleasedSession {
    let next = ReleasedSession {
        status: SessionStatus::Cancelled,
        counts: false,
        ..session.clone()
    };
    follow(next, Some(session), now)
}

/// Orders sessions by their days; those without any stand last.
pub fn sort(sessions: &mut [ReleasedSession]) {
    sessions.sort_by_key(|session| {
        let first = session.days.first().map(|day| day.starts);
        let first = first.or_else(|| {
            let period = session.period.as_ref()?;
            Some(period.starts_on.and_hms_opt(0, 0, 0)?.and_utc())
        });
        (first.is_none(), first, session.id)
    });
}

/// Whether two sessions say the same; when and how often they were changed is left aside.
pub fn is_same(one: &ReleasedSession, other: &ReleasedSession) -> bool {
    let aligned = ReleasedSession {
        sequence: one.sequence,
        changed_at: one.changed_at,
        cancelled_at: one.cancelled_at,
        ..other.clone()
    };
    *one == aligned
}

fn follow(
    next: ReleasedSession,
    before: Option<&ReleasedSession>,
    now: DateTime<Utc>,
) -> ReleasedSession {
    let is_cancelled = next.status == SessionStatus::Cancelled;
    match before {
        Some(before) if is_same(before, &next) => before.clone(),
        Some(before) => ReleasedSession {
            sequence: before.sequence + 1,
            changed_at: now,
            cancelled_at: is_cancelled.then(|| before.cancelled_at.unwrap_or(now)),
            ..next
        },
        None => ReleasedSession {
            sequence: 0,
            changed_at: now,
            cancelled_at: None,
            ..next
        },
    }
}

fn status(draft: &Draft, drafted: &Drafted) -> SessionStatus {
    let waits = drafted.content.kind == SessionKind::Reserve;
    match drafted.state {
        SessionState::Cancelled | SessionState::Lapsed => SessionStatus::Cancelled,
        SessionState::Planned if waits => SessionStatus::Tentative,
        SessionState::Planned | SessionState::Activated => {
            if draft.optional.contains(&drafted.id.uuid()) {
                SessionStatus::Tentative
            } else {
                SessionStatus::Confirmed
            }
        }
    }
}

fn released(draft: &Draft, drafted: &Drafted, now: DateTime<Utc>) -> ReleasedSession {
    let content = drafted.content.clone();
    let zone = content.time_zone.clone();
    let zone = zone.unwrap_or_else(|| draft.zone.clone());
    let own = content.venue_id.and_then(|venue_id| {
        let site = Site {
            venue_id,
            room_id: content.room_id,
            capacity: 0,
            host_id: None,
        };
        place(draft, &site)
    });
    ReleasedSession {
        id: drafted.id,
        round_id: draft.round,
        organiser_id: draft.organiser,
        status: status(draft, drafted),
        sequence: 0,
        changed_at: now,
        cancelled_at: None,
        counts: model::counts(drafted.state, &content),
        days: days(&content, &zone),
        venue: own,
        sites: content
            .sites
            .iter()
            .filter_map(|site| place(draft, site))
            .collect(),
        time_zone: zone,
        kind: content.kind,
        form: content.form,
        name: content.name,
        description: content.description,
        period: content.period,
        online_address: content.online_address,
        capacity: content.capacity,
        audience: content.audience,
        group_id: content.group_id,
        choice: content.choice,
        facilitator_ids: content.facilitator_ids,
        agenda: content.agenda,
        held_until: content.held_until,
        replaces_id: drafted.replaces_id,
        replaced_by_id: drafted.replaced_by_id,
    }
}

/// The days with their instants. They were checked when they were written; zone data that has
/// changed since can take a time away, and then the day is left out rather than guessed.
fn days(content: &NewSession, zone: &str) -> Vec<ReleasedDay> {
    let Some(zone) = shared_types::civil::zone(zone) else {
        return Vec::new();
    };
    let numbered = (1..).zip(&content.days);
    numbered
        .filter_map(|(number, day)| {
            let (starts, ends) = times::instants(day, zone).ok()?;
            Some(ReleasedDay {
                number,
                date: day.date,
                starts_at: day.starts_at,
                ends_at: day.ends_at,
                starts,
                ends,
            })
        })
        .collect()
}

/// A site's place; a capacity of 0 stands for the room's own.
fn place(draft: &Draft, site: &Site) -> Option<ReleasedPlace> {
    let venue = draft.venues.get(&site.venue_id.uuid())?;
    let room = site.room_id.and_then(|id| draft.rooms.get(&id.uuid()));
    let of_room = room.map(|room| room.capacity);
    let capacity = if site.capacity == 0 {
        of_room
    } else {
        Some(of_room.map_or(site.capacity, |most| most.min(site.capacity)))
    };
    Some(ReleasedPlace {
        venue_id: venue.id,
        kind: venue.kind,
        name: venue.name.clone(),
        address: venue.address.clone(),
        accessibility: venue.accessibility.clone(),
        room_id: site.room_id,
        room_name: room.map(|room| room.name.clone()),
        capacity,
        host_id: site.host_id,
    })
}
