//! Who reads a released plan, and what of it is for them.

use super::released_facilitator;
use crate::{
    audiences::{self, pairs},
    plans, sessions,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::DatabaseError;
use shared_projections::{participations, people};
use shared_types::{
    Caller, GroupId, OrganisationId, PersonId, Problem, RoundId, SessionId, codes,
    scheduling::{releases::ReleasedSession, sessions::Audience},
};
use std::collections::BTreeSet;

/// What somebody is to a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    /// Coordinates the organiser's programmes.
    pub coordinator: bool,
    /// Has a seat.
    pub participant: bool,
    /// Is the own manager of somebody with a seat.
    pub manager: bool,
    /// Decides for the municipality of somebody with a seat.
    pub director: bool,
    /// Supports somebody with a seat.
    pub mentor: bool,
    /// The groups to which the reader belongs.
    pub groups: BTreeSet<GroupId>,
    /// Leads these of the round's sessions.
    pub leads: BTreeSet<SessionId>,
}

impl Reader {
    /// Whether the round's released plan is for this reader at all.
    pub fn is_any(&self) -> bool {
        let people = self.participant || self.manager || self.director || self.mentor;
        self.coordinator || people || !self.leads.is_empty()
    }

    /// Whether a session is for the reader.
    pub fn sees(&self, session: &ReleasedSession) -> bool {
        let is_for = |audience: &Audience| match audience {
            // A participant's manager knows when the staff is away.
            Audience::Participants => self.participant || self.manager,
            Audience::Group => self.is_in(session),
            Audience::Managers => self.manager,
            Audience::Directors => self.director,
            Audience::Facilitators => !self.leads.is_empty(),
            Audience::Mentors => self.mentor,
        };
        self.leads_it(session) || self.coordinator || session.audience.iter().any(is_for)
    }

    /// The session as the reader sees it: only those for whom it is learn where to join.
    pub fn view(&self, session: ReleasedSession) -> ReleasedSession {
        let attends = |audience: &Audience| match audience {
            Audience::Participants => self.participant,
            Audience::Group => self.is_in(&session),
            Audience::Managers => self.manager,
            Audience::Directors => self.director,
            Audience::Facilitators => !self.leads.is_empty(),
            Audience::Mentors => self.mentor,
        };
        let joins =
            self.coordinator || self.leads_it(&session) || session.audience.iter().any(attends);
        ReleasedSession {
            online_address: session.online_address.filter(|_| joins),
            ..session
        }
    }

    /// Whether the session is for a group of the reader's.
    fn is_in(&self, session: &ReleasedSession) -> bool {
        let group = session.group_id.as_ref();
        group.is_some_and(|group| self.groups.contains(group))
    }

    fn leads_it(&self, session: &ReleasedSession) -> bool {
        self.leads.contains(&session.id)
    }
}

/// What a caller is to the round of some released sessions.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    organiser: OrganisationId,
    sessions: &[ReleasedSession],
) -> Result<Reader, DatabaseError> {
    let Some(round) = sessions.first().map(|session| session.round_id) else {
        return Ok(Reader {
            coordinator: caller.coordinates(organiser),
            ..Reader::default()
        });
    };
    let parts = participations::of_round(connection, round).await?;
    let is_mine = |id| caller.person.is_some_and(|person| person.uuid() == id);
    let directs = |part: &participations::Model| {
        let municipality = part.municipality_id.map(OrganisationId::from);
        municipality.is_some_and(|municipality| caller.directs(municipality))
    };
    let (mut manager, mut mentor) = (false, false);
    let (mut leads, mut groups) = (BTreeSet::new(), BTreeSet::new());
    if let Some(person) = caller.person {
        let ids = parts.iter().map(|part| part.person_id);
        let staff = people::find_all(connection, ids).await?;
        manager = staff
            .values()
            .any(|one| one.manager_id == Some(person.uuid()));
        leads = led(connection, person, sessions).await?;
        let own = audiences::groups::of(connection, &[person.uuid()]).await?;
        groups.extend(own.iter().map(|one| one.group));
        let supports = pairs::rounds_of(connection, person).await?;
        mentor = supports.contains(&round);
    }
    Ok(Reader {
        coordinator: caller.coordinates(organiser),
        participant: parts.iter().any(|part| is_mine(part.person_id)),
        manager,
        director: parts.iter().any(directs),
        mentor,
        leads,
        groups,
    })
}

async fn led(
    connection: &impl ConnectionTrait,
    person: PersonId,
    sessions: &[ReleasedSession],
) -> Result<BTreeSet<SessionId>, DatabaseError> {
    let ids = sessions.iter().map(|session| session.id.uuid());
    let led = released_facilitator::Entity::find()
        .filter(released_facilitator::Column::PersonId.eq(person.uuid()))
        .filter(released_facilitator::Column::SessionId.is_in(ids))
        .all(connection)
        .await?;
    Ok(led.into_iter().map(|row| row.session_id.into()).collect())
}

/// A session with what the caller is to its round, if the session is the caller's to know: a
/// coordinator knows drafts too, everybody else what was released for them.
pub async fn of_session(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SessionId,
) -> Result<(sessions::entity::Model, Reader), Problem> {
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let row = sessions::store::find(connection, id).await?;
    let row = row.ok_or_else(not_found)?;
    let (reader, released) = of_round(connection, caller, row.round_id.into()).await?;
    let seen = released.iter().find(|session| session.id == id);
    if reader.coordinator || seen.is_some_and(|session| reader.sees(session)) {
        Ok((row, reader))
    } else {
        Err(not_found())
    }
}

/// What the caller is to a round with a plan, and what was released of it.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    round: RoundId,
) -> Result<(Reader, Vec<ReleasedSession>), Problem> {
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let plan = plans::store::find(connection, round).await?;
    let plan = plan.ok_or_else(not_found)?;
    let released = plans::released::of_rounds(connection, &[round]).await?;
    let reader = find(connection, caller, plan.organiser_id.into(), &released).await?;
    if reader.is_any() {
        Ok((reader, released))
    } else {
        Err(not_found())
    }
}
