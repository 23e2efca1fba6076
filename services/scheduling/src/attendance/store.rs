//! Queries of attendance: marks, tasks, and the days of participants.

use super::{
    days::{Case, HALVES, SessionDay},
    entity, make_up_entity, sheet_entity, task_entity,
};
use crate::{audiences, plans};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError, column};
use shared_projections::participations;
use shared_types::{
    ApplicationId, AttendanceMarkId, Caller, MakeUpTaskId, OrganisationId, PersonId, Problem, Role,
    RoundId, SessionId, codes,
    registration::applications::SeatState,
    scheduling::{
        attendance::{AttendanceStatus, DayHalf},
        releases::{ReleasedSession, SessionStatus},
        sessions::{Audience, SessionKind},
    },
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The sheet of a session under its lock, which every marking takes first.
pub async fn lock_sheet(
    change: &Change,
    session: &ReleasedSession,
) -> Result<sheet_entity::Model, DatabaseError> {
    let sheet = sheet_entity::Model {
        session_id: session.id.uuid(),
        round_id: session.round_id.uuid(),
        version: 1,
    };
    let known = OnConflict::column(sheet_entity::Column::SessionId)
        .do_nothing()
        .to_owned();
    sheet_entity::Entity::insert(sheet.clone().into_active_model())
        .on_conflict(known)
        .exec_without_returning(change.tx())
        .await?;
    let locked = sheet_entity::Entity::find_by_id(session.id.uuid()).lock_exclusive();
    Ok(locked.one(change.tx()).await?.unwrap_or(sheet))
}

/// The version of a session's sheet; 1 before anybody has marked.
pub async fn sheet_version(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<i32, DatabaseError> {
    let sheet = sheet_entity::Entity::find_by_id(session.uuid());
    let sheet = sheet.one(connection).await?;
    Ok(sheet.map_or(1, |sheet| sheet.version))
}

/// The marks of a session, by person, day and half.
pub async fn marks_of(
    connection: &impl ConnectionTrait,
    session: SessionId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::SessionId.eq(session.uuid()))
        .order_by_asc(entity::Column::PersonId)
        .order_by_asc(entity::Column::Day)
        .order_by_asc(entity::Column::Half)
        .all(connection)
        .await?)
}

/// A mark.
pub async fn find_mark(
    connection: &impl ConnectionTrait,
    id: AttendanceMarkId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// The rounds whose tasks a caller may know: those that are coordinated, and those in which the
/// caller takes part.
pub fn scoped_tasks(caller: &Caller) -> Select<task_entity::Entity> {
    let own = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let kept = Condition::any().add(task_entity::Column::OrganiserId.is_in(own));
    let person = caller.person.map_or(Uuid::nil(), PersonId::uuid);
    let rounds = participations::Entity::find()
        .select_only()
        .column(participations::Column::RoundId)
        .filter(participations::Column::PersonId.eq(person))
        .filter(participations::Column::Seat.is_in(seats()));
    let taken = task_entity::Column::RoundId.in_subquery(sea_orm::QueryTrait::into_query(rounds));
    task_entity::Entity::find().filter(kept.add(taken))
}

fn seats() -> [String; 2] {
    [SeatState::Accepted, SeatState::Completed].map(column::text)
}

/// A task that the caller may know.
pub async fn find_task(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: MakeUpTaskId,
) -> Result<Option<task_entity::Model>, DatabaseError> {
    let known = scoped_tasks(caller).filter(task_entity::Column::Id.eq(id.uuid()));
    Ok(known.one(connection).await?)
}

/// Who has done some tasks, by task.
pub async fn done(
    connection: &impl ConnectionTrait,
    tasks: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PersonId>>, DatabaseError> {
    let rows = make_up_entity::Entity::find()
        .filter(make_up_entity::Column::TaskId.is_in(tasks.iter().copied()))
        .order_by_asc(make_up_entity::Column::PersonId);
    let mut done: HashMap<Uuid, Vec<PersonId>> = HashMap::new();
    for row in rows.all(connection).await? {
        done.entry(row.task_id)
            .or_default()
            .push(row.person_id.into());
    }
    Ok(done)
}

/// A participation with its person, where it takes part; who it is not for gets 404.
pub async fn participation(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ApplicationId,
) -> Result<participations::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = participations::Entity::find_by_id(id.uuid())
        .one(connection)
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(missing)?;
    let own = caller.person.map(PersonId::uuid);
    let is_kept = caller.coordinates(row.organiser_id.into());
    if !row.takes_part() {
        return Err(missing());
    }
    if is_kept || own == Some(row.person_id) {
        return Ok(row);
    }
    let person = shared_projections::people::find(connection, row.person_id.into()).await?;
    let manager = person.and_then(|person| person.manager_id);
    if own.is_some() && manager == own {
        Ok(row)
    } else {
        Err(missing())
    }
}

/// What the days of some participants of a round are counted from, by person.
pub async fn cases(
    connection: &impl ConnectionTrait,
    round: RoundId,
    people: &[Uuid],
) -> Result<BTreeMap<Uuid, Case>, DatabaseError> {
    let sessions = plans::released::of_rounds(connection, &[round]).await?;
    let plan = plans::entity::Entity::find_by_id(round.uuid())
        .one(connection)
        .await?;
    let chosen = audiences::store::chosen(connection, people.iter().copied()).await?;
    let groups = audiences::groups::of(connection, people).await?;
    let mut marks = all_marks(connection, round, people).await?;
    let mut tasks = task_half_days(connection, round, people).await?;
    let mut cases = BTreeMap::new();
    for &person in people {
        let own = marks.remove(&person).unwrap_or_default();
        let attends = |session: &&ReleasedSession| {
            let is_for = |part: &Audience| match part {
                Audience::Participants => true,
                Audience::Group => groups
                    .iter()
                    .any(|one| one.person == person && Some(one.group) == session.group_id),
                _ => false,
            };
            session.status != SessionStatus::Cancelled
                && session.audience.iter().any(is_for)
                && (session.kind != SessionKind::Elective
                    || chosen.contains(&(person.into(), session.id)))
        };
        let held = sessions.iter().filter(attends);
        let case = Case {
            promised_days: plan.as_ref().and_then(|plan| plan.promised_days),
            days: held.flat_map(|session| days(session, &own)).collect(),
            task_half_days: tasks.remove(&person).unwrap_or_default(),
        };
        cases.insert(person, case);
    }
    Ok(cases)
}

/// Marks of one person, by session, day and half.
type Marks = HashMap<(Uuid, i32, DayHalf), AttendanceStatus>;

fn days(session: &ReleasedSession, marks: &Marks) -> Vec<SessionDay> {
    let day = |day: &shared_types::scheduling::releases::ReleasedDay| SessionDay {
        session_id: session.id,
        number: day.number,
        date: day.date,
        starts: day.starts,
        counts: session.counts,
        marks: HALVES.map(|half| {
            let mark = marks.get(&(session.id.uuid(), day.number, half));
            mark.copied().unwrap_or(AttendanceStatus::Unknown)
        }),
    };
    session.days.iter().map(day).collect()
}

async fn all_marks(
    connection: &impl ConnectionTrait,
    round: RoundId,
    people: &[Uuid],
) -> Result<HashMap<Uuid, Marks>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::PersonId.is_in(people.iter().copied()))
        .all(connection)
        .await?;
    let mut marks: HashMap<Uuid, Marks> = HashMap::new();
    for row in rows {
        let half = column::parse(&row.half)?;
        let own = marks.entry(row.person_id).or_default();
        own.insert((row.session_id, row.day, half), column::parse(&row.status)?);
    }
    Ok(marks)
}

async fn task_half_days(
    connection: &impl ConnectionTrait,
    round: RoundId,
    people: &[Uuid],
) -> Result<HashMap<Uuid, i32>, DatabaseError> {
    let rows = make_up_entity::Entity::find()
        .filter(make_up_entity::Column::RoundId.eq(round.uuid()))
        .filter(make_up_entity::Column::PersonId.is_in(people.iter().copied()))
        .all(connection)
        .await?;
    let mut worth = HashMap::new();
    for row in rows {
        *worth.entry(row.person_id).or_default() += row.half_days;
    }
    Ok(worth)
}

/// A round whose plan was released and which the caller coordinates; others who may know its
/// released sessions get 403.
pub async fn coordinated(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    round: RoundId,
) -> Result<OrganisationId, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let known = shared_projections::rounds::find(connection, round)
        .await?
        .ok_or_else(missing)?;
    let organiser = OrganisationId::from(known.organiser_id);
    if caller.coordinates(organiser) {
        return Ok(organiser);
    }
    let person = caller.person.ok_or_else(missing)?;
    let sessions = audiences::store::sessions_of(connection, person).await?;
    if sessions.iter().any(|one| one.session.round_id == round) {
        Err(Problem::of(&codes::FORBIDDEN))
    } else {
        Err(missing())
    }
}

/// Forgets what is known of somebody who is erased; the counts of others are not touched. Says
/// which marks there were: why they were corrected is to be forgotten too.
pub async fn forget(change: &Change, person: PersonId) -> Result<Vec<Uuid>, DatabaseError> {
    let marks = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .all(change.tx())
        .await?;
    entity::Entity::delete_many()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    make_up_entity::Entity::delete_many()
        .filter(make_up_entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(marks.into_iter().map(|mark| mark.id).collect())
}
