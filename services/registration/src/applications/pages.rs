//! The pages of applicants: the form by which anybody from a fitting organisation applies
//! without an account, the link in a mail that makes the application count, and the link by
//! which an offered seat is taken or left.
//!
//! Reading changes nothing. The form never says whether an address is known: it makes a new,
//! unverified person and a draft, and mails the address; whoever owns it confirms. Offer and
//! confirmation answer once and then show the answer, by the same table and steps as the API.
//! None of the forms needs a token against forged requests: there is no cookie to abuse, and a
//! link's address is its secret (see [`shared_web::page`]).

mod apply;
mod confirm;
mod employers;
mod nomination;
mod offer;
mod words;

use super::{
    entity,
    model::{Case, EDGES, Facts, Who},
};
use crate::{
    State,
    endorsements::{link, links},
    mail::LinkKind,
    people,
    rounds::{self, model::Terms},
};
use actix_web::{HttpRequest, web};
use maud::{Markup, html};
use shared_database::column;
use shared_types::{Actor, Language, Problem, Refusal, codes, registration::codes::LINK_INVALID};
use shared_web::{Context, page};

/// The applicant's own part.
const APPLICANT: Who = Who {
    own: true,
    coordinator: false,
    office: false,
};

/// Mounts the pages.
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/registration/pages/offer/{token}")
                .route(web::get().to(offer::show))
                .route(web::head().to(offer::show))
                .route(web::post().to(offer::answer)),
        )
        .service(
            web::resource("/registration/pages/nomination/{token}")
                .route(web::get().to(nomination::show))
                .route(web::head().to(nomination::show))
                .route(web::post().to(nomination::send)),
        )
        .service(
            web::resource("/registration/pages/confirm/{token}")
                .route(web::get().to(confirm::show))
                .route(web::head().to(confirm::show))
                .route(web::post().to(confirm::send)),
        )
        .service(
            web::resource("/registration/pages/rounds/{roundId}/application")
                .route(web::get().to(apply::show))
                .route(web::head().to(apply::show))
                .route(web::post().to(apply::send)),
        );
}

/// An application that a link opened.
#[derive(Debug)]
struct Opened {
    link: link::Model,
    application: entity::Model,
    person: people::entity::Model,
    facts: rounds::pages::facts::Facts,
    terms: Terms,
    language: Language,
}

/// The text of the link that a request opens.
fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

impl Opened {
    /// Opens the application that a request's link is for.
    async fn by(kind: LinkKind, state: &State, request: &HttpRequest) -> Result<Self, Problem> {
        let connection = state.database.read();
        let link = links::open(state, connection, kind, token(request)).await?;
        let invalid = || Problem::of(&LINK_INVALID);
        let id = links::application(&link)?;
        let application = super::store::find_any(connection, id)
            .await?
            .ok_or_else(invalid)?;
        let person = people::store::find(connection, application.person_id.into()).await?;
        let person = person.ok_or_else(invalid)?;
        let round = rounds::store::find_any(connection, application.round_id.into()).await?;
        let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
        let terms = Terms::read(&round)?;
        let known = column::parse(&person.language)?;
        Ok(Self {
            facts: rounds::pages::facts::read(connection, round).await?,
            language: page::language(request, Some(known)),
            link,
            application,
            person,
            terms,
        })
    }

    /// Why the applicant can't take an edge now.
    fn refusal(&self, edge: &str, context: &Context) -> Result<Option<Refusal>, Problem> {
        let case = Case {
            facts: Facts::read(&self.application)?,
            terms: self.terms.clone(),
            who: APPLICANT,
            substitution_pending: false,
            now: context.now,
        };
        let edge = EDGES.iter().find(|one| one.name == edge);
        Ok(edge.and_then(|edge| edge.judge(&case).err()))
    }

    /// The author of what is done by the link.
    fn actor(&self, context: &Context) -> Actor {
        Actor {
            subject: format!("link:{}", self.link.id),
            ..context.actor()
        }
    }
}

/// A notice: `look` is empty, `yes` or `no`.
fn notice(look: &str, words: &str) -> Markup {
    html! { div class=(format!("notice {look}")) { p { (words) } } }
}
