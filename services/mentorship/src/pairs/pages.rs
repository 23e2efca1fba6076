//! The page by which a mentor or a mentee answers a proposal without an account.
//!
//! Reading changes nothing. It answers once and then shows the answer, by the same table and
//! steps as the API.

mod words;

use super::{
    entity, links,
    model::{EDGES, Who},
    steps,
};
use crate::{
    State,
    known::{self, People, Round},
    runs,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use maud::{Markup, html};
use shared_database::{Change, column};
use shared_types::{
    Actor, Language, Problem, Words, codes,
    mentorship::{
        codes::LINK_INVALID,
        pairs::{PairAnswer, PairState, PairVerdict},
        profiles::Profile,
    },
    transition,
};
use shared_web::{
    Context, Error,
    page::{self, Form, Text, figure::date},
};
use uuid::Uuid;

/// Longest reason.
const MOST_REASON: usize = 1000;

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/mentorship/pages/proposal/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(answer)),
    );
}

/// A proposal that a link opened.
struct Opened {
    link: Uuid,
    who: Who,
    pair: entity::Model,
    round: Round,
    people: People,
    about: Option<String>,
    language: Language,
}

fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

impl Opened {
    async fn by(state: &State, request: &HttpRequest) -> Result<Self, Problem> {
        let connection = state.database.read();
        let invalid = || Problem::of(&LINK_INVALID);
        let (link, who) = links::open(state, connection, token(request)).await?;
        let pair = super::store::find_any(connection, link.pair_id).await?;
        let pair = pair.ok_or_else(invalid)?;
        let round = known::round(connection, pair.round_id.into()).await?;
        let round = round.ok_or_else(invalid)?;
        let persons = [pair.mentor_person_id, pair.mentee_person_id];
        let people = People::of(connection, persons).await?;
        let reader = if who == Who::Mentor {
            pair.mentor_person_id
        } else {
            pair.mentee_person_id
        };
        let profile = if who == Who::Mentor {
            let row = crate::mentees::store::find_any(connection, pair.application_id).await?;
            row.map(|row| row.profile)
        } else {
            let row = crate::mentors::store::find_any(connection, pair.mentor_id).await?;
            row.map(|row| row.profile)
        };
        let profile: Option<Profile> = profile.map(column::from_json).transpose()?;
        Ok(Self {
            link: link.id,
            who,
            round,
            language: page::language(request, Some(people.language(reader))),
            people,
            about: profile.and_then(|profile| profile.about),
            pair,
        })
    }

    fn other(&self) -> Uuid {
        if self.who == Who::Mentor {
            self.pair.mentee_person_id
        } else {
            self.pair.mentor_person_id
        }
    }

    fn is_open(&self, context: &Context) -> Result<bool, Problem> {
        let case = steps::case(&self.pair, Some(&self.round), self.who, context.now)?;
        let edge = EDGES.iter().find(|edge| edge.name == "answer");
        Ok(edge.is_some_and(|edge| edge.judge(&case).is_ok()))
    }
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, &request).await?;
    Ok(page::respond(opened.language, view(&opened, &context)?))
}

async fn answer(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|name| matches!(name, "verdict" | "reason"))?;
    let verdict = match form.get("verdict") {
        "accept" => PairVerdict::Accept,
        "decline" => PairVerdict::Decline,
        _ => return Err(Problem::of(&codes::INVALID_BODY).into()),
    };
    let opened = Opened::by(&state, &request).await?;
    let text = Text::of("reason", &words::REASON, MOST_REASON, opened.language);
    let reason = form.optional_text(text);
    if !form.is_fine() {
        return Err(Problem::of(&codes::INVALID_BODY).into());
    }
    match decide(&state, &request, &context, verdict, reason.as_deref()).await {
        Ok(()) => Ok(page::see(&request, "answered")),
        // Answered before, or too late: show what holds.
        Err(problem) if problem.code().status == 409 => {
            let opened = Opened::by(&state, &request).await?;
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
    verdict: PairVerdict,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let opened = Opened::by(state, request).await?;
    let actor = Actor {
        subject: format!("link:{}", opened.link),
        ..context.actor()
    };
    let work = async |change: &mut Change| {
        let (link, who) = links::open(state, change.tx(), token(request)).await?;
        let loaded = steps::load(change, link.pair_id).await?;
        let case = loaded.case(who, context.now)?;
        transition::judge(&EDGES, "answer", &case, opened.language)?;
        steps::answer(change, loaded, (who, verdict), reason).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(actor, work).await
}

fn view(opened: &Opened, context: &Context) -> Result<Markup, Problem> {
    let language = opened.language;
    let open = opened.is_open(context)?;
    let other = opened.other();
    let values = [
        ("name", opened.people.name(other).unwrap_or_default()),
        (
            "where",
            opened.people.municipality_name(other).unwrap_or_default(),
        ),
        ("date", date(opened.pair.answer_by, language)),
    ];
    let said = |words: &Words| words.fill(language, &values);
    let parts: Vec<runs::outcome::Part> = column::from_json(opened.pair.fit.clone())?;
    let parts = runs::words::parts(&parts, language);
    let asked = if opened.who == Who::Mentor {
        &words::ASKED
    } else {
        &words::PROPOSED
    };
    let inner = html! {
        p { (said(asked)) }
        @if let Some(about) = &opened.about { blockquote class="text" { (about) } }
        h2 { (words::WHY.get(language)) }
        ul { @for part in parts.iter().filter(|part| part.points > 0) { li { (part.words) } } }
        @if open { (question(language, &said(&words::ANSWER_BY))) } @else { (standing(opened)?) }
    };
    Ok(page::layout_of(
        crate::api::NAME,
        language,
        &opened.round.name,
        &inner,
    ))
}

/// One tap accepts; declining takes two, since it can't be undone.
fn question(language: Language, until: &str) -> Markup {
    html! {
        p { strong { (until) } }
        form method="post" {
            button type="submit" name="verdict" value="accept" { (words::ACCEPT.get(language)) }
            details {
                summary { (words::CANNOT.get(language)) }
                p { (words::DECLINE_HINT.get(language)) }
                label for="reason" { (words::REASON.get(language)) }
                textarea id="reason" name="reason" rows="3" maxlength=(MOST_REASON) {}
                button type="submit" name="verdict" value="decline" class="second" { (words::DECLINE.get(language)) }
            }
        }
    }
}

/// What became of the proposal.
fn standing(opened: &Opened) -> Result<Markup, Problem> {
    let state: PairState = column::parse(&opened.pair.state)?;
    let own: PairAnswer = column::parse(if opened.who == Who::Mentor {
        &opened.pair.mentor_answer
    } else {
        &opened.pair.mentee_answer
    })?;
    let (look, words) = match (state, own) {
        (PairState::Proposed, PairAnswer::Accepted) => ("yes", &words::WAITING),
        (PairState::Proposed, PairAnswer::Pending) => ("no", &words::LATE),
        (PairState::Accepted | PairState::Active | PairState::Paused, _) => ("yes", &words::PAIR),
        (_, PairAnswer::Declined) => ("", &words::DECLINED),
        (PairState::Ended, _) => ("", &words::ENDED),
    };
    Ok(html! { div class=(format!("notice {look}")) { p { (words.get(opened.language)) } } })
}
