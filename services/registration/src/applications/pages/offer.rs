//! The page by which an offered seat is taken or left.

use super::{APPLICANT, Opened, notice, token, words};
use crate::{
    State,
    applications::{model::Facts, steps},
    endorsements::links,
    mail::LinkKind,
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use maud::{Markup, html};
use shared_database::Change;
use shared_types::{
    Language, Problem, codes,
    registration::{
        applications::{OfferVerdict, SeatState},
        rounds::RoundState,
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
    let opened = Opened::by(LinkKind::Offer, &state, &request).await?;
    Ok(page::respond(opened.language, view(&opened, &context)?))
}

pub(super) async fn answer(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|name| name == "verdict")?;
    let verdict = match form.get("verdict") {
        "accept" => OfferVerdict::Accept,
        "decline" => OfferVerdict::Decline,
        _ => return Err(Problem::of(&codes::INVALID_BODY).into()),
    };
    let opened = Opened::by(LinkKind::Offer, &state, &request).await?;
    match decide(&state, &request, &context, &opened, verdict).await {
        Ok(()) => Ok(page::see(&request, "answered")),
        // Answered before, or too late: show what holds.
        Err(problem) if problem.code().status == 409 => {
            let opened = Opened::by(LinkKind::Offer, &state, &request).await?;
            let page = view(&opened, &context)?;
            Ok(page::answer(StatusCode::CONFLICT, opened.language, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn decide(
    state: &State,
    request: &HttpRequest,
    context: &Context,
    opened: &Opened,
    verdict: OfferVerdict,
) -> Result<(), Problem> {
    let work = async |change: &mut Change| {
        let link = links::open(state, change.tx(), LinkKind::Offer, token(request)).await?;
        let loaded = steps::load(change, links::application(&link)?).await?;
        loaded
            .judge(change, APPLICANT, "answer", opened.language)
            .await?;
        steps::answer(change, loaded, verdict).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(opened.actor(context), work).await
}

fn view(opened: &Opened, context: &Context) -> Result<Markup, Problem> {
    let language = opened.language;
    let facts = Facts::read(&opened.application)?;
    let open = opened.refusal("answer", context)?.is_none();
    let inner = html! {
        p { (words::OFFER_FOR.fill(language, &[("name", opened.person.name.clone())])) }
        @if open { (offered(facts, language)) } @else { (standing(opened, facts)) }
        dl class="facts" { (opened.facts.when_and_where(language)) }
        @if open { (question(language)) }
        (opened.facts.occasions(language))
        (opened.facts.prices(language))
    };
    Ok(page::layout_of(
        crate::api::NAME,
        language,
        &opened.facts.name,
        &inner,
    ))
}

fn offered(facts: Facts, language: Language) -> Markup {
    html! {
        div class="notice" {
            p { strong { (words::OFFERED.get(language)) } }
            @if let Some(day) = facts.answer_by {
                p { (words::ANSWER_BY.fill(language, &[("date", date(day, language))])) }
            }
        }
    }
}

/// One tap takes the seat; leaving it takes two, since it can't be undone.
fn question(language: Language) -> Markup {
    html! {
        form method="post" {
            button type="submit" name="verdict" value="accept" { (words::ACCEPT.get(language)) }
            details {
                summary { (words::CANNOT.get(language)) }
                p { (words::DECLINE_HINT.get(language)) }
                button type="submit" name="verdict" value="decline" class="second" { (words::DECLINE.get(language)) }
            }
        }
    }
}

/// What became of the offer.
fn standing(opened: &Opened, facts: Facts) -> Markup {
    let language = opened.language;
    let day = facts
        .answer_by
        .map(|day| date(day, language))
        .unwrap_or_default();
    let with_day = |words: &shared_types::Words| words.fill(language, &[("date", day.clone())]);
    let said = |look, words: &shared_types::Words| notice(look, words.get(language));
    let cancelled = opened.terms.state == RoundState::Cancelled;
    match facts.seat {
        SeatState::Offered | SeatState::Accepted if cancelled => {
            said("no", &words::ROUND_CANCELLED)
        }
        SeatState::Offered if !opened.terms.seats_move() => said("", &words::ROUND_OVER),
        SeatState::Offered | SeatState::Expired => notice("no", &with_day(&words::EXPIRED)),
        SeatState::Accepted => said("yes", &words::ACCEPTED),
        SeatState::Declined => said("", &words::DECLINED),
        SeatState::None | SeatState::Rescinded => said("no", &words::RESCINDED),
        SeatState::Withdrawn => said("", &words::WITHDRAWN),
        SeatState::Substituted => said("", &words::SUBSTITUTED),
        SeatState::Completed => said("yes", &words::COMPLETED),
        SeatState::Discontinued => said("", &words::DISCONTINUED),
    }
}
