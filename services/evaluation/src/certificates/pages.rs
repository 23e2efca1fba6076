//! The pages of certificates: the public one by which anybody checks a code, and the one by which
//! a participant without an account gets the own certificate.
//!
//! A code is looked up however it is written; one that nobody was given is answered with 404
//! after the same look. The page shows name, programme, round, date and state, and nothing else.

use super::{badge::Addresses, code, entity, files, steps, store, words};
use crate::State;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, HeaderValue, LOCATION},
    },
    web::{self, Data},
};
use maud::{Markup, html};
use shared_database::column;
use shared_types::{
    Language, LocalizedText, Problem,
    evaluation::{
        certificates::CertificateState,
        codes::{CERTIFICATE_CODE_UNKNOWN, CERTIFICATE_LINK_INVALID},
    },
};
use shared_web::{
    Error,
    page::{self, figure::date},
};

/// Longest text that is looked up as a code.
const MOST_TYPED: usize = 64;
const CHECK: &str = "/evaluation/pages/certificates";

/// Mounts the pages.
pub fn pages(config: &mut web::ServiceConfig) {
    let readable = |path: &str| web::resource(path.to_owned());
    config
        .service(
            readable("/evaluation/pages/certificates")
                .route(web::get().to(ask))
                .route(web::head().to(ask)),
        )
        .service(
            readable("/evaluation/pages/certificates/{code}")
                .route(web::get().to(check))
                .route(web::head().to(check)),
        )
        .service(
            readable("/evaluation/pages/certificate/{token}")
                .route(web::get().to(show))
                .route(web::head().to(show)),
        )
        .service(
            readable("/evaluation/pages/certificate/{token}/document")
                .route(web::get().to(document))
                .route(web::head().to(document)),
        )
        .service(
            readable("/evaluation/pages/certificate/{token}/credential")
                .route(web::get().to(credential))
                .route(web::head().to(credential)),
        );
}

/// Asks for a code; one that was sent leads to its page.
async fn ask(request: HttpRequest) -> HttpResponse {
    let language = page::language(&request, None);
    let typed = web::Query::<Typed>::from_query(request.query_string());
    let typed = typed
        .map(|typed| typed.into_inner().code)
        .unwrap_or_default();
    if let Some(code) = code::read(&typed) {
        return HttpResponse::SeeOther()
            .insert_header((LOCATION, format!("{CHECK}/{}", code::shown(&code))))
            .finish();
    }
    page::respond(language, form(language, None, !typed.is_empty()))
}

#[derive(Default, serde::Deserialize)]
struct Typed {
    #[serde(default)]
    code: String,
}

/// Checks a code.
async fn check(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Error> {
    let language = page::language(&request, None);
    let typed = request.match_info().get("code").unwrap_or_default();
    let typed: String = typed.chars().take(MOST_TYPED).collect();
    // What is no code at all is looked up too: every wrong one costs the same.
    let code = code::read(&typed).unwrap_or(typed);
    let found = store::by_code(state.database.read(), &code).await;
    let found = found.map_err(Problem::from)?;
    let Some(row) = found else {
        let said = page::words_of(&Problem::of(&CERTIFICATE_CODE_UNKNOWN), language);
        let page = form(language, Some(said), true);
        return Ok(unkept(page::answer(StatusCode::NOT_FOUND, language, page)));
    };
    let content = html! {
        (standing(&row, language)?)
        (facts(&row, language)?)
    };
    let title = words::TITLE.get(language);
    let page = page::layout(crate::api::NAME, language, title, &content);
    Ok(unkept(page::respond(language, page)))
}

/// What it says today may be otherwise tomorrow.
fn unkept(mut response: HttpResponse) -> HttpResponse {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn form(language: Language, said: Option<(String, String)>, wrong: bool) -> Markup {
    let content = html! {
        @if let Some((title, detail)) = said {
            div class="notice no" role="alert" { p { strong { (title) } } p { (detail) } }
        }
        form method="get" action=(CHECK) {
            label for="code" { (words::CODE.get(language)) }
            p class="quiet" id="hint" { (words::CODE_HINT.get(language)) }
            input type="text" id="code" name="code" required maxlength=(MOST_TYPED)
                autocomplete="off" autocapitalize="characters" spellcheck="false"
                aria-describedby="hint" aria-invalid=[wrong.then_some("true")];
            button type="submit" { (words::CHECK_BUTTON.get(language)) }
        }
    };
    let title = words::CHECK_TITLE.get(language);
    page::layout(crate::api::NAME, language, title, &content)
}

/// Whether it holds.
fn standing(row: &entity::Model, language: Language) -> Result<Markup, Problem> {
    let state: CertificateState = column::parse(&row.state)?;
    let on = row.ended_at.map(|at| date(at.date_naive(), language));
    let values = [("date", on.unwrap_or_default())];
    let (look, words) = match state {
        CertificateState::Valid => ("yes", &words::VALID),
        CertificateState::Revoked => ("no", &words::REVOKED),
        CertificateState::Replaced => ("no", &words::REPLACED),
    };
    Ok(html! {
        div class=(format!("notice {look}")) { p { strong { (words.fill(language, &values)) } } }
    })
}

/// Whose it is, and of what.
fn facts(row: &entity::Model, language: Language) -> Result<Markup, Problem> {
    let programme: LocalizedText = column::from_json(row.programme_name.clone())?;
    let round: LocalizedText = column::from_json(row.round_name.clone())?;
    Ok(html! {
        dl {
            dt { (words::NAME.get(language)) }
            dd { (row.name) }
            dt { (words::PROGRAMME.get(language)) }
            dd { (page::text(&programme, language)) }
            dt { (words::ROUND.get(language)) }
            dd { (page::text(&round, language)) }
            dt { (words::ISSUED_ON.get(language)) }
            dd { (date(row.issued_on, language)) }
        }
    })
}

/// The certificate that a participant's link opens.
async fn opened(request: &HttpRequest, state: &State) -> Result<entity::Model, Problem> {
    let invalid = || Problem::of(&CERTIFICATE_LINK_INVALID);
    let token = request.match_info().get("token").unwrap_or_default();
    let id = state.link_key.verify(steps::LINK, token);
    let id = id.ok_or_else(invalid)?;
    let row = store::find_any(state.database.read(), id.uuid()).await?;
    row.filter(|row| !row.name.is_empty()).ok_or_else(invalid)
}

/// Shows the own certificate.
async fn show(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Error> {
    let row = opened(&request, &state).await?;
    let own = column::parse(&row.language).map_err(Problem::from)?;
    let language = page::language(&request, Some(own));
    let at = Addresses {
        origin: &state.core.public_url,
    };
    let path = request.path();
    let content = html! {
        (standing(&row, language)?)
        (facts(&row, language)?)
        p { a href=(format!("{path}/document")) { (words::DOWNLOAD.get(language)) } }
        p { a href=(format!("{path}/credential")) { (words::CREDENTIAL.get(language)) } }
        p { (words::SHARE.get(language)) " " strong { (code::shown(&row.code)) } }
        p { a href=(at.verification(&row.code)) { (words::CHECK_TITLE.get(language)) } }
    };
    let title = words::YOURS.get(language);
    let page = page::layout(crate::api::NAME, language, title, &content);
    Ok(unkept(page::respond(language, page)))
}

async fn document(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Error> {
    let row = opened(&request, &state).await?;
    let own = column::parse(&row.language).map_err(Problem::from)?;
    let language = page::language(&request, Some(own));
    Ok(files::pdf(&state, &row, language).await?)
}

async fn credential(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Error> {
    let row = opened(&request, &state).await?;
    Ok(files::credential(&state, &row)?)
}
