//! Whom a release concerns: those for whom a session is, or was, that is new, other or cancelled.

use shared_types::{
    GroupId, PersonId, SessionId,
    scheduling::{
        releases::{AffectedPerson, ChangeKind, ReleasedSession, SessionChange},
        sessions::{Audience, SessionKind},
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// The people around a round, as far as they are known here.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    /// Those with a seat.
    pub participants: BTreeSet<PersonId>,
    /// Those who lead any session of the round.
    pub facilitators: BTreeSet<PersonId>,
    /// The participants' own managers.
    pub managers: BTreeSet<PersonId>,
    /// Who decides for their municipalities.
    pub directors: BTreeSet<PersonId>,
    /// Their mentors.
    pub mentors: BTreeSet<PersonId>,
    /// Members of published groups.
    pub groups: BTreeMap<GroupId, BTreeSet<PersonId>>,
    /// Who chose which elective session.
    pub choices: BTreeMap<SessionId, BTreeSet<PersonId>>,
}

/// Everybody whom changes concern, by person.
pub fn by(changes: &[SessionChange], circle: &Circle) -> Vec<AffectedPerson> {
    let mut all: BTreeMap<PersonId, (BTreeSet<Audience>, BTreeSet<SessionId>)> = BTreeMap::new();
    for change in changes {
        for session in change.before.iter().chain(&change.after) {
            let chosen = change.change != ChangeKind::Added;
            for (person, audience) in of(session, circle, chosen) {
                let (audiences, sessions) = all.entry(person).or_default();
                audiences.insert(audience);
                sessions.insert(session.id);
            }
        }
    }
    let affected = all
        .into_iter()
        .map(|(person_id, (audience, sessions))| AffectedPerson {
            person_id,
            audience: audience.into_iter().collect(),
            session_ids: sessions.into_iter().collect(),
        });
    affected.collect()
}

/// Everybody for whom a session is. An elective one is for all until it is `chosen` from.
pub fn of(session: &ReleasedSession, circle: &Circle, chosen: bool) -> Vec<(PersonId, Audience)> {
    let mut people: Vec<(PersonId, Audience)> = session
        .facilitator_ids
        .iter()
        .map(|person| (*person, Audience::Facilitators))
        .collect();
    let none = BTreeSet::new();
    for audience in &session.audience {
        let group = session.group_id.as_ref();
        let members = match audience {
            Audience::Participants if chosen && session.kind == SessionKind::Elective => {
                circle.choices.get(&session.id).unwrap_or(&none)
            }
            Audience::Participants => &circle.participants,
            Audience::Group => group
                .and_then(|group| circle.groups.get(group))
                .unwrap_or(&none),
            Audience::Managers => &circle.managers,
            Audience::Directors => &circle.directors,
            Audience::Mentors => &circle.mentors,
            Audience::Facilitators => &circle.facilitators,
        };
        people.extend(members.iter().map(|person| (*person, *audience)));
    }
    people
}
