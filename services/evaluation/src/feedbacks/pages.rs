//! The page on which a rater answers without an account, or says no.
//!
//! Reading changes nothing. A link is answered once; then it shows thanks, and never the answer. It
//! takes answers by the same rules and the same step as the API, and shows the questions as the
//! page of a survey does.

mod view;
mod words;

use super::{
    entity, messages, rater_entity,
    steps::{self, Loaded},
    store, taking,
};
use crate::{
    State,
    answers::{
        pages::form,
        taking::{Asking, is_answered},
    },
    parts::{self, Round},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use shared_database::{Change, column};
use shared_projections::people;
use shared_types::{
    Language, Problem,
    evaluation::{
        codes::{FEEDBACK_STATE, RATER_LINK_INVALID, SURVEY_ANSWERED, SURVEY_CLOSED},
        feedbacks::{RaterGroup, RaterState},
    },
};
use shared_web::{
    Context, Error,
    page::{self, Form},
};

/// The kind of these links, and the segment of their page's address.
pub const KIND: &str = "rater";
/// The field by which somebody says no.
const DECLINE: &str = "decline";

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/evaluation/pages/rater/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(answer)),
    );
}

/// What a link opened.
struct Opened {
    feedback: entity::Model,
    round: Round,
    rater: rater_entity::Model,
    group: RaterGroup,
    asking: Asking,
    name: String,
    state: RaterState,
    is_answered: bool,
    language: Language,
}

impl Opened {
    async fn by(state: &State, request: &HttpRequest) -> Result<Self, Problem> {
        let connection = state.database.read();
        let invalid = || Problem::of(&RATER_LINK_INVALID);
        let token = request.match_info().get("token").unwrap_or_default();
        let link = state.link_key.verify(KIND, token).ok_or_else(invalid)?;
        let mark = store::mark_of_link(connection, link).await?;
        let mark = mark.ok_or_else(invalid)?;
        let rater = store::rater(connection, mark.id).await?;
        let rater = rater.ok_or_else(invalid)?;
        let feedback = store::find_any(connection, rater.feedback_id).await?;
        let feedback = feedback.ok_or_else(invalid)?;
        let round = parts::round(connection, feedback.round_id.into()).await?;
        let groups = store::groups(connection, &[feedback.id]).await?;
        let group = groups.get(&rater.group_id).ok_or_else(invalid)?.1;
        let known = match rater.person_id {
            Some(person) => people::find(connection, person.into()).await?,
            None => None,
        };
        if known.as_ref().is_some_and(|known| !known.active) {
            return Err(invalid());
        }
        let known = match known {
            Some(known) => crate::surveys::known::language(&known),
            None => column::parse(&feedback.language)?,
        };
        Ok(Self {
            round: round.ok_or_else(invalid)?,
            group,
            asking: taking::asking(connection, &feedback).await?,
            name: messages::participant(connection, &feedback).await?,
            state: column::parse(&rater.state)?,
            is_answered: is_answered(connection, rater.id).await?,
            language: page::language(request, Some(known)),
            rater,
            feedback,
        })
    }

    /// What holds where nothing is to be answered any more.
    fn over(&self) -> Option<maud::Markup> {
        if self.is_answered {
            Some(view::thanks(self))
        } else if self.state == RaterState::Declined {
            Some(view::declined(self))
        } else {
            None
        }
    }
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, &request).await?;
    let is_open = store::is_open(&opened.feedback, &opened.round, context.now);
    let page = match opened.over() {
        Some(page) => page,
        None if is_open => view::sheet(&opened, &Form::default()),
        None => view::closed(&opened),
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
    let declines = form.get(DECLINE) == form::TICKED && opened.group != RaterGroup::Oneself;
    form.only(|name| {
        if declines {
            name == DECLINE
        } else {
            form::is_offered(&opened.asking, name)
        }
    })?;
    let is_open = store::is_open(&opened.feedback, &opened.round, context.now);
    if opened.over().is_some() || !is_open {
        return Ok(too_late(&opened));
    }
    let done = if declines {
        decline(&state, &context, &opened).await
    } else {
        let answers = form::read(&opened.asking, &form);
        for found in opened.asking.judge(&answers) {
            form::refuse(&mut form, &opened.asking, &found, language);
        }
        if !form.is_fine() {
            let page = view::sheet(&opened, &form);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(page::answer(status, language, page));
        }
        taking::take(&state, context.now, &opened.rater, answers).await
    };
    match done {
        Ok(()) => Ok(page::see(
            &request,
            if declines { "declined" } else { "answered" },
        )),
        Err(problem)
            if [&SURVEY_ANSWERED, &SURVEY_CLOSED, &FEEDBACK_STATE].contains(&problem.code()) =>
        {
            Ok(too_late(&Opened::by(&state, &request).await?))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn decline(state: &State, context: &Context, opened: &Opened) -> Result<(), Problem> {
    let id = opened.feedback.id;
    let work = async |change: &mut Change| {
        let loaded: Loaded = steps::load(change, id).await?;
        crate::surveys::gate::share(change, opened.rater.group_id).await?;
        // Read again, now that nobody else has it.
        let rater = store::rater(change.tx(), opened.rater.id).await?;
        let rater = rater.ok_or_else(|| Problem::of(&RATER_LINK_INVALID))?;
        steps::decline(change, &loaded, rater).await
    };
    state.database.change(context.actor(), work).await
}

/// What holds, for an answer that is not taken.
fn too_late(opened: &Opened) -> HttpResponse {
    let page = opened.over().unwrap_or_else(|| view::closed(opened));
    page::answer(StatusCode::CONFLICT, opened.language, page)
}
