//! Operations of attendance.

use super::{
    days::{Case, Count, half_days, opens_at},
    entity, steps, store, task_entity, tasks,
};
use crate::{
    State,
    audiences::{self, store::Seen},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _, QuerySelect as _};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, column, history, page};
use shared_projections::{participations, people};
use shared_types::{
    Answer, ApplicationId, AttendanceMarkId, Links, MakeUpTaskId, PersonId, Problem, RoundId,
    SessionId, VenueId, codes,
    registration::history::History,
    scheduling::attendance::{
        AttendanceDay, AttendanceMark, AttendanceOutlook, MakeUpTask, MakeUpTaskPage,
        NewAttendance, NewCompletion, NewMakeUpTask, ParticipantAttendance,
        ParticipantAttendancePage, SessionAttendance,
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use std::collections::HashMap;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The share that is looked at where nothing is said.
const USUAL_PERCENT: i32 = 80;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_session_attendance)
        .service(record_attendance)
        .service(get_attendance_mark_history)
        .service(list_round_attendance)
        .service(get_participant_attendance)
        .service(list_make_up_tasks)
        .service(create_make_up_task)
        .service(get_make_up_task)
        .service(complete_make_up_task);
}

/// Parameters by which attendance is looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameters; `Query` reads them")]
struct OutlookParameters {
    /// The share of the programme's days that has to be reached, in per cent.
    #[param(minimum = 0, maximum = 100, default = 80, example = 80)]
    required_percent: Option<i32>,
}

/// The parameter that narrows a list to those of whom something is to be done.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameter; `Query` reads it")]
struct NarrowingParameters {
    /// Only those of whom it stands so.
    #[param(inline)]
    outlook: Option<AttendanceOutlook>,
}

/// Get a session's attendance
///
/// For the session's facilitators and the coordinators of its round: every mark, and when marking
/// of each day opens. Who is not marked is unknown. Whoever looks after a site reads its marks.
#[utoipa::path(tag = "attendance", params(("sessionId" = SessionId, Path, description = "The session."), ("siteId" = Option<VenueId>, Query, description = "Only marks of this site.")), responses((status = 200, description = "The session's attendance.", body = SessionAttendance)))]
#[get("/sessions/{sessionId}/attendance")]
async fn get_session_attendance(
    state: Data<State>,
    context: Context,
    id: Path<SessionId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let seen = audiences::store::kept(connection, &context.caller, *id).await?;
    let version = store::sheet_version(connection, *id).await?;
    let wanted: Option<VenueId> = query.get("siteId");
    let mut sheet = sheet(connection, &seen, &context).await?;
    sheet
        .marks
        .retain(|mark| wanted.is_none() || mark.site_id == wanted);
    Ok(Reply::resource(&sheet, version)?)
}

/// Mark a session's attendance
///
/// For the session's facilitators and the coordinators of its round: marks of a whole group in
/// one call; all are made or none, and everything that speaks against one is listed. Marking
/// opens a quarter of an hour before the day begins. A mark that is there is corrected, and the
/// history keeps what it said; a mark that says what is said already changes nothing. Whoever looks
/// after a site marks those who join from there.
#[utoipa::path(tag = "attendance", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = NewAttendance, responses((status = 200, description = "The session's attendance.", body = SessionAttendance)))]
#[post("/sessions/{sessionId}/attendance")]
async fn record_attendance(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewAttendance>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let work = async |change: &mut Change| {
        let seen = audiences::store::kept(change.tx(), &context.caller, *id).await?;
        let locked = store::lock_sheet(change, &seen.session).await?;
        expected.check(locked.version)?;
        let language = context.language;
        let locked = steps::record(change, &seen, locked, &body, language).await?;
        let sheet = sheet(change.tx(), &seen, &context).await?;
        Ok(Answer::ok(&sheet)?.version(locked.version))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Read a mark's history
///
/// For the session's facilitators and the coordinators of its round: who marked, when, what it
/// said before and what since, and why it was corrected.
#[utoipa::path(tag = "attendance", params(("attendanceMarkId" = AttendanceMarkId, Path, description = "The mark.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/attendance-marks/{attendanceMarkId}/history")]
async fn get_attendance_mark_history(
    state: Data<State>,
    context: Context,
    id: Path<AttendanceMarkId>,
) -> Outcome {
    let connection = state.database.read();
    let missing = || Problem::of(&codes::NOT_FOUND);
    let mark = store::find_mark(connection, *id)
        .await?
        .ok_or_else(missing)?;
    audiences::store::seen(connection, &context.caller, mark.session_id.into())
        .await
        .ok()
        .filter(|seen| {
            let site = mark.site_id.map(VenueId::from);
            seen.keeps || site.is_some_and(|site| seen.hosts.contains(&site))
        })
        .ok_or_else(missing)?;
    Ok(Reply::ok(&History {
        entries: history::list(connection, id.uuid()).await?,
        links: Links::to_self(context.href(format!("attendance-marks/{id}/history"))),
    })?)
}

/// List a round's attendance
///
/// For the coordinators of the round's organiser: each participant's days, and who is about to
/// fall short of a share of them.
#[utoipa::path(tag = "attendance", params(("roundId" = RoundId, Path, description = "The round."), OutlookParameters, NarrowingParameters, PageParameters), responses((status = 200, description = "A page of participants.", body = ParticipantAttendancePage)))]
#[get("/rounds/{roundId}/attendance")]
async fn list_round_attendance(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    store::coordinated(connection, &context.caller, *id).await?;
    let all = participations::of_round(connection, *id).await?;
    let people: Vec<Uuid> = all.iter().map(|row| row.person_id).collect();
    let cases = store::cases(connection, *id, &people).await?;
    let percent = query.get("requiredPercent").unwrap_or(USUAL_PERCENT);
    let wanted: Option<AttendanceOutlook> = query.get("outlook");
    let stands = |row: &participations::Model| {
        let count = cases
            .get(&row.person_id)
            .map(|case| Count::of(case, context.now));
        count.map(|count| count.outlook(percent))
    };
    let fitting = all
        .iter()
        .filter(|row| wanted.is_none() || stands(row) == wanted);
    let fitting: Vec<Uuid> = fitting.map(|row| row.id).collect();
    let select = <participations::Entity as sea_orm::EntityTrait>::find()
        .filter(participations::Column::Id.is_in(fitting));
    let slice = page::read(
        connection,
        select,
        participations::Column::Id,
        &query.page()?,
    )
    .await?;
    let links = query.links(&context, &slice);
    let names = people::find_all(connection, slice.items.iter().map(|row| row.person_id)).await?;
    let items = slice.items.iter().filter_map(|row| {
        let case = cases.get(&row.person_id)?;
        Some(standing(row, case, (percent, false), &names, &context))
    });
    Ok(Reply::ok(&ParticipantAttendancePage {
        items: items.collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Get a participant's attendance
///
/// For the participant, the participant's own manager and the coordinators of the round's
/// organiser: "10.5 of 12 days", and every half day.
#[utoipa::path(tag = "attendance", params(("applicationId" = ApplicationId, Path, description = "The participation."), OutlookParameters), responses((status = 200, description = "The participant's attendance.", body = ParticipantAttendance)))]
#[get("/participations/{applicationId}/attendance")]
async fn get_participant_attendance(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let row = store::participation(connection, &context.caller, *id).await?;
    let cases = store::cases(connection, row.round_id.into(), &[row.person_id]).await?;
    let names = people::find_all(connection, [row.person_id]).await?;
    let percent = query.get("requiredPercent").unwrap_or(USUAL_PERCENT);
    let case = cases.get(&row.person_id).cloned().unwrap_or_default();
    Ok(Reply::ok(&standing(
        &row,
        &case,
        (percent, true),
        &names,
        &context,
    ))?)
}

/// List a round's make-up tasks
///
/// For the round's participants and the coordinators of its organiser.
#[utoipa::path(tag = "attendance", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of tasks that make up.", body = MakeUpTaskPage)))]
#[get("/rounds/{roundId}/make-up-tasks")]
async fn list_make_up_tasks(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let select = store::scoped_tasks(&context.caller);
    let select = select.filter(task_entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, task_entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let ids: Vec<Uuid> = slice.items.iter().map(|row| row.id).collect();
    let mut done = store::done(connection, &ids).await?;
    let items = slice.items.into_iter().map(|row| {
        let done = done.remove(&row.id).unwrap_or_default();
        task(row, done, &context)
    });
    Ok(Reply::ok(&MakeUpTaskPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Offer a make-up task
///
/// For the coordinators of the round's organiser: whoever does it makes up for as many half days,
/// as far as days were excused or the round promises days that no session gives.
#[utoipa::path(tag = "attendance", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMakeUpTask, responses((status = 201, description = "The task.", body = MakeUpTask)))]
#[post("/rounds/{roundId}/make-up-tasks")]
async fn create_make_up_task(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMakeUpTask>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let organiser = store::coordinated(change.tx(), &context.caller, *id).await?;
        let row = tasks::add(change, *id, organiser, body).await?;
        let task = task(row, Vec::new(), &context)?;
        Ok(Answer::created(task.links.own(), &task)?.version(1))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get a make-up task
///
/// For the round's participants and the coordinators of its organiser.
#[utoipa::path(tag = "attendance", params(("makeUpTaskId" = MakeUpTaskId, Path, description = "The task.")), responses((status = 200, description = "The task.", body = MakeUpTask)))]
#[get("/make-up-tasks/{makeUpTaskId}")]
async fn get_make_up_task(state: Data<State>, context: Context, id: Path<MakeUpTaskId>) -> Outcome {
    let connection = state.database.read();
    let row = store::find_task(connection, &context.caller, *id).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let done = store::done(connection, &[row.id]).await?.remove(&row.id);
    let version = row.version;
    let task = task(row, done.unwrap_or_default(), &context)?;
    Ok(Reply::resource(&task, version)?)
}

/// Note who has done a make-up task
///
/// For the coordinators of the round's organiser; with `done` false it is taken back. Noting it
/// again changes nothing.
#[utoipa::path(tag = "attendance", params(("makeUpTaskId" = MakeUpTaskId, Path, description = "The task.")), request_body = NewCompletion, responses((status = 200, description = "The task.", body = MakeUpTask)))]
#[post("/make-up-tasks/{makeUpTaskId}/completions")]
async fn complete_make_up_task(
    state: Data<State>,
    id: Path<MakeUpTaskId>,
    command: Command<NewCompletion>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let work = async |change: &mut Change| {
        let known = store::scoped_tasks(&context.caller)
            .filter(task_entity::Column::Id.eq(id.uuid()))
            .lock_exclusive()
            .one(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        let row = known.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
        if !context.caller.coordinates(row.organiser_id.into()) {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        expected.check(row.version)?;
        let row = tasks::complete(change, row, &body, context.language).await?;
        let done = store::done(change.tx(), &[row.id]).await?.remove(&row.id);
        let version = row.version;
        let task = task(row, done.unwrap_or_default(), &context)?;
        Ok(Answer::ok(&task)?.version(version))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

async fn sheet(
    connection: &impl ConnectionTrait,
    seen: &Seen,
    context: &Context,
) -> Result<SessionAttendance, Problem> {
    let session = &seen.session;
    let mut rows = store::marks_of(connection, session.id).await?;
    if let Some(own) = seen.confines() {
        let is_own = |site: VenueId| own.contains(&site);
        rows.retain(|row| row.site_id.map(VenueId::from).is_some_and(is_own));
    }
    let marks: Result<Vec<AttendanceMark>, DatabaseError> =
        rows.iter().map(|row| mark(row, context)).collect();
    let days = session.days.iter().map(|day| AttendanceDay {
        day: day.number,
        date: day.date,
        opens_at: opens_at(day.starts),
    });
    let href = context.href(format!("sessions/{}/attendance", session.id));
    Ok(SessionAttendance {
        session_id: session.id,
        round_id: session.round_id,
        days: days.collect(),
        marks: marks?,
        links: Links::to_self(&href).with("record", "POST", &href),
    })
}

fn mark(row: &entity::Model, context: &Context) -> Result<AttendanceMark, DatabaseError> {
    let session = context.href(format!("sessions/{}/attendance", row.session_id));
    let history = context.href(format!("attendance-marks/{}/history", row.id));
    Ok(AttendanceMark {
        id: row.id.into(),
        person_id: row.person_id.into(),
        day: row.day,
        half: column::parse(&row.half)?,
        status: column::parse(&row.status)?,
        site_id: row.site_id.map(Into::into),
        marked_at: row.marked_at,
        links: Links::to_self(session).with("history", "GET", history),
    })
}

/// How a participant stands; with all half days where that is asked for.
fn standing(
    row: &participations::Model,
    case: &Case,
    (percent, whole): (i32, bool),
    names: &HashMap<Uuid, people::Model>,
    context: &Context,
) -> ParticipantAttendance {
    let count = Count::of(case, context.now);
    let name = names.get(&row.person_id);
    ParticipantAttendance {
        application_id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        name: name
            .filter(|known| !known.erased)
            .map(|known| known.name.clone()),
        days: count.in_days(),
        outlook: count.outlook(percent),
        half_days: whole.then(|| half_days(case)),
        links: Links::to_self(context.href(format!("participations/{}/attendance", row.id))),
    }
}

/// The wire form of a task: participants see of the others not whether they have done it.
fn task(
    row: task_entity::Model,
    done: Vec<PersonId>,
    context: &Context,
) -> Result<MakeUpTask, Problem> {
    let coordinates = context.caller.coordinates(row.organiser_id.into());
    let own = context.caller.person;
    let shown = |person: &PersonId| coordinates || Some(*person) == own;
    let href = context.href(format!("make-up-tasks/{}", row.id));
    let completions = format!("{href}/completions");
    let links = Links::to_self(href);
    Ok(MakeUpTask {
        id: row.id.into(),
        round_id: row.round_id.into(),
        title: column::from_json(row.title)?,
        description: row.description.map(column::from_json).transpose()?,
        half_days: row.half_days,
        due_on: row.due_on,
        done_by_ids: done.into_iter().filter(shown).collect(),
        links: if coordinates {
            links.with("completions", "POST", completions)
        } else {
            links
        },
    })
}
