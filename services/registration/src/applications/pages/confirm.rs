//! The page by which the owner of an address makes an application count.

use super::{APPLICANT, Opened, employers, notice, token, words};
use crate::{
    State, applications::steps, endorsements::links, mail::LinkKind, people,
    rounds::pages::facts::row,
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use maud::{Markup, html};
use shared_database::{Change, column};
use shared_types::{
    Problem, Refusal,
    registration::{
        applications::ApplicationState,
        codes::{APPLICATION_EXISTS, ROUND_DEADLINE_PASSED},
    },
};
use shared_web::{
    Context, Error,
    page::{self, Form, figure::date},
};

pub(super) async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(LinkKind::ApplicationConfirm, &state, &request).await?;
    let page = view(&state, &opened, &context, None).await?;
    Ok(page::respond(opened.language, page))
}

pub(super) async fn send(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|_| false)?;
    let opened = Opened::by(LinkKind::ApplicationConfirm, &state, &request).await?;
    match submit(&state, &request, &context, &opened).await {
        Ok(()) => Ok(page::see(&request, "sent")),
        // Sent before, too late, or refused by a rule: show what holds, and why.
        Err(problem) if problem.code().status == 409 => {
            let opened = Opened::by(LinkKind::ApplicationConfirm, &state, &request).await?;
            let page = view(&state, &opened, &context, Some(&problem)).await?;
            Ok(page::answer(StatusCode::CONFLICT, opened.language, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn submit(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    opened: &Opened,
) -> Result<(), Problem> {
    let work = async |change: &mut Change| {
        let kind = LinkKind::ApplicationConfirm;
        let link = links::open(state, change.tx(), kind, token(request)).await?;
        let loaded = steps::load(change, links::application(&link)?).await?;
        loaded
            .judge(change, APPLICANT, "submission", opened.language)
            .await?;
        if employers::has_applied(change.tx(), loaded.terms.id, &opened.person).await? {
            return Err(Problem::of(&APPLICATION_EXISTS));
        }
        people::store::announce(change, &opened.person).await?;
        steps::submit(change, loaded, None).await?;
        Ok(())
    };
    state.database.change(opened.actor(context), work).await
}

async fn view(
    state: &State,
    opened: &Opened,
    context: &Context,
    problem: Option<&Problem>,
) -> Result<Markup, Problem> {
    let language = opened.language;
    let employer = employers::name(state.database.read(), &opened.person).await?;
    let refusal = opened.refusal("submission", context)?;
    let inner = html! {
        @if let Some(refusal) = &refusal { (standing(opened, refusal)?) } @else {
            @if let Some(problem) = problem {
                @let (title, detail) = page::words_of(problem, language);
                div class="notice no" role="alert" { p { (title) ". " (detail) } }
            }
            p { (words::CONFIRM_THIS.get(language)) }
        }
        (content(opened, &employer))
        @if refusal.is_none() {
            form method="post" { button type="submit" { (words::CONFIRM.get(language)) } }
            p class="quiet" { (words::NOT_YOU.get(language)) }
        }
    };
    Ok(page::layout_of(
        crate::api::NAME,
        language,
        &opened.facts.name,
        &inner,
    ))
}

/// What is to be sent.
fn content(opened: &Opened, employer: &str) -> Markup {
    let (person, language) = (&opened.person, opened.language);
    html! {
        dl class="facts" {
            (row(&words::NAME, &person.name, language))
            @if let Some(title) = &person.title { (row(&words::OWN_TITLE, title, language)) }
            (row(&words::ORGANISATION, employer, language))
            (row(&words::EMAIL, &person.email, language))
            @if let Some(motivation) = &opened.application.motivation {
                div { dt { (words::MOTIVATION.get(language)) } dd class="text" { (motivation) } }
            }
            (opened.facts.when_and_where(language))
        }
    }
}

/// What became of the application.
fn standing(opened: &Opened, refusal: &Refusal) -> Result<Markup, Problem> {
    let language = opened.language;
    let state: ApplicationState = column::parse(&opened.application.state)?;
    Ok(match (state, opened.terms.window) {
        (ApplicationState::Submitted, _) => notice("yes", words::IS_SENT.get(language)),
        (ApplicationState::Withdrawn, _) => notice("", words::TAKEN_BACK.get(language)),
        (ApplicationState::Draft, Some((_, closes_on)))
            if refusal.code == &ROUND_DEADLINE_PASSED =>
        {
            let values = [("date", date(closes_on, language))];
            notice("no", &words::TOO_LATE.fill(language, &values))
        }
        (ApplicationState::Draft, _) => notice("no", words::TAKES_NONE.get(language)),
    })
}
