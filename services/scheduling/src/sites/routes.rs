//! Operations of sites.

use super::{steps, store};
use crate::{
    State,
    audiences::{self, store::Seen},
    plans,
    releases::claims,
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, DatabaseError};
use shared_types::{
    Answer, Links, Problem, SessionId, codes,
    scheduling::sites::{NewSiteChoice, SessionSite, SessionSites},
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_session_sites).service(choose_site);
}

/// List a session's sites
///
/// For those for whom the session is, its hosts, facilitators and coordinators: how many places
/// each site has and how many are taken, and where the caller is.
#[utoipa::path(tag = "sites", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The sites.", body = SessionSites)))]
#[get("/sessions/{sessionId}/sites")]
async fn list_session_sites(state: Data<State>, context: Context, id: Path<SessionId>) -> Outcome {
    let connection = state.database.read();
    let seen = audiences::store::seen(connection, &context.caller, *id).await?;
    Ok(Reply::ok(&wire(connection, &seen, &context).await?)?)
}

/// Choose a site
///
/// For participants of the session, until it begins: from which of its sites one joins; without
/// `siteId` from none. The round's coordinators choose for a participant, at any time. A site that
/// is full takes nobody more. Choosing again what is chosen changes nothing.
#[utoipa::path(tag = "sites", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = NewSiteChoice, responses((status = 200, description = "The sites.", body = SessionSites)))]
#[post("/sessions/{sessionId}/site-choice")]
async fn choose_site(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewSiteChoice>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let early = claims::early(id.uuid(), async {
        Ok(store::of_session(state.database.read(), *id).await?)
    });
    let early = early.await?;
    let work = async |change: &mut Change| {
        let seen = audiences::store::seen(change.tx(), &context.caller, *id).await?;
        plans::store::lock(change, seen.session.round_id).await?;
        let seen = audiences::store::seen(change.tx(), &context.caller, *id).await?;
        let own = context.caller.person;
        let person = body.person_id.or(own);
        let person = person.filter(|person| seen.coordinates || Some(*person) == own);
        let person = person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
        steps::choose(change, &seen, person, body.site_id, early).await?;
        Answer::ok(&wire(change.tx(), &seen, &context).await?)
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

async fn wire(
    connection: &impl ConnectionTrait,
    seen: &Seen,
    context: &Context,
) -> Result<SessionSites, DatabaseError> {
    let session = &seen.session;
    let chosen = store::of_session(connection, session.id).await?;
    let own = context.caller.person;
    let own = own.and_then(|person| chosen.get(&person).copied());
    let href = context.href(format!("sessions/{}/sites", session.id));
    let choice = context.href(format!("sessions/{}/site-choice", session.id));
    let site = |place: &shared_types::scheduling::releases::ReleasedPlace| {
        let there = chosen.values().filter(|site| **site == place.venue_id);
        SessionSite {
            site_id: place.venue_id,
            name: place.name.clone(),
            capacity: place.capacity,
            chosen_count: i32::try_from(there.count()).unwrap_or(i32::MAX),
            is_chosen: own == Some(place.venue_id),
        }
    };
    Ok(SessionSites {
        session_id: session.id,
        sites: steps::places(session).map(site).collect(),
        links: Links::to_self(href).with("choose", "POST", choice),
    })
}
