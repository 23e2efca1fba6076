//! What a venue reads by its link: head counts as JSON or as a table, without an account. Reading
//! changes nothing, and the link works until the organiser makes a new one or ends it.

use super::{heads, store};
use crate::State;
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, REFERRER_POLICY},
    web::{self, Data, Path},
};
use shared_types::{Links, Problem, codes};
use shared_web::Error;

/// Kind under which the links are signed, and the last segment of their address.
pub const KIND: &str = "head-counts";

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/scheduling/pages/head-counts/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show)),
    );
}

/// A wrong, an old and a foreign link are answered alike.
async fn show(state: Data<State>, token: Path<String>) -> Result<HttpResponse, Error> {
    let not_found = || Error(Problem::of(&codes::NOT_FOUND));
    let (token, is_table) = match token.rsplit_once('.') {
        Some((token, "json")) => (token, false),
        Some((token, "csv")) => (token, true),
        _ => return Err(not_found()),
    };
    let id = state.link_key.verify(KIND, token).ok_or_else(not_found)?;
    let connection = state.database.read();
    let link = store::working_link(connection, id.uuid()).await?;
    let link = link.ok_or_else(not_found)?;
    let booking = store::find_any(connection, link.booking_id.into()).await?;
    let booking = booking.ok_or_else(not_found)?;
    let counts = heads::count(connection, &booking, Links::default()).await?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((REFERRER_POLICY, "no-referrer"));
    if is_table {
        let name = "attachment; filename=\"head-counts.csv\"";
        answer.insert_header((CONTENT_DISPOSITION, name));
        answer.insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"));
        return Ok(answer.body(heads::table(&counts)));
    }
    Ok(answer.json(&counts))
}
