//! Which rooms and which people the days of a session need, and when.

use crate::sessions::times;
use chrono::{DateTime, Utc};
use shared_types::{
    civil,
    scheduling::{
        releases::{ReleasedDay, ReleasedSession, SessionStatus},
        sessions::{AgendaItem, SessionDay},
    },
};
use uuid::Uuid;

/// What is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A room.
    Room,
    /// Somebody who leads.
    Facilitator,
}

impl Kind {
    /// The word in the table of claims.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Facilitator => "facilitator",
        }
    }
}

/// A room or somebody who leads, needed for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The room or the person.
    pub resource: Uuid,
    /// Which of the two.
    pub kind: Kind,
    /// Number of the session's day.
    pub day: i32,
    /// From when.
    pub starts: DateTime<Utc>,
    /// To when.
    pub ends: DateTime<Utc>,
}

/// All that a session needs; nothing when it is not held. One need a day and resource.
pub fn by(session: &ReleasedSession) -> Vec<Need> {
    if session.status == SessionStatus::Cancelled {
        return Vec::new();
    }
    let mut needs: Vec<Need> = Vec::new();
    for day in &session.days {
        let need = |resource, kind| Need {
            resource,
            kind,
            day: day.number,
            starts: day.starts,
            ends: day.ends,
        };
        let places = session.venue.iter().chain(&session.sites);
        for room in places.filter_map(|place| place.room_id) {
            add(&mut needs, need(room.uuid(), Kind::Room));
        }
        for person in &session.facilitator_ids {
            add(&mut needs, need(person.uuid(), Kind::Facilitator));
        }
        for item in session.agenda.iter().filter(|item| item.day == day.number) {
            let Some(room) = item.room_id else { continue };
            let (starts, ends) = times_of(item, day, &session.time_zone);
            let item_need = Need {
                starts,
                ends,
                ..need(room.uuid(), Kind::Room)
            };
            add(&mut needs, item_need);
        }
    }
    needs
}

/// Adds a need; one of the same resource on the same day grows.
fn add(needs: &mut Vec<Need>, need: Need) {
    let known = needs
        .iter_mut()
        .find(|known| known.resource == need.resource && known.day == need.day);
    match known {
        Some(known) => {
            known.starts = known.starts.min(need.starts);
            known.ends = known.ends.max(need.ends);
        }
        None => needs.push(need),
    }
}

/// When an item of the agenda is; the whole day where its clocks can't say.
fn times_of(item: &AgendaItem, day: &ReleasedDay, zone: &str) -> (DateTime<Utc>, DateTime<Utc>) {
    let clocks = SessionDay {
        date: day.date,
        starts_at: item.starts_at,
        ends_at: item.ends_at.unwrap_or(day.ends_at),
    };
    let instants = civil::zone(zone).and_then(|zone| times::instants(&clocks, zone).ok());
    instants.unwrap_or((day.starts, day.ends))
}
