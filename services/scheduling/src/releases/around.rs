//! Reads what stands around a plan: who takes part, and what other plans have taken.

use super::{
    affected::Circle,
    claim,
    findings::{Elsewhere, PARTS, Part, Surroundings, Taken},
    needed, released_session,
};
use crate::{
    audiences::{groups as in_groups, pairs, store as audiences},
    electives, groups,
    plans::{self, draft::Loaded, released},
    sites,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{offices, participations, people};
use shared_types::{
    GroupId, OrganisationId, PersonId, RoundId, SessionId,
    registration::offices::OfficeKind,
    scheduling::{
        releases::{ReleasedSession, SessionStatus},
        sessions::{Audience, SessionKind},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What stands around a plan whose next release would say `next`.
pub async fn load(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    loaded: &Loaded,
    next: &[ReleasedSession],
    now: DateTime<Utc>,
) -> Result<Surroundings, DatabaseError> {
    let round = RoundId::from(plan.round_id);
    let circle = circle(connection, round, next, now).await?;
    Ok(Surroundings {
        taken: taken(connection, plan, next).await?,
        elsewhere: elsewhere(connection, plan, next, &circle).await?,
        circle,
        sites: sites::store::of_round(connection, round).await?,
        inactive: loaded.inactive.clone(),
        promised: plan.promised_days,
    })
}

/// The first and the last instant of sessions that are held.
fn span(sessions: &[ReleasedSession]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let live = || {
        let held = |session: &&ReleasedSession| session.status != SessionStatus::Cancelled;
        sessions
            .iter()
            .filter(held)
            .flat_map(|session| &session.days)
    };
    let starts = live().map(|day| day.starts).min()?;
    let ends = live().map(|day| day.ends).max()?;
    Some((starts, ends))
}

/// What other rounds have taken of the rooms and the people that these sessions need.
async fn taken(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    next: &[ReleasedSession],
) -> Result<Vec<Taken>, DatabaseError> {
    let needs = next.iter().flat_map(needed::by);
    let wanted: BTreeSet<Uuid> = needs.map(|need| need.resource).collect();
    let Some((starts, ends)) = span(next).filter(|_| !wanted.is_empty()) else {
        return Ok(Vec::new());
    };
    let claims = claim::Entity::find()
        .filter(claim::Column::ResourceId.is_in(wanted))
        .filter(claim::Column::RoundId.ne(plan.round_id))
        .filter(claim::Column::StartsAt.lt(ends))
        .filter(claim::Column::EndsAt.gt(starts))
        .all(connection)
        .await?;
    let own = own_sessions(connection, plan, claims.iter().map(|one| one.session_id)).await?;
    let taken = claims.into_iter().map(|claim| Taken {
        resource: claim.resource_id,
        session: own.get(&claim.session_id).copied(),
        starts: claim.starts_at,
        ends: claim.ends_at,
    });
    Ok(taken.collect())
}

/// Those of some sessions that are of the plan's own organiser: others are not its to know.
async fn own_sessions(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, SessionId>, DatabaseError> {
    let ids: BTreeSet<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = released_session::Entity::find()
        .filter(released_session::Column::SessionId.is_in(ids))
        .filter(released_session::Column::OrganiserId.eq(plan.organiser_id))
        .all(connection)
        .await?;
    let ids = found.into_iter().map(|row| row.session_id);
    Ok(ids.map(|id| (id, SessionId::from(id))).collect())
}

/// Days of other rounds' released plans at which people of this one have to be, whatever they are
/// there and here.
async fn elsewhere(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    next: &[ReleasedSession],
    circle: &Circle,
) -> Result<Vec<Elsewhere>, DatabaseError> {
    let bound = [&circle.participants, &circle.mentors, &circle.facilitators];
    let everybody: BTreeSet<PersonId> = bound.into_iter().flatten().copied().collect();
    let Some((starts, ends)) = span(next).filter(|_| !everybody.is_empty()) else {
        return Ok(Vec::new());
    };
    let parts = other_parts(connection, plan, &everybody).await?;
    let mut found = Vec::new();
    for session in released::of_rounds(connection, &parts.rounds()).await? {
        if session.status == SessionStatus::Cancelled {
            continue;
        }
        let own = session.organiser_id.uuid() == plan.organiser_id;
        let days = session.days.iter();
        let days = days.filter(|day| day.starts < ends && starts < day.ends);
        for (day, part) in days.flat_map(|day| PARTS.map(|part| (day, part))) {
            let people = parts.at(&session, part);
            if !people.is_empty() {
                found.push(Elsewhere {
                    part,
                    session: own.then_some(session.id),
                    starts: day.starts,
                    ends: day.ends,
                    people,
                });
            }
        }
    }
    Ok(found)
}

/// Parts that a round's people have in other rounds.
#[derive(Default)]
struct OtherParts {
    participants: BTreeMap<RoundId, BTreeSet<PersonId>>,
    mentors: BTreeMap<RoundId, BTreeSet<PersonId>>,
    groups: BTreeMap<GroupId, BTreeSet<PersonId>>,
    choices: BTreeMap<SessionId, BTreeSet<PersonId>>,
    people: BTreeSet<PersonId>,
    led: BTreeSet<RoundId>,
}

impl OtherParts {
    fn rounds(&self) -> Vec<RoundId> {
        let all = self.participants.keys().chain(self.mentors.keys());
        let all: BTreeSet<RoundId> = all.chain(&self.led).copied().collect();
        all.into_iter().collect()
    }

    /// Who has to be at a session as what.
    fn at(&self, session: &ReleasedSession, part: Part) -> BTreeSet<PersonId> {
        let round = session.round_id;
        let is_for = |audience| session.audience.contains(&audience);
        let none = BTreeSet::new();
        let participants = self.participants.get(&round).unwrap_or(&none);
        match part {
            Part::Leader => {
                let leading = session.facilitator_ids.iter().copied();
                leading
                    .filter(|person| self.people.contains(person))
                    .collect()
            }
            Part::Mentor if is_for(Audience::Mentors) => {
                self.mentors.get(&round).unwrap_or(&none).clone()
            }
            Part::Participant if is_for(Audience::Participants) => {
                if session.kind == SessionKind::Elective {
                    let chosen = self.choices.get(&session.id).unwrap_or(&none);
                    chosen & participants
                } else {
                    participants.clone()
                }
            }
            Part::Participant if is_for(Audience::Group) => {
                let group = session.group_id.and_then(|group| self.groups.get(&group));
                group.unwrap_or(&none) & participants
            }
            Part::Participant | Part::Mentor => none,
        }
    }
}

async fn other_parts(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    people: &BTreeSet<PersonId>,
) -> Result<OtherParts, DatabaseError> {
    let round = RoundId::from(plan.round_id);
    let ids: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
    let mut parts = OtherParts::default();
    let rows = participations::Entity::find()
        .filter(participations::Column::PersonId.is_in(ids.iter().copied()))
        .filter(participations::Column::RoundId.ne(plan.round_id))
        .all(connection)
        .await?;
    for row in rows.iter().filter(|row| row.takes_part()) {
        let there = parts.participants.entry(row.round_id.into()).or_default();
        there.insert(row.person_id.into());
    }
    for (mentor, other) in pairs::of_mentors(connection, &ids).await? {
        if other != round {
            parts.mentors.entry(other).or_default().insert(mentor);
        }
    }
    for one in in_groups::of(connection, &ids).await? {
        parts
            .groups
            .entry(one.group)
            .or_default()
            .insert(one.person.into());
    }
    for (person, session) in audiences::chosen(connection, ids.iter().copied()).await? {
        parts.choices.entry(session).or_default().insert(person);
    }
    let led = released::led_by(connection, &ids).await?;
    let others = led.iter().filter(|session| session.round_id != round);
    parts.led = others.map(|session| session.round_id).collect();
    parts.people.clone_from(people);
    Ok(parts)
}

/// The people around a round.
pub async fn circle(
    connection: &impl ConnectionTrait,
    round: RoundId,
    sessions: &[ReleasedSession],
    now: DateTime<Utc>,
) -> Result<Circle, DatabaseError> {
    let parts = participations::of_round(connection, round).await?;
    let participants: BTreeSet<PersonId> = parts.iter().map(|one| one.person_id.into()).collect();
    let ids = participants.iter().map(|person| person.uuid());
    let known = people::find_all(connection, ids).await?;
    let managers = known.values().filter_map(|person| person.manager_id);
    let municipalities: BTreeSet<Uuid> =
        parts.iter().filter_map(|one| one.municipality_id).collect();
    let mut directors = BTreeSet::new();
    for municipality in municipalities {
        directors.extend(directors_of(connection, municipality.into(), now).await?);
    }
    let mentors = pairs::mentors_of(connection, round).await?;
    let leading = sessions.iter().flat_map(|session| &session.facilitator_ids);
    Ok(Circle {
        facilitators: leading.copied().collect(),
        managers: managers.map(PersonId::from).collect(),
        directors,
        mentors: mentors.into_iter().map(PersonId::from).collect(),
        groups: groups::store::people_by_group(connection, round).await?,
        choices: electives::store::of_round(connection, round).await?,
        participants,
    })
}

/// Who decides for a municipality now.
async fn directors_of(
    connection: &impl ConnectionTrait,
    municipality: OrganisationId,
    now: DateTime<Utc>,
) -> Result<Vec<PersonId>, DatabaseError> {
    let kind = column::text(OfficeKind::MunicipalDirector);
    let mut found = Vec::new();
    for office in offices::of(connection, municipality).await? {
        if office.kind == kind {
            found.extend(office.deciders(now.date_naive())?);
        }
    }
    Ok(found)
}
