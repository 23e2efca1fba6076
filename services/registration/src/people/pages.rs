//! The page by which somebody says that a login is theirs.

use super::{claim_entity, claims, store};
use crate::State;
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data},
};
use maud::html;
use shared_database::{Change, column};
use shared_types::{Actor, Language, Problem, Words, registration::codes::LINK_INVALID};
use shared_web::{
    Context, Error,
    page::{self, Form},
};

const TITLE: Words = Words {
    en: "Is this login yours?",
    sv: "Är den här inloggningen din?",
    da: "Er dette login dit?",
};
const QUESTION: Words = Words {
    en: "Somebody has logged in by {issuer} with your e-mail address. If it was you, connect the login with your account here. It then has all that your account has.",
    sv: "Någon har loggat in via {issuer} med din e-postadress. Om det var du, koppla inloggningen till ditt konto här. Den får då allt som ditt konto har.",
    da: "Nogen er logget ind via {issuer} med din e-mailadresse. Hvis det var dig, så knyt dette login til din konto her. Det får så alt, hvad din konto har.",
};
const YES: Words = Words {
    en: "Yes, it was me",
    sv: "Ja, det var jag",
    da: "Ja, det var mig",
};
const NO: Words = Words {
    en: "No, it was not me",
    sv: "Nej, det var inte jag",
    da: "Nej, det var ikke mig",
};
const LINKED: Words = Words {
    en: "The login is connected with your account. You can log in now.",
    sv: "Inloggningen är kopplad till ditt konto. Du kan logga in nu.",
    da: "Loginnet er knyttet til din konto. Du kan logge ind nu.",
};
const REFUSED: Words = Words {
    en: "The login is not connected with your account.",
    sv: "Inloggningen är inte kopplad till ditt konto.",
    da: "Loginnet er ikke knyttet til din konto.",
};

/// Mounts the page.
pub fn pages(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/registration/pages/identity/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(send)),
    );
}

async fn opened(state: &State, request: &HttpRequest) -> Result<claim_entity::Model, Problem> {
    let token = request.match_info().get("token").unwrap_or_default();
    claims::open(state, state.database.read(), token).await
}

async fn show(request: HttpRequest, state: Data<State>, _: Context) -> Result<HttpResponse, Error> {
    let claim = opened(&state, &request).await?;
    let person = store::find(state.database.read(), claim.person_id.into())
        .await
        .map_err(Problem::from)?
        .ok_or_else(|| Problem::of(&LINK_INVALID))?;
    let own: Language = column::parse(&person.language).map_err(Problem::from)?;
    let language = page::language(&request, Some(own));
    let linked = claims::is_linked(state.database.read(), &claim)
        .await
        .map_err(Problem::from)?;
    let issuer = claims::host(&claim.issuer).to_owned();
    let question = QUESTION.fill(language, &[("issuer", issuer)]);
    let inner = html! {
        @if linked {
            div class="notice yes" role="status" { p { (LINKED.get(language)) } }
        } @else if claim.ended_at.is_some() {
            div class="notice" role="status" { p { (REFUSED.get(language)) } }
        } @else {
            p { (question) }
            form method="post" {
                button type="submit" name="verdict" value="accept" { (YES.get(language)) }
                " "
                button type="submit" name="verdict" value="decline" { (NO.get(language)) }
            }
        }
    };
    let page = page::layout(crate::api::NAME, language, TITLE.get(language), &inner);
    Ok(page::respond(language, page))
}

async fn send(
    request: HttpRequest,
    state: Data<State>,
    context: Context,
    form: Form,
) -> Result<HttpResponse, Error> {
    form.only(|name| name == "verdict")?;
    let agreed = form.get("verdict") == "accept";
    let claim = opened(&state, &request).await?;
    let actor = Actor {
        subject: format!("link:{}", claim.id),
        ..context.actor()
    };
    let work = async |change: &mut Change| claims::answer(change, claim, agreed).await;
    state.database.change(actor, work).await?;
    Ok(page::see(&request, "sent"))
}
