//! The pages on which reports are read and printed: a round's for the board, a municipality's for
//! its director, a participation's for the participant. Reading changes nothing.

mod charts;
mod feedback;
mod sections;
mod words;

use super::{
    csv::Table,
    links::{self, KIND, Opens},
    municipalities, participants, rounds,
};
use crate::{State, feedbacks};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, REFERRER_POLICY},
    web::{self, Data},
};
use maud::{Markup, html};
use shared_database::column;
use shared_projections::{organisations, rounds as known};
use shared_types::{
    Language, LocalizedText, Problem, codes, evaluation::codes::FEEDBACK_NOT_READY,
};
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
    promise: String,
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
        Opens::Feedback => feedback(&state, &request, &context, thing).await?,
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
            p class="quiet" { (opened.promise) }
            p class="unprinted" { a href=(format!("{token}.csv")) { (words::AS_TABLE.get(language)) } }
        }
    };
    let page = page::layout_of(crate::api::NAME, language, &opened.name, &inner);
    Ok(page::respond(language, page))
}

fn promise(language: Language) -> String {
    words::PROMISE.get(language).to_owned()
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
        promise: promise(language),
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
        promise: promise(language),
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
        promise: promise(language),
    })
}

async fn feedback(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    id: Uuid,
) -> Result<Opened, Problem> {
    let connection = state.database.read();
    let row = feedbacks::store::find_any(connection, id).await?;
    let row = row.ok_or_else(missing)?;
    let round = known::find(connection, row.round_id.into()).await?;
    let known = round.and_then(|round| column::parse(&round.language).ok());
    let language = page::language(request, known);
    let report = feedbacks::reports::report(connection, &state.answer_keys, context, &row);
    // Without a report there is nothing to open.
    let report = report.await.map_err(|problem| {
        if problem.code() == &FEEDBACK_NOT_READY {
            missing()
        } else {
            problem
        }
    })?;
    let title = words::FEEDBACK.fill(language, &[("name", report.participant_name.clone())]);
    let least = [("least", report.least_answers.to_string())];
    Ok(Opened {
        language,
        name: LocalizedText::of(language, title),
        table: Table::new(language).feedback(&report),
        content: feedback::report(&report, language),
        promise: words::FEEDBACK_PROMISE.fill(language, &least),
    })
}
