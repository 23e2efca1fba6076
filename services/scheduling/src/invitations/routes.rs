//! Operations of invitations.

use super::{
    entity,
    model::{self, Case, EDGES},
    steps, store,
};
use crate::{State, audiences, plans::released};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use serde::Deserialize;
use shared_database::{Change, column, page};
use shared_projections::people;
use shared_types::{
    Answer, InvitationId, Links, PersonId, Problem, SessionId, codes,
    scheduling::{
        invitations::{
            Invitation, InvitationCount, InvitationCounts, InvitationPage, InvitationState,
            InvitationVerdict, InvitedAs, NewInvitationAnswer,
        },
        releases::ReleasedSession,
    },
    transition,
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use std::collections::HashMap;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_invitations)
        .service(get_invitation)
        .service(answer_invitation)
        .service(count_invitations);
}

/// The parameter of the list of invitations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameter; `Query` reads it")]
struct Filters {
    /// Only invitations to this session.
    session_id: Option<SessionId>,
}

/// List invitations
///
/// One's own, and for coordinators those to the sessions of their organisers; withdrawn ones
/// included.
#[utoipa::path(tag = "invitations", params(Filters, PageParameters), responses((status = 200, description = "A page of invitations.", body = InvitationPage)))]
#[get("/invitations")]
async fn list_invitations(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let mut select = store::scoped(&context.caller);
    if let Some(session) = query.get::<SessionId>("sessionId") {
        select = select.filter(entity::Column::SessionId.eq(session.uuid()));
    }
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let names = people::find_all(connection, slice.items.iter().map(|row| row.person_id)).await?;
    let rounds: Vec<_> = slice.items.iter().map(|row| row.round_id.into()).collect();
    let sessions = released::of_rounds(connection, &rounds).await?;
    let items = slice.items.into_iter().filter_map(|row| {
        let session = sessions
            .iter()
            .find(|one| one.id.uuid() == row.session_id)?;
        Some(wire(row, session, &names, &context))
    });
    Ok(Reply::ok(&InvitationPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Get an invitation
///
/// For the invited person and the coordinators of the session's organiser.
#[utoipa::path(tag = "invitations", params(("invitationId" = InvitationId, Path, description = "The invitation.")), responses((status = 200, description = "The invitation.", body = Invitation)))]
#[get("/invitations/{invitationId}")]
async fn get_invitation(state: Data<State>, context: Context, id: Path<InvitationId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let session = released::find(connection, row.session_id.into()).await?;
    let session = session.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let names = people::find_all(connection, [row.person_id]).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire(row, &session, &names, &context)?,
        version,
    )?)
}

/// Answer an invitation
///
/// For the invited person: yes, no or maybe, and a word to the organiser. It can be changed until
/// the session begins; the same answer again changes nothing.
#[utoipa::path(tag = "invitations", params(("invitationId" = InvitationId, Path, description = "The invitation.")), request_body = NewInvitationAnswer, responses((status = 200, description = "The invitation.", body = Invitation)))]
#[post("/invitations/{invitationId}/answer")]
async fn answer_invitation(
    state: Data<State>,
    id: Path<InvitationId>,
    command: Command<NewInvitationAnswer>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let work = async |change: &mut Change| {
        known(change.tx(), &context, *id).await?;
        let (row, session) = steps::locked(change, *id).await?;
        expected.check(row.version)?;
        let case = case(&row, &session, &context)?;
        transition::judge(&EDGES, "answer", &case, context.language)?;
        let row = steps::answer(change, row, body).await?;
        let names = people::find_all(change.tx(), [row.person_id]).await?;
        let version = row.version;
        let invitation = wire(row, &session, &names, &context)?;
        Ok(Answer::ok(&invitation)?.version(version))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Count a session's invitations
///
/// For the coordinators of the round's organiser: how many come, how many don't, and how many have
/// not answered. Withdrawn invitations are not counted.
#[utoipa::path(tag = "invitations", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The counts.", body = InvitationCounts)))]
#[get("/sessions/{sessionId}/invitation-counts")]
async fn count_invitations(state: Data<State>, context: Context, id: Path<SessionId>) -> Outcome {
    let connection = state.database.read();
    let seen = audiences::store::seen(connection, &context.caller, *id).await?;
    if !seen.coordinates {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let rows = store::of_session(connection, *id).await?;
    let open = column::text(InvitationState::Open);
    let count = |invited_as: InvitedAs| {
        let kind = column::text(invited_as);
        let kept = rows
            .iter()
            .filter(|row| row.state == open && row.invited_as == kind);
        let said = |verdict: Option<InvitationVerdict>| {
            let verdict = verdict.map(column::text);
            let found = kept.clone().filter(|row| row.verdict == verdict);
            i32::try_from(found.count()).unwrap_or(i32::MAX)
        };
        InvitationCount {
            invited_as,
            yes: said(Some(InvitationVerdict::Yes)),
            no: said(Some(InvitationVerdict::No)),
            maybe: said(Some(InvitationVerdict::Maybe)),
            unanswered: said(None),
        }
    };
    Ok(Reply::ok(&InvitationCounts {
        session_id: *id,
        counts: [InvitedAs::Mentor, InvitedAs::Director].map(count).to_vec(),
        links: Links::to_self(context.href(format!("sessions/{id}/invitation-counts"))),
    })?)
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: InvitationId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn case(
    row: &entity::Model,
    session: &ReleasedSession,
    context: &Context,
) -> Result<Case, Problem> {
    Ok(Case {
        state: column::parse(&row.state)?,
        begins: model::begins(session),
        own: context.caller.person.map(PersonId::uuid) == Some(row.person_id),
        now: context.now,
    })
}

fn wire(
    row: entity::Model,
    session: &ReleasedSession,
    names: &HashMap<Uuid, people::Model>,
    context: &Context,
) -> Result<Invitation, Problem> {
    let case = case(&row, session, context)?;
    let href = context.href(format!("invitations/{}", row.id));
    let name = names.get(&row.person_id).filter(|known| !known.erased);
    let verdict = row.verdict.as_deref().map(column::parse).transpose()?;
    Ok(Invitation {
        id: row.id.into(),
        session_id: session.id,
        round_id: session.round_id,
        person_id: row.person_id.into(),
        name: name.map(|known| known.name.clone()),
        invited_as: column::parse(&row.invited_as)?,
        office_id: row.office_id.map(Into::into),
        state: case.state,
        session_name: session.name.clone(),
        days: session.days.clone(),
        time_zone: session.time_zone.clone(),
        verdict,
        comment: row.comment,
        answered_at: row.answered_at,
        invited_at: row.invited_at,
        links: transition::allowed(&EDGES, &case, &href, Links::to_self(&href)),
    })
}
