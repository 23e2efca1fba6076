//! Operations of rosters and of one's own schedule.

use crate::{
    State, attendance,
    attendance::days::Count,
    audiences::{
        self,
        groups::{self, Membership},
        store::Attended,
    },
    calendars::store::owner,
    sites,
};
use actix_web::{
    get,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{column, page};
use shared_projections::{organisations, participations, people, rounds};
use shared_types::{
    Links, PersonId, Problem, SessionId, VenueId,
    scheduling::{
        releases::SessionStatus,
        rosters::{
            OwnRound, OwnSchedule, OwnSession, Roster, RosterEntry, StaffSchedule,
            StaffSchedulePage,
        },
        sessions::Audience,
    },
};
use shared_web::{Context, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeSet;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_roster)
        .service(get_my_schedule)
        .service(list_staff_schedules);
}

/// Get a session's roster
///
/// For the session's facilitators and the coordinators of its round: who attends it, with
/// municipality, by name. What people need is not among it. Whoever looks after a site reads those
/// who join from there.
#[utoipa::path(tag = "rosters", params(("sessionId" = SessionId, Path, description = "The session."), ("siteId" = Option<VenueId>, Query, description = "Only those who join from this site.")), responses((status = 200, description = "The roster.", body = Roster)))]
#[get("/sessions/{sessionId}/roster")]
async fn get_roster(
    state: Data<State>,
    context: Context,
    id: Path<SessionId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let seen = audiences::store::kept(connection, &context.caller, *id).await?;
    let mut rows = audiences::store::participants(connection, &seen.session).await?;
    let chosen = sites::store::of_session(connection, *id).await?;
    let wanted: Option<VenueId> = query.get("siteId");
    rows.retain(|row| {
        let site = chosen.get(&row.person_id.into());
        let is_own = |own: &BTreeSet<VenueId>| site.is_some_and(|site| own.contains(site));
        seen.confines().is_none_or(is_own) && (wanted.is_none() || site == wanted.as_ref())
    });
    let names = people::find_all(connection, rows.iter().map(|row| row.person_id)).await?;
    let municipalities = rows.iter().filter_map(|row| row.municipality_id);
    let municipalities = organisations::find_all(connection, municipalities).await?;
    let mut entries: Vec<RosterEntry> = rows
        .iter()
        .map(|row| {
            let person = names.get(&row.person_id).filter(|one| !one.erased);
            let municipality = row.municipality_id.and_then(|id| municipalities.get(&id));
            RosterEntry {
                person_id: row.person_id.into(),
                application_id: row.id.into(),
                name: person.map(|one| one.name.clone()),
                municipality: municipality.map(|one| one.name.clone()),
                site_id: chosen.get(&row.person_id.into()).copied(),
            }
        })
        .collect();
    entries.sort_by(|one, other| {
        (&one.name, one.application_id).cmp(&(&other.name, other.application_id))
    });
    Ok(Reply::ok(&Roster {
        session_id: *id,
        round_id: seen.session.round_id,
        entries,
        links: Links::to_self(context.href(format!("sessions/{id}/roster"))),
    })?)
}

/// Get one's own schedule
///
/// For a person: of each round in which one takes part, the session that comes next (when and
/// where) and how many days one was there; and all sessions to come, whatever one is there.
#[utoipa::path(tag = "rosters", security(("oidc" = [])), responses((status = 200, description = "One's schedule.", body = OwnSchedule)))]
#[get("/me/schedule")]
async fn get_my_schedule(state: Data<State>, context: Context) -> Outcome {
    let connection = state.database.read();
    let person = owner(&context.caller)?;
    let attended = audiences::store::sessions_of(connection, person).await?;
    let upcoming: Vec<&Attended> = attended
        .iter()
        .filter(|one| one.is_to_come(context.now))
        .collect();
    let in_groups = groups::of(connection, &[person.uuid()]).await?;
    let mut own = Vec::new();
    for row in participations::of_person(connection, person).await? {
        own.push(round(connection, &row, (&upcoming, &in_groups), &context).await?);
    }
    let upcoming = upcoming.into_iter();
    Ok(Reply::ok(&OwnSchedule {
        person_id: person,
        rounds: own,
        upcoming: upcoming
            .map(|one| session(one, &in_groups, &context))
            .collect(),
        links: Links::to_self(context.href("me/schedule")),
    })?)
}

/// List the schedules of one's staff
///
/// For a person: the sessions to come of those whose own manager one is, as far as they take part
/// in something. Where to join remotely is theirs to know.
#[utoipa::path(tag = "rosters", security(("oidc" = [])), params(PageParameters), responses((status = 200, description = "A page of one's staff.", body = StaffSchedulePage)))]
#[get("/me/staff-schedules")]
async fn list_staff_schedules(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let manager = context.caller.person.map_or(Uuid::nil(), PersonId::uuid);
    let select = people::Entity::find()
        .filter(people::Column::ManagerId.eq(manager))
        .filter(people::Column::Erased.eq(false));
    let slice = page::read(connection, select, people::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let ids: Vec<Uuid> = slice.items.iter().map(|row| row.id).collect();
    let mut sessions = audiences::store::sessions_of_participants(connection, &ids).await?;
    let items = slice.items.into_iter().map(|row| {
        let own = sessions.remove(&row.id).unwrap_or_default();
        let upcoming = own.iter().filter(|one| one.is_to_come(context.now));
        let away = upcoming.map(|one| OwnSession {
            online_address: None,
            ..session(one, &[], &context)
        });
        StaffSchedule {
            person_id: row.id.into(),
            name: row.name,
            upcoming: away.collect(),
            links: Links::to_self(context.href("me/staff-schedules")),
        }
    });
    Ok(Reply::ok(&StaffSchedulePage {
        items: items.collect(),
        meta: slice.meta,
        links,
    })?)
}

async fn round(
    connection: &impl ConnectionTrait,
    row: &participations::Model,
    (upcoming, in_groups): (&[&Attended], &[Membership]),
    context: &Context,
) -> Result<OwnRound, Problem> {
    let known = rounds::find(connection, row.round_id.into()).await?;
    let cases = attendance::store::cases(connection, row.round_id.into(), &[row.person_id]).await?;
    let count = cases
        .get(&row.person_id)
        .map(|case| Count::of(case, context.now))
        .unwrap_or_default();
    let as_participant = |part: &Audience| matches!(part, Audience::Participants | Audience::Group);
    let is_next = |one: &&&Attended| {
        one.session.round_id.uuid() == row.round_id
            && one.session.status == SessionStatus::Confirmed
            && one.parts.iter().any(as_participant)
    };
    Ok(OwnRound {
        round_id: row.round_id.into(),
        application_id: row.id.into(),
        name: known
            .map(|known| column::from_json(known.name))
            .transpose()?,
        next_session: upcoming
            .iter()
            .find(is_next)
            .map(|one| session(one, in_groups, context)),
        days: count.in_days(),
    })
}

fn session(attended: &Attended, in_groups: &[Membership], context: &Context) -> OwnSession {
    let session = attended.session.clone();
    let group = groups::at(in_groups, &session);
    let calendar = context.href(format!("sessions/{}/calendar", session.id));
    let schedule = context.href(format!("rounds/{}/schedule", session.round_id));
    OwnSession {
        session_id: session.id,
        round_id: session.round_id,
        name: session.name,
        kind: session.kind,
        form: session.form,
        status: session.status,
        as_audience: attended.parts.clone(),
        days: session.days,
        time_zone: session.time_zone,
        venue: session.venue,
        online_address: session.online_address,
        group_id: group.map(|one| one.group),
        group_number: group.map(|one| one.number),
        links: Links::to_self(schedule).with("calendar", "GET", calendar),
    }
}
