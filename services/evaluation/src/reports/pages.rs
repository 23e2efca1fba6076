//! The pages on which reports are read and printed: a round's for the board, a municipality's for
//! its director, a participation's for the participant. Reading changes nothing.

mod charts;
mod sections;
mod words;

use super::{
    csv::Table,
    links::{self, KIND, Opens},
    municipalities, participants, rounds,
};
use crate::State;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, REFERRER_POLICY},
    web::{self, Data},
};
use maud::{Markup, html};
use shared_database::column;
use shared_projections::{organisations, rounds as known};
use shared_types::{Language, LocalizedText, Problem, codes};
use shared_web::{Context, Error, page};
use uuid::Uuid;

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/evaluation/pages/report/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show)),
    );
}

/// A report on its way out.
struct Opened {
    language: Language,
    name: LocalizedText,
    content: Markup,
    table: String,
}

/// A wrong, an old and a foreign link are answered alike.
async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let token = request.match_info().get("token").unwrap_or_default();
    let (token, is_table) = match token.strip_suffix(".csv") {
        Some(token) => (token, true),
        None => (token, false),
    };
    let connection = state.database.read();
    let today = context.now.date_naive();
    let (kind, thing) = links::open(&state, connection, token, today).await?;
    let opened = match kind {
        Opens::Round => round(&state, &request, &context, thing).await?,
        Opens::Municipality => municipality(&state, &request, &context, thing).await?,
        Opens::Participation => participation(&state, &request, &context, thing).await?,
    };
    if is_table {
        let name = format!("attachment; filename=\"{KIND}.csv\"");
        return Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
            .body(opened.table));
    }
    let language = opened.language;
    let inner = html! {
        div class="report" {
            (opened.content)
            p class="quiet" { (words::PROMISE.get(language)) }
            p class="unprinted" { a href=(format!("{token}.csv")) { (words::AS_TABLE.get(language)) } }
        }
    };
    let page = page::layout_of(crate::api::NAME, language, &opened.name, &inner);
    Ok(page::respond(language, page))
}

fn missing() -> Problem {
    Problem::of(&codes::NOT_FOUND)
}

async fn round(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    id: Uuid,
) -> Result<Opened, Problem> {
    let connection = state.database.read();
    let row = known::find(connection, id.into())
        .await?
        .ok_or_else(missing)?;
    let language = page::language(request, column::parse(&row.language).ok());
    let drawn = rounds::report(connection, context, row).await?;
    Ok(Opened {
        language,
        name: drawn.report.name.clone(),
        table: Table::new(language).round(&drawn.report),
        content: sections::round(&drawn, language),
    })
}

async fn municipality(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    id: Uuid,
) -> Result<Opened, Problem> {
    let connection = state.database.read();
    let row = organisations::find(connection, id.into())
        .await?
        .ok_or_else(missing)?;
    let language = page::language(request, None);
    let report = municipalities::report(connection, context, row).await?;
    Ok(Opened {
        language,
        name: LocalizedText::of(language, report.name.clone()),
        table: Table::new(language).municipality(&report),
        content: sections::municipality(&report, language),
    })
}

async fn participation(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    id: Uuid,
) -> Result<Opened, Problem> {
    let connection = state.database.read();
    let found = participants::found(connection, id.into()).await?;
    let (part, row) = found.ok_or_else(missing)?;
    let language = page::language(request, column::parse(&row.language).ok());
    let report = participants::report(connection, context, (part, row)).await?;
    Ok(Opened {
        language,
        name: report.name.clone(),
        table: Table::new(language).participation(&report),
        content: sections::participation(&report, language),
    })
}
