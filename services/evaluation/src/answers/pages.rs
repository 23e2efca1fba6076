//! The page on which somebody answers a survey without an account: the whole sheet as one form.
//!
//! Reading changes nothing. A link is answered once; then it shows thanks, and never the answer.
//! It answers by the same rules and the same step as the API.

pub(crate) mod form;
pub(crate) mod questions;
mod view;
mod words;

use super::{
    invitation_entity as invitation, invitations, routes,
    taking::{self, Asking, Given},
};
use crate::{
    State,
    surveys::{self, families},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use shared_database::column;
use shared_projections::people;
use shared_types::{
    Language, LocalizedText, Problem,
    evaluation::{
        codes::{SURVEY_ANSWERED, SURVEY_CLOSED, SURVEY_LINK_INVALID},
        surveys::SurveyMode,
    },
};
use shared_web::{
    Context, Error,
    page::{self, Form, Text},
};

/// The kind of these links, and the segment of their page's address.
pub const KIND: &str = "survey";
/// Longest phrase.
const MOST_PHRASE: usize = 200;

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/evaluation/pages/survey/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(answer)),
    );
}

/// A survey that a link opened.
struct Opened {
    invitation: invitation::Model,
    survey: surveys::entity::Model,
    name: LocalizedText,
    mode: SurveyMode,
    asking: Asking,
    takes_phrase: bool,
    language: Language,
}

impl Opened {
    async fn by(state: &State, request: &HttpRequest) -> Result<Self, Problem> {
        let connection = state.database.read();
        let invalid = || Problem::of(&SURVEY_LINK_INVALID);
        let token = request.match_info().get("token").unwrap_or_default();
        let link = state.link_key.verify(KIND, token).ok_or_else(invalid)?;
        let invitation = invitations::of_link(connection, link).await?;
        let invitation = invitation.ok_or_else(invalid)?;
        let person = invitation.person_id.ok_or_else(invalid)?;
        let survey = surveys::store::find_any(connection, invitation.survey_id).await?;
        let survey = survey.ok_or_else(invalid)?;
        let person = people::find(connection, person.into()).await?;
        if person.as_ref().is_some_and(|person| !person.active) {
            return Err(invalid());
        }
        let known = person.as_ref().map(surveys::known::language);
        Ok(Self {
            name: column::from_json(survey.name.clone())?,
            mode: column::parse(&survey.mode)?,
            asking: Asking::read(connection, &survey, invitation.application_id).await?,
            takes_phrase: routes::takes_phrase(connection, &survey).await?,
            language: page::language(request, known),
            invitation,
            survey,
        })
    }
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, &request).await?;
    let open = taking::is_open(state.database.read(), &opened.survey, context.now).await?;
    let page = if opened.invitation.answered {
        view::thanks(&opened)
    } else if open {
        view::sheet(&opened, &Form::default())
    } else {
        view::closed(&opened)
    };
    Ok(page::respond(opened.language, page))
}

async fn answer(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, &request).await?;
    let language = opened.language;
    form.only(|name| {
        (name == form::PHRASE && opened.takes_phrase) || form::is_offered(&opened.asking, name)
    })?;
    let open = taking::is_open(state.database.read(), &opened.survey, context.now).await?;
    if opened.invitation.answered || !open {
        return Ok(too_late(&opened));
    }
    let answers = form::read(&opened.asking, &form);
    for found in opened.asking.judge(&answers) {
        form::refuse(&mut form, &opened.asking, &found, language);
    }
    let phrase = phrase(&mut form, &opened);
    if !form.is_fine() {
        let page = view::sheet(&opened, &form);
        return Ok(page::answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            language,
            page,
        ));
    }
    let given = Given { answers, phrase };
    match taking::take(&state, context.now, &opened.invitation, given).await {
        Ok(()) => Ok(page::see(&request, "answered")),
        Err(problem) if [&SURVEY_ANSWERED, &SURVEY_CLOSED].contains(&problem.code()) => {
            Ok(too_late(&Opened::by(&state, &request).await?))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// The phrase, where one was typed.
fn phrase(form: &mut Form, opened: &Opened) -> Option<String> {
    let language = opened.language;
    let text = Text::of(form::PHRASE, &words::PHRASE, MOST_PHRASE, language);
    let phrase = form.optional_line(text)?;
    if families::normalised(&phrase).chars().count() < families::LEAST_PHRASE_CHARACTERS {
        let label = words::PHRASE.get(language);
        form.refuse(form::PHRASE, label, routes::SHORT_PHRASE.get(language));
    }
    Some(phrase)
}

/// What holds, for an answer that is not taken.
fn too_late(opened: &Opened) -> HttpResponse {
    let page = if opened.invitation.answered {
        view::thanks(opened)
    } else {
        view::closed(opened)
    };
    page::answer(StatusCode::CONFLICT, opened.language, page)
}
