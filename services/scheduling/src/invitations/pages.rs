//! The page by which an invitation is answered: opened from a mail, without an account. Opening
//! it changes nothing; each of its buttons posts an answer, which can be changed until the session
//! begins.

use super::{
    entity,
    model::{self, Case, EDGES, LINK_KIND},
    steps, store, words,
};
use crate::{State, api, plans::released};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use maud::{Markup, html};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column};
use shared_projections::people;
use shared_types::{
    Actor, Language, Problem,
    scheduling::{
        codes::LINK_DEAD,
        invitations::{InvitationVerdict, NewInvitationAnswer},
        releases::ReleasedSession,
    },
    transition,
};
use shared_web::{
    Context, Error,
    page::{
        self, Fields, Form, Label, Text,
        field::{fault_id, id},
    },
};

/// Most characters of a word to the organiser.
const MOST_COMMENT: usize = 500;

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/scheduling/pages/invitation/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(send)),
    );
}

/// What a link opened.
struct Opened {
    row: entity::Model,
    session: ReleasedSession,
    name: String,
    language: Language,
}

impl Opened {
    async fn by(
        state: &State,
        connection: &impl ConnectionTrait,
        request: &HttpRequest,
    ) -> Result<Self, Problem> {
        let dead = || Problem::of(&LINK_DEAD);
        let token = request.match_info().get("token").unwrap_or_default();
        let link = state.link_key.verify(LINK_KIND, token).ok_or_else(dead)?;
        let row = store::of_link(connection, link).await?.ok_or_else(dead)?;
        let session = released::find(connection, row.session_id.into()).await?;
        let person = people::find(connection, row.person_id.into()).await?;
        if person.as_ref().is_some_and(|one| !one.active) {
            return Err(dead());
        }
        let known = person.as_ref().map(|one| column::parse(&one.language));
        Ok(Self {
            session: session.ok_or_else(dead)?,
            language: page::language(request, known.transpose()?),
            name: person.map(|one| one.name).unwrap_or_default(),
            row,
        })
    }

    fn case(&self, context: &Context) -> Result<Case, Problem> {
        Ok(Case {
            state: column::parse(&self.row.state)?,
            begins: model::begins(&self.session),
            own: true,
            now: context.now,
        })
    }
}

async fn show(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, state.database.read(), &request).await?;
    let mut form = Form::default();
    form.set("comment", opened.row.comment.clone().unwrap_or_default());
    let page = view(&opened, &context, &form)?;
    Ok(page::respond(opened.language, page))
}

async fn send(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    mut form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|name| name == "verdict" || name == "comment")?;
    let opened = Opened::by(&state, state.database.read(), &request).await?;
    let Some(body) = read(&mut form, opened.language) else {
        let page = view(&opened, &context, &form)?;
        return Ok(page::answer(StatusCode::BAD_REQUEST, opened.language, page));
    };
    let actor = Actor {
        subject: format!("link:{}", opened.row.link_id),
        ..context.actor()
    };
    let work = async |change: &mut Change| {
        let opened = Opened::by(&state, change.tx(), &request).await?;
        let (row, session) = steps::locked(change, opened.row.id.into()).await?;
        let opened = Opened {
            row,
            session,
            ..opened
        };
        let case = opened.case(&context)?;
        transition::judge(&EDGES, "answer", &case, opened.language)?;
        steps::answer(change, opened.row, body).await
    };
    match state.database.change(actor, work).await {
        Ok(_) => Ok(page::see(&request, "answered")),
        // Too late: show what holds.
        Err(problem) if problem.code().status == 409 => {
            let opened = Opened::by(&state, state.database.read(), &request).await?;
            let page = view(&opened, &context, &form)?;
            Ok(page::answer(StatusCode::CONFLICT, opened.language, page))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// What the form says; nothing where something is wrong with it.
fn read(form: &mut Form, language: Language) -> Option<NewInvitationAnswer> {
    let verdict = column::parse::<InvitationVerdict>(form.get("verdict")).ok();
    if verdict.is_none() {
        let label = words::QUESTION.get(language);
        form.refuse("verdict", label, words::CHOOSE.get(language));
    }
    let text = Text::of("comment", &words::COMMENT, MOST_COMMENT, language);
    let comment = form.optional_text(text);
    verdict
        .filter(|_| form.is_fine())
        .map(|verdict| NewInvitationAnswer { verdict, comment })
}

fn view(opened: &Opened, context: &Context, form: &Form) -> Result<Markup, Problem> {
    let (language, session) = (opened.language, &opened.session);
    let case = opened.case(context)?;
    let open = EDGES.iter().all(|edge| edge.judge(&case).is_ok());
    let verdict = opened.row.verdict.as_deref().map(column::parse);
    let verdict: Option<InvitationVerdict> = verdict.transpose()?;
    let place = crate::calendars::model::events(session, language)
        .first()
        .map(|event| event.location.clone());
    let inner = html! {
        p { (words::FOR.fill(language, &[("name", opened.name.clone())])) }
        @if let Some(verdict) = verdict {
            (answered(verdict, open, language))
        }
        @if !open { div class="notice" { p { (words::OVER.get(language)) } } }
        dl class="facts" {
            dt { (words::WHEN.get(language)) }
            @for line in steps::when(session, language) { dd { (line) } }
            @if let Some(place) = place.filter(|place| !place.is_empty()) {
                dt { (words::WHERE.get(language)) }
                dd { (place) }
            }
        }
        @if open { (question(form, language)) }
    };
    Ok(page::layout_of(api::NAME, language, &session.name, &inner))
}

fn answered(verdict: InvitationVerdict, open: bool, language: Language) -> Markup {
    let said = words::verdict(verdict, language).to_owned();
    let look = match verdict {
        InvitationVerdict::Yes => "yes",
        InvitationVerdict::No => "no",
        InvitationVerdict::Maybe => "",
    };
    html! {
        div class=(format!("notice {look}")) role="status" {
            @if open { p { (words::ANSWERED.fill(language, &[("verdict", said)])) } }
            @else { p { (said) } }
        }
    }
}

/// One button an answer, so that one click is enough; the comment goes with whichever is pressed.
fn question(form: &Form, language: Language) -> Markup {
    let fields = Fields { form, language };
    let answers = [
        ("yes", &words::YES),
        ("no", &words::NO),
        ("maybe", &words::MAYBE),
    ];
    html! {
        form method="post" {
            (fields.summary())
            (fields.text("comment", Label::optional(&words::COMMENT), 3))
            fieldset class="field" aria-describedby=[form.fault("verdict").map(|_| fault_id("verdict"))] {
                legend { (words::QUESTION.get(language)) }
                (fields.fault("verdict"))
                @for (index, (verdict, words)) in answers.into_iter().enumerate() {
                    button type="submit" name="verdict" value=(verdict)
                        id=[(index == 0).then(|| id("verdict"))] { (words.get(language)) }
                    " "
                }
            }
        }
    }
}
