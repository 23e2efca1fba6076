//! The page by which an office answers without an account: the slate, opened by a link.
//!
//! Reading changes nothing, however often a mail scanner follows the link. One form gives all
//! chosen verdicts, or none; each is given once, by the same table as through the API. Whoever
//! answers states name and title, since the link may be forwarded inside the office; who bears
//! an applicant's name can't decide about that applicant.
//!
//! No token guards the form against forged requests: there is no cookie to abuse, and the
//! address itself is the secret (see [`shared_web::page`]).

mod answers;
mod sheet;
mod view;
mod words;

use super::{links, slate};
use crate::{State, applications, mail::LinkKind};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use answers::Answers;
use shared_database::Change;
use shared_types::{Actor, Problem};
use shared_web::{
    Context, Error,
    page::{self, Form},
};
use sheet::Sheet;
use view::Notice;

/// The word with which the reader is sent on after answering.
const SAVED: &str = "saved";

/// Mounts the pages.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/registration/pages/slate/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(answer)),
    );
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let sheet = Sheet::open(&state, &request, &context).await?;
    let notice = page::is_done(&request, SAVED).then_some(Notice::Saved);
    Ok(page::respond(
        sheet.language,
        view::slate(&sheet, &Form::default(), notice),
    ))
}

async fn answer(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    let sheet = Sheet::open(&state, &request, &context).await?;
    form.only(|name| sheet.offers(name))?;
    let answers = Answers::read(&mut form, &sheet);
    let refused = |status, notice| {
        let page = view::slate(&sheet, &form, notice);
        Ok(page::answer(status, sheet.language, page))
    };
    if answers.too_late {
        // Where nobody waits, the page says why by itself.
        let notice = sheet.waiting().next().map(|_| Notice::Decided);
        return refused(StatusCode::CONFLICT, notice);
    }
    if !form.is_fine() {
        let status = if answers.of_oneself {
            StatusCode::CONFLICT
        } else {
            StatusCode::BAD_REQUEST
        };
        return refused(status, None);
    }
    match decide(&state, &request, &context, &sheet, answers).await {
        Ok(()) => Ok(page::see(&request, SAVED)),
        // Somebody else was faster, or the last minute passed: show what holds now.
        Err(problem) if problem.code().status == 409 => {
            let sheet = Sheet::open(&state, &request, &context).await?;
            let page = view::slate(&sheet, &form, Some(Notice::Refused(&problem)));
            Ok(page::answer(StatusCode::CONFLICT, sheet.language, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn decide(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    sheet: &Sheet,
    answers: Answers,
) -> Result<(), Problem> {
    let actor = Actor {
        subject: format!("link:{}", sheet.link),
        ..context.actor()
    };
    let (text, language) = (sheet::token(request), sheet.language);
    let (round, office) = (sheet.terms.id, sheet.office);
    let Answers {
        verdicts,
        name,
        decided_by,
        ..
    } = answers;
    let own = |row: &applications::entity::Model| sheet.bears(row.id, &name);
    let work = async |change: &mut Change| {
        // The link may have been revoked since the page was read.
        links::open(state, change.tx(), LinkKind::Slate, text).await?;
        slate::decide(change, round, office, verdicts, &decided_by, own, language).await
    };
    state.database.change(actor, work).await
}
