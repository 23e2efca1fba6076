//! The page by which somebody says no whom others have nominated.

use super::{APPLICANT, Opened, notice, token, words};
use crate::{State, applications::steps, endorsements::links, mail::LinkKind};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use maud::{Markup, html};
use shared_database::{Change, column};
use shared_types::{Problem, registration::applications::ApplicationState};
use shared_web::{
    Context, Error,
    page::{self, Form},
};

pub(super) async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(LinkKind::Nomination, &state, &request).await?;
    Ok(page::respond(opened.language, view(&opened, &context)?))
}

pub(super) async fn send(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|_| false)?;
    let opened = Opened::by(LinkKind::Nomination, &state, &request).await?;
    match decline(&state, &request, &context, &opened).await {
        Ok(()) => Ok(page::see(&request, "declined")),
        // Said before, or ended otherwise: show what holds.
        Err(problem) if problem.code().status == 409 => {
            let opened = Opened::by(LinkKind::Nomination, &state, &request).await?;
            let page = view(&opened, &context)?;
            Ok(page::answer(StatusCode::CONFLICT, opened.language, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn decline(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    opened: &Opened,
) -> Result<(), Problem> {
    let work = async |change: &mut Change| {
        let link = links::open(state, change.tx(), LinkKind::Nomination, token(request)).await?;
        let loaded = steps::load(change, links::application(&link)?).await?;
        loaded
            .judge(change, APPLICANT, "withdrawal", opened.language)
            .await?;
        steps::withdraw(change, loaded, None).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(opened.actor(context), work).await
}

fn view(opened: &Opened, context: &Context) -> Result<Markup, Problem> {
    let language = opened.language;
    let state: ApplicationState = column::parse(&opened.application.state)?;
    let open = opened.refusal("withdrawal", context)?.is_none();
    let name = [("name", opened.person.name.clone())];
    let inner = html! {
        @if open {
            p { (words::NOMINATED.fill(language, &name)) }
        } @else if state == ApplicationState::Withdrawn {
            (notice("", words::TAKEN_BACK.get(language)))
        } @else {
            (notice("", words::NOMINATION_ENDED.get(language)))
        }
        dl class="facts" { (opened.facts.when_and_where(language)) }
        (opened.facts.occasions(language))
        @if open {
            form method="post" {
                details {
                    summary { (words::NOT_WANTED.get(language)) }
                    p { (words::NOT_WANTED_HINT.get(language)) }
                    button type="submit" class="second" { (words::DECLINE_NOMINATION.get(language)) }
                }
            }
        }
    };
    Ok(page::layout_of(
        crate::api::NAME,
        language,
        &opened.facts.name,
        &inner,
    ))
}
