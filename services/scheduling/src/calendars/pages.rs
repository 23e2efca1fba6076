//! The address that calendar programs read again and again.

use super::{
    model::NAME,
    store::{self, Calendar},
};
use crate::State;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ETAG, IF_NONE_MATCH},
    web::{self, Data},
};
use chrono::TimeDelta;
use sha2::{Digest as _, Sha256};
use shared_calendar::{
    MEDIA_TYPE,
    object::{self, Feed},
};
use shared_types::{Problem, scheduling::codes::LINK_DEAD};
use shared_web::{Context, Error, command::hex};

/// How often programs should look.
const REFRESH_HOURS: i64 = 2;
/// A copy may be shown for some minutes; nobody between here and the reader keeps one.
const CACHE: &str = "private, max-age=300";

/// Mounts the address.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/scheduling/pages/calendars/{secret}.ics")
            .route(web::get().to(show))
            .route(web::head().to(show)),
    );
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let secret = request.match_info().get("secret").unwrap_or_default();
    let connection = state.database.read();
    let dead = || Problem::of(&LINK_DEAD);
    let person = store::open(connection, secret).await?.ok_or_else(dead)?;
    let calendar = store::calendar(connection, person, context.now).await?;
    let body = written(&calendar.ok_or_else(dead)?);
    let digest = hex(&Sha256::digest(body.as_bytes()));
    let tag = format!("\"{}\"", digest.get(..32).unwrap_or_default());
    let known = request.headers().get(IF_NONE_MATCH);
    let known = known.and_then(|value| value.to_str().ok()).unwrap_or("");
    let is_known = |one: &str| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    };
    if known.split(',').any(is_known) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header(("cache-control", CACHE))
            .finish());
    }
    Ok(HttpResponse::Ok()
        .content_type(MEDIA_TYPE)
        .insert_header((ETAG, tag))
        .insert_header(("cache-control", CACHE))
        .body(body))
}

/// The feed of a calendar.
pub fn written(calendar: &Calendar) -> String {
    object::feed(&Feed {
        name: NAME.get(calendar.language),
        language: calendar.language,
        refresh: TimeDelta::hours(REFRESH_HOURS),
        events: &calendar.events,
    })
}
