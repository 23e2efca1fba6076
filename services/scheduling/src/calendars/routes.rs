//! Operations of calendar links, and the calendar of one session.

use super::{entity, model, store};
use crate::{State, audiences};
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Path},
};
use shared_calendar::{MEDIA_TYPE, object};
use shared_database::{Change, page};
use shared_types::{
    Answer, CalendarLinkId, Links, Problem, SessionId, codes,
    scheduling::calendars::{CalendarLink, CalendarLinkPage, CalendarText, NewCalendarLink},
};
use shared_web::{Command, Context, Error, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_calendar_links)
        .service(create_calendar_link)
        .service(get_calendar_link)
        .service(revoke_calendar_link)
        .service(download_session_calendar);
}

/// List one's calendar links
///
/// One's own, revoked ones included. The addresses are not among it: each was told once.
#[utoipa::path(tag = "calendars", params(PageParameters), responses((status = 200, description = "A page of calendar links.", body = CalendarLinkPage)))]
#[get("/calendar-links")]
async fn list_calendar_links(state: Data<State>, context: Context, query: Query) -> Outcome {
    let select = store::scoped(&context.caller);
    let connection = state.database.read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.into_iter();
    Ok(Reply::ok(&CalendarLinkPage {
        items: items.map(|row| wire(row, &context)).collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Make a calendar link
///
/// For a person: a secret address to which a calendar program subscribes. It opens one's own
/// calendar for whoever knows it, and stands in this answer alone. Repeating the request with its
/// Idempotency-Key makes no second link, and the answer then lacks the address. At most ten work
/// at a time.
#[utoipa::path(tag = "calendars", request_body = NewCalendarLink, responses((status = 201, description = "The calendar link, with its address.", body = CalendarLink)))]
#[post("/calendar-links")]
async fn create_calendar_link(state: Data<State>, command: Command<NewCalendarLink>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let person = store::owner(&context.caller)?;
    let mut address = None;
    let work = async |change: &mut Change| {
        let (row, secret) = store::add(change, person, body.name).await?;
        let origin = &context.origin;
        address = Some(format!(
            "{origin}/scheduling/pages/calendars/{}.ics",
            secret.text
        ));
        // What is kept for repeated requests must not hold the secret.
        let link = wire(row, &context);
        Ok(Answer::created(link.links.own(), &link)?.version(1))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    let mut answer = answer?;
    if let (Some(address), Some(body)) = (address, answer.body.as_object_mut()) {
        body.insert("address".to_owned(), address.into());
    }
    Ok(answer.into())
}

/// Get a calendar link
///
/// For the person whose calendar it opens.
#[utoipa::path(tag = "calendars", params(("calendarLinkId" = CalendarLinkId, Path, description = "The calendar link.")), responses((status = 200, description = "The calendar link.", body = CalendarLink)))]
#[get("/calendar-links/{calendarLinkId}")]
async fn get_calendar_link(
    state: Data<State>,
    context: Context,
    id: Path<CalendarLinkId>,
) -> Outcome {
    let row = known(state.database.read(), &context, *id).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context), version)?)
}

/// Revoke a calendar link
///
/// For the person whose calendar it opens: its address opens nothing from now on. Revoking it
/// again changes nothing.
#[utoipa::path(tag = "calendars", params(("calendarLinkId" = CalendarLinkId, Path, description = "The calendar link.")), responses((status = 204, description = "It is revoked.")))]
#[delete("/calendar-links/{calendarLinkId}")]
async fn revoke_calendar_link(
    state: Data<State>,
    id: Path<CalendarLinkId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let row = known(change.tx(), &context, *id).await?;
        expected.check(row.version)?;
        store::revoke(change, row).await?;
        Ok(Answer::no_content())
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Download a session's calendar
///
/// For whoever goes to the session, leads it or coordinates its round: its days as iCalendar
/// events (RFC 5545), in the reader's language, to take over once. A feed that follows changes is
/// had by a calendar link.
#[utoipa::path(tag = "calendars", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The session as iCalendar.", content_type = "text/calendar", body = CalendarText, example = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n…")))]
#[get("/sessions/{sessionId}/calendar")]
async fn download_session_calendar(
    state: Data<State>,
    context: Context,
    id: Path<SessionId>,
) -> Result<HttpResponse, Error> {
    let seen = audiences::store::seen(state.database.read(), &context.caller, *id).await?;
    let events = model::events(&seen.session, context.language);
    Ok(HttpResponse::Ok()
        .content_type(MEDIA_TYPE)
        .insert_header((
            "content-disposition",
            "attachment; filename=\"session.ics\"",
        ))
        .insert_header(("content-language", context.language.tag()))
        .body(object::download(&events, context.language)))
}

async fn known(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    id: CalendarLinkId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn wire(row: entity::Model, context: &Context) -> CalendarLink {
    let href = context.href(format!("calendar-links/{}", row.id));
    let links = Links::to_self(&href);
    CalendarLink {
        id: row.id.into(),
        name: row.name,
        address: None,
        created_at: row.created_at,
        links: if row.revoked_at.is_none() {
            links.with("revocation", "DELETE", &href)
        } else {
            links
        },
        revoked_at: row.revoked_at,
    }
}
