//! The page by which whoever declared an interest withdraws it.

use super::{entity, store};
use crate::{
    State,
    endorsements::{link, links},
    mail::LinkKind,
    rounds,
};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data},
};
use maud::html;
use sea_orm::ConnectionTrait;
use shared_database::{Change, column};
use shared_types::{
    Actor, InterestId, LocalizedText, Problem, Words, registration::codes::LINK_INVALID,
};
use shared_web::{
    Context, Error,
    page::{self, Form},
};

const QUESTION: Words = Words {
    en: "You asked to be told when this round opens.",
    sv: "Du har bett oss höra av oss när omgången öppnar.",
    da: "Du har bedt os give besked, når holdet åbner.",
};
const WITHDRAW: Words = Words {
    en: "Withdraw the interest",
    sv: "Ta tillbaka intresset",
    da: "Træk interessen tilbage",
};
const WITHDRAWN: Words = Words {
    en: "Your interest is withdrawn, and your name and address are erased.",
    sv: "Ditt intresse är återtaget, och ditt namn och din adress är raderade.",
    da: "Din interesse er trukket tilbage, og dit navn og din adresse er slettet.",
};

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/registration/pages/interest/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(withdraw)),
    );
}

/// What a link opened; the interest is there until it is withdrawn.
struct Opened {
    link: link::Model,
    round: rounds::entity::Model,
    interest: Option<entity::Model>,
}

impl Opened {
    async fn by(
        state: &State,
        connection: &impl ConnectionTrait,
        request: &HttpRequest,
    ) -> Result<Self, Problem> {
        let token = request.match_info().get("token").unwrap_or_default();
        let link = links::open(state, connection, LinkKind::Interest, token).await?;
        let invalid = || Problem::of(&LINK_INVALID);
        let round = rounds::store::find_any(connection, link.round_id.into()).await?;
        let interest = link.interest_id.ok_or_else(invalid)?;
        Ok(Self {
            interest: store::find(connection, InterestId::from(interest)).await?,
            round: round.ok_or_else(invalid)?,
            link,
        })
    }
}

async fn show(request: HttpRequest, state: Data<State>, _: Context) -> Result<HttpResponse, Error> {
    let opened = Opened::by(&state, state.database.read(), &request).await?;
    let known = opened
        .interest
        .as_ref()
        .map(|row| column::parse(&row.language));
    let language = page::language(&request, known.transpose().map_err(Problem::from)?);
    let name: LocalizedText = column::from_json(opened.round.name).map_err(Problem::from)?;
    let inner = html! {
        @if opened.interest.is_some() {
            p { (QUESTION.get(language)) }
            form method="post" { button type="submit" { (WITHDRAW.get(language)) } }
        } @else {
            div class="notice yes" role="status" { p { (WITHDRAWN.get(language)) } }
        }
    };
    let page = page::layout_of(crate::api::NAME, language, &name, &inner);
    Ok(page::respond(language, page))
}

async fn withdraw(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|_| false)?;
    let opened = Opened::by(&state, state.database.read(), &request).await?;
    let actor = Actor {
        subject: format!("link:{}", opened.link.id),
        ..context.actor()
    };
    let work = async |change: &mut Change| {
        let opened = Opened::by(&state, change.tx(), &request).await?;
        match opened.interest {
            Some(row) => store::withdraw(change, row.id.into()).await,
            // Sent twice: it is withdrawn already.
            None => Ok(()),
        }
    };
    state.database.change(actor, work).await?;
    Ok(page::see(&request, "withdrawn"))
}
