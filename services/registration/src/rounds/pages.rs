//! The public pages: the catalogue, and each announced round with its dates, prices and rules.
//!
//! Everybody may read them, and what they show is what the API shows without a token. A round
//! that takes applications leads to the form of [`crate::applications::pages`]; one without
//! dates takes a name and an address here, and its answer never says whether the address was
//! there before. The form needs no token against forged requests (see [`shared_web::page`]).

mod catalogue;
pub mod facts;
mod view;
mod words;

use super::{entity, model::Terms, store};
use crate::{
    State,
    interests::{self, model::takes_interests},
    programmes,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use shared_database::{Change, column};
use shared_types::{
    Caller, Language, Problem, RoundId, codes, registration::interests::NewInterest,
};
use shared_web::{
    Context, Error,
    page::{self, Form, Text},
};

/// The word with which the reader is sent on after declaring an interest.
const NOTED: &str = "noted";
/// Most characters of a name.
const MOST_NAME: usize = 200;

/// Mounts the pages.
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/registration/pages/catalogue")
                .route(web::get().to(show_catalogue))
                .route(web::head().to(show_catalogue)),
        )
        .service(
            web::resource("/registration/pages/rounds/{roundId}")
                .route(web::get().to(show_round))
                .route(web::head().to(show_round))
                .route(web::post().to(declare_interest)),
        );
}

/// The announced round that a request's address names; whatever it says otherwise is not there.
pub async fn announced(state: &State, request: &HttpRequest) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let id = request.match_info().get("roundId").unwrap_or_default();
    let id: RoundId = id.parse().map_err(|_| missing())?;
    let found = store::find(state.database.read(), &Caller::anonymous(), id).await?;
    found.ok_or_else(missing)
}

async fn show_catalogue(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let language = page::language(&request, None);
    let entries = catalogue::read(state.database.read(), context.now).await?;
    Ok(page::respond(language, catalogue::view(&entries, language)))
}

async fn show_round(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let round = announced(&state, &request).await?;
    let noted = page::is_done(&request, NOTED);
    let language = page::language(&request, None);
    let page = draw(&state, &context, round, &Form::default(), noted, language).await?;
    Ok(page::respond(language, page))
}

async fn draw(
    state: &State,
    context: &Context,
    round: entity::Model,
    form: &Form,
    noted: bool,
    language: Language,
) -> Result<maud::Markup, Problem> {
    let connection = state.database.read();
    let terms = Terms::read(&round)?;
    let facts = facts::read(connection, round).await?;
    let programme = programmes::store::find(connection, facts.programme).await?;
    let programme = programme.map(view::About::read).transpose()?;
    let shown = view::Shown {
        facts,
        terms,
        programme,
        now: context.now,
        noted,
    };
    Ok(view::round(&shown, form, language))
}

async fn declare_interest(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    let round = announced(&state, &request).await?;
    form.only(|name| matches!(name, "name" | "email"))?;
    takes_interests(column::parse(&round.state)?, round.opens_on.is_some())?;
    let language = page::language(&request, None);
    let name = form.line(Text::of("name", &words::NAME, MOST_NAME, language));
    let email = facts::email(&mut form, &words::EMAIL, language);
    if !form.is_fine() {
        let page = draw(&state, &context, round, &form, false, language).await?;
        return Ok(page::answer(StatusCode::BAD_REQUEST, language, page));
    }
    let id = RoundId::from(round.id);
    let body = NewInterest {
        name,
        email,
        language,
    };
    let work = async |change: &mut Change| interests::routes::declare(change, id, body).await;
    state.database.change(context.actor(), work).await?;
    Ok(page::see(&request, NOTED))
}
