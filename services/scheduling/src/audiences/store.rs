//! Queries of who goes to which session.

use super::{groups, pairs};
use crate::{electives, plans::released};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use shared_database::{DatabaseError, column};
use shared_projections::{offices, participations, people};
use shared_types::{
    Caller, GroupId, PersonId, Problem, RoundId, SessionId, VenueId, codes,
    registration::{applications::SeatState, offices::OfficeKind},
    scheduling::{
        releases::{ReleasedPlace, ReleasedSession},
        sessions::{Audience, SessionKind},
    },
};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// A session, and as what somebody goes there.
#[derive(Clone, Debug)]
pub struct Attended {
    /// The session.
    pub session: ReleasedSession,
    /// As what; never empty.
    pub parts: Vec<Audience>,
}

impl Attended {
    /// Whether it has not ended.
    pub fn is_to_come(&self, now: DateTime<Utc>) -> bool {
        let last = self.session.days.last();
        last.is_some_and(|day| day.ends > now)
    }
}

/// What a person is in which rounds.
#[derive(Clone, Debug, Default)]
struct Parts {
    person: Option<PersonId>,
    participant: HashSet<RoundId>,
    mentor: HashSet<RoundId>,
    director: HashSet<RoundId>,
    manager: HashSet<RoundId>,
    facilitator: HashSet<RoundId>,
    chosen: HashSet<SessionId>,
    groups: HashSet<GroupId>,
}

impl Parts {
    async fn of(
        connection: &impl ConnectionTrait,
        person: PersonId,
    ) -> Result<Self, DatabaseError> {
        let led = released::led_by(connection, &[person.uuid()]).await?;
        Ok(Self {
            person: Some(person),
            participant: rounds(&participations::of_person(connection, person).await?),
            mentor: pairs::rounds_of(connection, person)
                .await?
                .into_iter()
                .collect(),
            director: directed(connection, person).await?,
            manager: managed(connection, person).await?,
            facilitator: led.iter().map(|session| session.round_id).collect(),
            chosen: chosen(connection, [person.uuid()])
                .await?
                .into_iter()
                .map(|(_, session)| session)
                .collect(),
            groups: groups::of(connection, &[person.uuid()])
                .await?
                .into_iter()
                .map(|one| one.group)
                .collect(),
        })
    }

    fn rounds(&self) -> Vec<RoundId> {
        let all = [
            &self.participant,
            &self.mentor,
            &self.director,
            &self.manager,
            &self.facilitator,
        ];
        let all: HashSet<RoundId> = all.into_iter().flatten().copied().collect();
        all.into_iter().collect()
    }

    /// As what the person goes to a session.
    fn audience(&self, session: &ReleasedSession) -> Vec<Audience> {
        let round = &session.round_id;
        let is = |part: &Audience| match part {
            Audience::Participants => {
                self.participant.contains(round)
                    && (session.kind != SessionKind::Elective || self.chosen.contains(&session.id))
            }
            Audience::Mentors => self.mentor.contains(round),
            Audience::Directors => self.director.contains(round),
            Audience::Managers => self.manager.contains(round),
            Audience::Facilitators => self.facilitator.contains(round),
            Audience::Group => {
                let group = session.group_id.as_ref();
                self.participant.contains(round)
                    && group.is_some_and(|group| self.groups.contains(group))
            }
        };
        let mut parts: Vec<Audience> = session.audience.iter().copied().filter(is).collect();
        let leads = self
            .person
            .is_some_and(|person| session.facilitator_ids.contains(&person));
        if leads && !parts.contains(&Audience::Facilitators) {
            parts.push(Audience::Facilitators);
        }
        parts
    }
}

fn rounds(rows: &[participations::Model]) -> HashSet<RoundId> {
    rows.iter().map(|row| row.round_id.into()).collect()
}

fn seats() -> [String; 2] {
    [SeatState::Accepted, SeatState::Completed].map(column::text)
}

/// The rounds with participants from municipalities that the person decides for.
async fn directed(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<HashSet<RoundId>, DatabaseError> {
    let held = offices::held_by(connection, person).await?;
    let director = column::text(OfficeKind::MunicipalDirector);
    let municipalities: Vec<Uuid> = held
        .into_iter()
        .filter(|office| office.kind == director)
        .map(|office| office.organisation_id)
        .collect();
    if municipalities.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = participations::Entity::find()
        .filter(participations::Column::MunicipalityId.is_in(municipalities))
        .filter(participations::Column::Seat.is_in(seats()));
    Ok(rounds(&rows.all(connection).await?))
}

/// The rounds in which the person's own staff take part.
async fn managed(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<HashSet<RoundId>, DatabaseError> {
    let staff = people::staff_of(connection, person).await?;
    let staff: Vec<Uuid> = staff.into_iter().map(|one| one.id).collect();
    Ok(rounds(&parts_of(connection, &staff).await?))
}

/// What some people take part in.
async fn parts_of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<participations::Model>, DatabaseError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let rows = participations::Entity::find()
        .filter(participations::Column::PersonId.is_in(people.iter().copied()))
        .filter(participations::Column::Seat.is_in(seats()));
    Ok(rows.all(connection).await?)
}

/// Which elective sessions some people have chosen.
pub async fn chosen(
    connection: &impl ConnectionTrait,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<(PersonId, SessionId)>, DatabaseError> {
    let rows = electives::entity::Entity::find()
        .filter(electives::entity::Column::PersonId.is_in(people))
        .all(connection)
        .await?;
    let pair = |row: electives::entity::Model| (row.person_id.into(), row.session_id.into());
    Ok(rows.into_iter().map(pair).collect())
}

/// The sessions to which a person goes, cancelled ones included, in the order of their days.
pub async fn sessions_of(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Attended>, DatabaseError> {
    let parts = Parts::of(connection, person).await?;
    let sessions = released::of_rounds(connection, &parts.rounds()).await?;
    let attended = sessions.into_iter().filter_map(|session| {
        let parts = parts.audience(&session);
        (!parts.is_empty()).then_some(Attended { session, parts })
    });
    Ok(attended.collect())
}

/// The sessions to which some people go as participants, by person.
pub async fn sessions_of_participants(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Attended>>, DatabaseError> {
    let seats = parts_of(connection, people).await?;
    let all: Vec<RoundId> = rounds(&seats).into_iter().collect();
    let sessions = released::of_rounds(connection, &all).await?;
    let chosen = chosen(connection, people.iter().copied()).await?;
    let groups = groups::of(connection, people).await?;
    let mut by_person = BTreeMap::new();
    for &id in people {
        let own = seats.iter().filter(|row| row.person_id == id);
        let chosen = chosen.iter().filter(|(person, _)| person.uuid() == id);
        let parts = Parts {
            participant: own.map(|row| row.round_id.into()).collect(),
            chosen: chosen.map(|(_, session)| *session).collect(),
            groups: groups
                .iter()
                .filter(|one| one.person == id)
                .map(|one| one.group)
                .collect(),
            ..Parts::default()
        };
        let attended = sessions.iter().filter_map(|session| {
            let parts = parts.audience(session);
            let session = || session.clone();
            (!parts.is_empty()).then(|| Attended {
                session: session(),
                parts,
            })
        });
        by_person.insert(id, attended.collect());
    }
    Ok(by_person)
}

/// What says for which participants a session is.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'a> {
    /// The session.
    pub session: SessionId,
    /// Its round.
    pub round: RoundId,
    /// What it is.
    pub kind: SessionKind,
    /// For whom it is.
    pub audience: &'a [Audience],
    /// For which group.
    pub group: Option<GroupId>,
}

impl<'a> From<&'a ReleasedSession> for Meant<'a> {
    fn from(session: &'a ReleasedSession) -> Self {
        Self {
            session: session.id,
            round: session.round_id,
            kind: session.kind,
            audience: &session.audience,
            group: session.group_id,
        }
    }
}

/// The participants who go to a session, in the order of their participations.
pub async fn participants(
    connection: &impl ConnectionTrait,
    meant: impl Into<Meant<'_>>,
) -> Result<Vec<participations::Model>, DatabaseError> {
    let meant = meant.into();
    let mut all = participations::of_round(connection, meant.round).await?;
    if !meant.audience.contains(&Audience::Participants) {
        let people: Vec<Uuid> = all.iter().map(|row| row.person_id).collect();
        let groups = groups::of(connection, &people).await?;
        let is_in = |row: &participations::Model| {
            let own = groups.iter().filter(|one| one.person == row.person_id);
            own.map(|one| Some(one.group))
                .any(|group| group == meant.group)
        };
        let is_for_group = meant.audience.contains(&Audience::Group);
        all.retain(|row| is_for_group && is_in(row));
    }
    if meant.kind == SessionKind::Elective {
        let chosen = chosen(connection, all.iter().map(|row| row.person_id)).await?;
        all.retain(|row| chosen.contains(&(row.person_id.into(), meant.session)));
    }
    Ok(all)
}

/// The offices that decide for the participants' municipalities.
pub async fn directors(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<offices::Model>, DatabaseError> {
    let all = participations::of_round(connection, round).await?;
    let municipalities: HashSet<Uuid> = all.iter().filter_map(|row| row.municipality_id).collect();
    let offices = offices::Entity::find()
        .filter(offices::Column::OrganisationId.is_in(municipalities))
        .filter(offices::Column::Kind.eq(column::text(OfficeKind::MunicipalDirector)))
        .order_by_asc(offices::Column::Id);
    Ok(offices.all(connection).await?)
}

/// What a caller may do with a session.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The session.
    pub session: ReleasedSession,
    /// Whether the caller leads it, or coordinates its round.
    pub keeps: bool,
    /// Whether the caller coordinates its round.
    pub coordinates: bool,
    /// The sites that the caller looks after.
    pub hosts: BTreeSet<VenueId>,
}

impl Seen {
    /// The sites to whose lists the caller is confined; nothing for who keeps the whole list.
    pub fn confines(&self) -> Option<&BTreeSet<VenueId>> {
        (!self.keeps).then_some(&self.hosts)
    }
}

/// A released session that the caller may know: coordinators, who leads it, who looks after a site
/// of it, and who goes there.
pub async fn seen(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SessionId,
) -> Result<Seen, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let session = released::find(connection, id).await?.ok_or_else(missing)?;
    let coordinates = caller.coordinates(session.organiser_id);
    let leads = caller
        .person
        .is_some_and(|person| session.facilitator_ids.contains(&person));
    let hosted = |place: &&ReleasedPlace| place.host_id.is_some() && place.host_id == caller.person;
    let hosts: BTreeSet<VenueId> = session
        .sites
        .iter()
        .filter(hosted)
        .map(|place| place.venue_id)
        .collect();
    if !coordinates && !leads && hosts.is_empty() {
        let person = caller.person.ok_or_else(missing)?;
        let parts = Parts::of(connection, person).await?;
        if parts.audience(&session).is_empty() {
            return Err(missing());
        }
    }
    Ok(Seen {
        session,
        keeps: coordinates || leads,
        coordinates,
        hosts,
    })
}

/// The same for those who keep a list of the session: its facilitators and coordinators the whole
/// one, hosts those of their sites.
pub async fn kept(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SessionId,
) -> Result<Seen, Problem> {
    let seen = seen(connection, caller, id).await?;
    if seen.keeps || !seen.hosts.is_empty() {
        Ok(seen)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}
