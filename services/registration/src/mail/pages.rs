//! The page by which somebody turns a sort of messages off, and on again.
//!
//! Opening it changes nothing: mail scanners do. Mail programs that offer to unsubscribe post to
//! it by themselves (RFC 8058).

use super::{entity, kinds, kinds::Sort, model::LinkKind, refusals};
use crate::{State, people::model::email_key};
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data},
};
use maud::html;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shared_database::{Change, DatabaseError, column};
use shared_types::{Actor, Language, Problem, Words, registration::codes::LINK_INVALID};
use shared_web::{
    Context, Error,
    page::{self, Form},
};

/// The field that turns messages on again; without it they are turned off.
const WANTED: &str = "wanted";
/// What mail programs post.
const ONE_CLICK: &str = "List-Unsubscribe";

const TITLE: Words = Words {
    en: "Messages by mail",
    sv: "Brev med e-post",
    da: "Beskeder med e-mail",
};
const QUESTION: Words = Words {
    en: "Messages of this sort come to your address:",
    sv: "Sådana brev kommer till din adress:",
    da: "Beskeder af denne slags kommer til din adresse:",
};
const NECESSARY: Words = Words {
    en: "What you need to take part still comes: offers, times and places, certificates.",
    sv: "Det du behöver för att delta kommer ändå: erbjudanden, tider och platser, intyg.",
    da: "Det, du skal bruge for at deltage, kommer stadig: tilbud, tider og steder, beviser.",
};
const OFF: Words = Words {
    en: "Turn them off",
    sv: "Stäng av dem",
    da: "Slå dem fra",
};
const IS_OFF: Words = Words {
    en: "They are turned off for your address:",
    sv: "De är avstängda för din adress:",
    da: "De er slået fra for din adresse:",
};
const ON: Words = Words {
    en: "Turn them on again",
    sv: "Sätt på dem igen",
    da: "Slå dem til igen",
};

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/registration/pages/unsubscribe/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(set)),
    );
}

/// The message whose link was opened, and the sort that it can turn off.
async fn opened(
    state: &State,
    connection: &impl ConnectionTrait,
    request: &HttpRequest,
) -> Result<(entity::Model, Sort), Problem> {
    let invalid = || Problem::of(&LINK_INVALID);
    let token = request.match_info().get("token").unwrap_or_default();
    let id = state.link_key.verify(LinkKind::Unsubscribe.word(), token);
    let id = id.ok_or_else(invalid)?;
    let message = entity::Entity::find_by_id(id.uuid()).one(connection).await;
    let message = message.map_err(DatabaseError::from)?.ok_or_else(invalid)?;
    let sort = kinds::sort_of(&message.template).ok_or_else(invalid)?;
    Ok((message, sort))
}

async fn show(request: HttpRequest, state: Data<State>, _: Context) -> Result<HttpResponse, Error> {
    let connection = state.database.read();
    let (message, sort) = opened(&state, connection, &request).await?;
    let key = email_key(&message.recipient_email);
    let refused = refusals::of_addresses(connection, [key.clone()]).await;
    let refused = refused.map_err(Problem::from)?;
    let is_off = refused.contains(&(key, sort.word().to_owned()));
    let known: Language = column::parse(&message.language).map_err(Problem::from)?;
    let language = page::language(&request, Some(known));
    let inner = html! {
        @if is_off {
            div class="notice yes" role="status" { p { (IS_OFF.get(language)) " " (sort.name().get(language)) } }
            form method="post" {
                input type="hidden" name=(WANTED) value="yes";
                button type="submit" { (ON.get(language)) }
            }
        } @else {
            p { (QUESTION.get(language)) " " strong { (sort.name().get(language)) } }
            p { (NECESSARY.get(language)) }
            form method="post" { button type="submit" { (OFF.get(language)) } }
        }
    };
    let page = page::layout(crate::api::NAME, language, TITLE.get(language), &inner);
    Ok(page::respond(language, page))
}

async fn set(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|name| [WANTED, ONE_CLICK].contains(&name))?;
    let (message, sort) = opened(&state, state.database.read(), &request).await?;
    let actor = Actor {
        subject: format!("link:{}", message.id),
        ..context.actor()
    };
    let is_wanted = form.get(WANTED) == "yes";
    let work = async |change: &mut Change| {
        refusals::set(change, &message, sort, is_wanted).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(actor, work).await?;
    Ok(page::see(&request, "done"))
}
