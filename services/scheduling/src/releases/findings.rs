//! What about a plan a coordinator should know before it is released. Pure: what is outside the
//! plan is given as [`Surroundings`].

use super::{
    affected::{self, Circle},
    needed::{self, Need},
};
use chrono::{DateTime, NaiveDate, Utc};
use shared_types::{
    PersonId, RoomId, SessionId, VenueId,
    scheduling::{
        plans::{Finding, FindingCode, ProgrammeDays, Severity},
        releases::{ReleasedSession, SessionStatus},
        sessions::{Audience, SessionForm, SessionKind},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most people that one finding names.
const MOST_PEOPLE: usize = 100;

/// What stands outside the plan.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Rooms and facilitators that released plans of other rounds need.
    pub taken: Vec<Taken>,
    /// Days of other rounds' released plans at which people of this one have to be.
    pub elsewhere: Vec<Elsewhere>,
    /// The people of the round.
    pub circle: Circle,
    /// Participants who have chosen a site of a session.
    pub sites: BTreeMap<(SessionId, VenueId), BTreeSet<PersonId>>,
    /// Venues and rooms that are no longer used.
    pub inactive: BTreeSet<Uuid>,
    /// Programme days that the round promises.
    pub promised: Option<i32>,
}

/// A room or a facilitator that another round's session needs.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The room or the person.
    pub resource: Uuid,
    /// The session, where it is the caller's to know.
    pub session: Option<SessionId>,
    /// From when.
    pub starts: DateTime<Utc>,
    /// To when.
    pub ends: DateTime<Utc>,
}

/// As what somebody has to be at a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// With a seat in its round, perhaps in the group that it is for.
    Participant,
    /// Mentor of a participant.
    Mentor,
    /// Leads it.
    Leader,
}

/// Every part.
pub const PARTS: [Part; 3] = [Part::Participant, Part::Mentor, Part::Leader];

/// A day of another round.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// As what the people have to be there.
    pub part: Part,
    /// The session, where it is the caller's to know.
    pub session: Option<SessionId>,
    /// From when.
    pub starts: DateTime<Utc>,
    /// To when.
    pub ends: DateTime<Utc>,
    /// Who of this round's people has to be there.
    pub people: BTreeSet<PersonId>,
}

/// Programme days: distinct dates of the sessions that count.
pub fn programme_days(sessions: &[ReleasedSession], promised: Option<i32>) -> ProgrammeDays {
    let counting = sessions.iter().filter(|session| session.counts);
    let dates: BTreeSet<NaiveDate> = counting
        .flat_map(|session| session.days.iter().map(|day| day.date))
        .collect();
    ProgrammeDays {
        planned: i32::try_from(dates.len()).unwrap_or(i32::MAX),
        promised,
    }
}

/// Everything about the sessions that a coordinator should know, the gravest first.
pub fn of(sessions: &[ReleasedSession], around: &Surroundings) -> Vec<Finding> {
    let live: Vec<&ReleasedSession> = sessions
        .iter()
        .filter(|session| session.status != SessionStatus::Cancelled)
        .collect();
    let mut found = Vec::new();
    for session in &live {
        places(session, around, &mut found);
        capacity(session, &around.circle, &mut found);
        outside(session, around, &mut found);
        if session.days.is_empty() && session.period.is_none() {
            let finding = about(FindingCode::DaysMissing, Severity::Note, session);
            found.push(finding);
        }
    }
    for (number, session) in live.iter().enumerate() {
        for other in live.iter().skip(number + 1) {
            inside(session, other, &mut found);
        }
    }
    let days = programme_days(sessions, around.promised);
    if days
        .promised
        .is_some_and(|promised| days.planned < promised)
    {
        found.push(Finding {
            count: Some(days.planned),
            wanted: days.promised,
            ..bare(FindingCode::ProgrammeDaysShort, Severity::Note)
        });
    }
    found.sort_by_key(|finding| {
        let grave = match finding.severity {
            Severity::Blocks => 0,
            Severity::NeedsReason => 1,
            Severity::Note => 2,
        };
        (grave, finding.code, finding.date, finding.session_id)
    });
    found
}

fn bare(code: FindingCode, severity: Severity) -> Finding {
    Finding {
        code,
        severity,
        session_id: None,
        other_session_id: None,
        venue_id: None,
        room_id: None,
        person_ids: Vec::new(),
        date: None,
        count: None,
        wanted: None,
    }
}

fn about(code: FindingCode, severity: Severity, session: &ReleasedSession) -> Finding {
    Finding {
        session_id: Some(session.id),
        ..bare(code, severity)
    }
}

fn places(session: &ReleasedSession, around: &Surroundings, found: &mut Vec<Finding>) {
    for place in session.venue.iter().chain(&session.sites) {
        let with_place = |code, severity| Finding {
            venue_id: Some(place.venue_id),
            room_id: place.room_id,
            ..about(code, severity, session)
        };
        if place.accessibility.is_none() {
            found.push(with_place(
                FindingCode::AccessibilityMissing,
                Severity::Blocks,
            ));
        }
        let room = place.room_id.map(RoomId::uuid);
        let ids = [Some(place.venue_id.uuid()), room];
        if ids.iter().flatten().any(|id| around.inactive.contains(id)) {
            found.push(with_place(
                FindingCode::VenueInactive,
                Severity::NeedsReason,
            ));
        }
        let chosen = around.sites.get(&(session.id, place.venue_id));
        let chosen = chosen.map_or(0, |people| (people & &around.circle.participants).len());
        let chosen = i32::try_from(chosen).unwrap_or(i32::MAX);
        if place.capacity.is_some_and(|places| places < chosen) {
            found.push(Finding {
                count: place.capacity,
                wanted: Some(chosen),
                ..with_place(FindingCode::SiteBelowChosen, Severity::NeedsReason)
            });
        }
    }
}

/// People a session takes, where that is limited: by its own number, else by its places. Whoever
/// may join from the own desk is not counted.
pub fn places_of(session: &ReleasedSession) -> Option<i32> {
    let own = session.venue.as_ref().and_then(|place| place.capacity);
    let room = match session.form {
        SessionForm::Digital => None,
        SessionForm::OnSite => own,
        SessionForm::Hybrid if session.online_address.is_some() => None,
        SessionForm::Hybrid => own.map(|own| {
            let sites = session.sites.iter().filter_map(|site| site.capacity);
            own + sites.sum::<i32>()
        }),
    };
    match (session.capacity, room) {
        (Some(own), Some(room)) => Some(own.min(room)),
        (own, room) => own.or(room),
    }
}

fn capacity(session: &ReleasedSession, circle: &Circle, found: &mut Vec<Finding>) {
    if session.kind == SessionKind::Elective {
        return;
    }
    let people: BTreeSet<PersonId> = affected::of(session, circle, true)
        .into_iter()
        .filter(|(_, audience)| is_attending(*audience))
        .map(|(person, _)| person)
        .collect();
    let roster = i32::try_from(people.len()).unwrap_or(i32::MAX);
    if let Some(places) = places_of(session).filter(|places| *places < roster) {
        found.push(Finding {
            count: Some(places),
            wanted: Some(roster),
            ..about(
                FindingCode::CapacityBelowRoster,
                Severity::NeedsReason,
                session,
            )
        });
    }
}

/// Clashes with other rounds.
fn outside(session: &ReleasedSession, around: &Surroundings, found: &mut Vec<Finding>) {
    for need in needed::by(session) {
        let taken = around.taken.iter().filter(|taken| {
            let overlaps = taken.starts < need.ends && need.starts < taken.ends;
            taken.resource == need.resource && overlaps
        });
        for taken in taken {
            found.push(Finding {
                other_session_id: taken.session,
                ..clash(session, &need)
            });
        }
    }
    let here = affected::of(session, &around.circle, true);
    for day in &session.days {
        let others = around.elsewhere.iter();
        let overlapping = others.filter(|other| other.starts < day.ends && day.starts < other.ends);
        for other in overlapping {
            for (code, people) in both(session, &here, other) {
                found.push(Finding {
                    other_session_id: other.session,
                    count: i32::try_from(people.len()).ok(),
                    person_ids: people.into_iter().take(MOST_PEOPLE).collect(),
                    date: Some(day.date),
                    ..about(code, Severity::NeedsReason, session)
                });
            }
        }
    }
}

/// Who would have to be at a session and elsewhere, by what is wrong with it. Who leads both is
/// found by what the sessions need.
fn both(
    session: &ReleasedSession,
    here: &[(PersonId, Audience)],
    other: &Elsewhere,
) -> BTreeMap<FindingCode, BTreeSet<PersonId>> {
    let mut people: BTreeMap<FindingCode, BTreeSet<PersonId>> = BTreeMap::new();
    for (person, audience) in here {
        let leads_both = other.part == Part::Leader && session.facilitator_ids.contains(person);
        if !other.people.contains(person) || leads_both {
            continue;
        }
        let leads = other.part == Part::Leader || *audience == Audience::Facilitators;
        let code = match audience {
            // Directors and managers may come; nobody waits for them.
            Audience::Directors | Audience::Managers => continue,
            _ if leads => FindingCode::FacilitatorClash,
            Audience::Mentors => FindingCode::MentorClash,
            Audience::Facilitators | Audience::Participants | Audience::Group => {
                FindingCode::ParticipantClash
            }
        };
        people.entry(code).or_default().insert(*person);
    }
    people
}

const fn is_attending(audience: Audience) -> bool {
    matches!(audience, Audience::Participants | Audience::Group)
}

fn clash(session: &ReleasedSession, need: &Need) -> Finding {
    let date = session.days.iter().find(|day| day.number == need.day);
    let of_code = |code| Finding {
        date: date.map(|day| day.date),
        ..about(code, Severity::NeedsReason, session)
    };
    match need.kind {
        needed::Kind::Room => Finding {
            room_id: Some(need.resource.into()),
            ..of_code(FindingCode::RoomClash)
        },
        needed::Kind::Facilitator => Finding {
            person_ids: vec![need.resource.into()],
            ..of_code(FindingCode::FacilitatorClash)
        },
    }
}

/// Clashes of two sessions of the same plan.
fn inside(one: &ReleasedSession, other: &ReleasedSession, found: &mut Vec<Finding>) {
    let theirs = needed::by(other);
    for need in needed::by(one) {
        let again = theirs.iter().any(|their| {
            let overlaps = their.starts < need.ends && need.starts < their.ends;
            their.resource == need.resource && overlaps
        });
        if again {
            found.push(Finding {
                other_session_id: Some(other.id),
                ..clash(one, &need)
            });
        }
    }
    if !share_people(one, other) {
        return;
    }
    let overlap = one.days.iter().find(|day| {
        let same_time = |their: &&shared_types::scheduling::releases::ReleasedDay| {
            their.starts < day.ends && day.starts < their.ends
        };
        other.days.iter().any(|their| same_time(&their))
    });
    if let Some(day) = overlap {
        found.push(Finding {
            other_session_id: Some(other.id),
            date: Some(day.date),
            ..about(FindingCode::SessionOverlap, Severity::NeedsReason, one)
        });
    }
}

/// Whether somebody would have to be at both sessions.
fn share_people(one: &ReleasedSession, other: &ReleasedSession) -> bool {
    let alternatives = one.choice.is_some() && one.choice == other.choice;
    let of_participants =
        |session: &ReleasedSession| session.audience.iter().any(|part| is_attending(*part));
    let both_groups = !one.audience.contains(&Audience::Participants)
        && !other.audience.contains(&Audience::Participants);
    let groups_apart = both_groups && one.group_id != other.group_id;
    !alternatives && of_participants(one) && of_participants(other) && !groups_apart
}
