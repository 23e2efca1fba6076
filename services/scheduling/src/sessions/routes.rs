//! Operations of sessions in the draft.

use super::{
    entity,
    model::{Case, EDGES},
    steps, store,
};
use crate::{State, plans, releases};
use actix_web::{
    delete, get, post, put,
    web::{Data, Path},
};
use shared_database::{Change, column, history};
use shared_types::{
    Answer, Claim, Links, Problem, RoundId, SessionId,
    registration::{history::History, rounds::Reason},
    scheduling::{
        codes::SESSION_RELEASED,
        sessions::{NewActivation, NewSession, Session, SessionState},
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, Reply, command::Expected};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session)
        .service(get_session)
        .service(replace_session)
        .service(delete_session)
        .service(cancel_session)
        .service(activate_session)
        .service(lapse_session)
        .service(get_session_history);
}

/// Add a session
///
/// For the organiser's coordinators: adds a session to the draft of a round's plan; people see it
/// once the plan is released. Begins the plan where there is none.
#[utoipa::path(tag = "sessions", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewSession, responses((status = 201, description = "The session.", body = Session)))]
#[post("/rounds/{roundId}/sessions")]
async fn create_session(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewSession>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = plans::store::coordinated(change.tx(), &context.caller, *id).await?;
            let plan = plans::store::lock_or_make(change, &round).await?;
            let row = steps::add(change, &plan, body).await?;
            saved(change, plan).await?;
            let session = wire(&row, &context, true)?;
            Ok(Answer::created(session.links.own(), &session)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a session of a draft
///
/// For the organiser's coordinators. What others see stands in the round's schedule.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The session.", body = Session)))]
#[get("/sessions/{sessionId}")]
async fn get_session(state: Data<State>, context: Context, id: Path<SessionId>) -> Outcome {
    let row = steps::known(state.database.read(), &context.caller, *id).await?;
    Ok(Reply::resource(&wire(&row, &context, true)?, row.version)?)
}

/// Replace a session's content
///
/// For the organiser's coordinators, in the draft; people see it with the next release. A session
/// that is cancelled or lapsed stays as it is.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = NewSession, responses((status = 200, description = "The session.", body = Session)))]
#[put("/sessions/{sessionId}")]
async fn replace_session(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewSession>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let (plan, row) = steps::locked(change, &context.caller, *id).await?;
            expected.check(row.version)?;
            let case = Case::of(&row, true)?;
            // What can be cancelled is to be held, and only that can be written.
            transition::judge(&EDGES, "cancellation", &case, context.language)?;
            let row = steps::replace(change, &plan, row, &body).await?;
            saved(change, plan).await?;
            Ok(Answer::ok(&wire(&row, &context, true)?)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// Delete a session
///
/// For the organiser's coordinators, as long as it was never released; cancel it afterwards.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 204, description = "It is gone.")))]
#[delete("/sessions/{sessionId}")]
async fn delete_session(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let (plan, row) = steps::locked(change, &context.caller, *id).await?;
            expected.check(row.version)?;
            let tied = row.replaces_id.is_some() || row.replaced_by_id.is_some();
            if tied || releases::store::was_released(change.tx(), *id).await? {
                return Err(Problem::of(&SESSION_RELEASED));
            }
            releases::store::forget_extras(change, *id).await?;
            store::delete(change, *id).await?;
            change.record("plan", row.round_id, "session.deleted", None);
            change.record("session", row.id, "session.deleted", None);
            saved(change, plan).await?;
            Ok(Answer::no_content())
        },
    );
    Ok(answer.await?.into())
}

/// Cancel a session
///
/// For the organiser's coordinators, in the draft, with a reason: it will not be held. With the
/// next release people are told.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = Reason, responses((status = 200, description = "The session.", body = Session)))]
#[post("/sessions/{sessionId}/cancellation")]
async fn cancel_session(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<Reason>,
) -> Outcome {
    let reason = command.body.reason;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "cancellation", async |change, row| {
        steps::cancel(change, row, &reason).await
    })
    .await
}

/// Activate a reserve date
///
/// For the organiser's coordinators, in the draft: the reserve date stands in for a session, which
/// is cancelled by it. With the next release people are told, and the reserve date is certain in
/// their calendars.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The reserve date.")), request_body = NewActivation, responses((status = 200, description = "The reserve date.", body = Session)))]
#[post("/sessions/{sessionId}/activation")]
async fn activate_session(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewActivation>,
) -> Outcome {
    let NewActivation {
        replaces_id,
        reason,
    } = command.body;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "activation", async |change, row| {
        steps::activate(change, row, replaces_id, &reason).await
    })
    .await
}

/// Let a reserve date lapse
///
/// For the organiser's coordinators, in the draft: the date is not needed. After its last day it
/// lapses by itself, and then people are told at once.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The reserve date.")), responses((status = 200, description = "The reserve date.", body = Session)))]
#[post("/sessions/{sessionId}/lapse")]
async fn lapse_session(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NoBody>,
) -> Outcome {
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "lapse", async |change, row| {
        steps::enter(change, row, SessionState::Lapsed, None).await
    })
    .await
}

/// Read a session's history
///
/// For the organiser's coordinators.
#[utoipa::path(tag = "sessions", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/sessions/{sessionId}/history")]
async fn get_session_history(state: Data<State>, context: Context, id: Path<SessionId>) -> Outcome {
    let connection = state.database.read();
    steps::known(connection, &context.caller, *id).await?;
    let entries = history::list(connection, id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("sessions/{id}/history"))),
    })?)
}

async fn step(
    state: &State,
    id: SessionId,
    (context, claim, expected): (Context, Option<Claim>, Expected),
    edge: &'static str,
    work: impl AsyncFnOnce(&mut Change, entity::Model) -> Result<entity::Model, Problem>,
) -> Outcome {
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let (plan, row) = steps::locked(change, &context.caller, id).await?;
            expected.check(row.version)?;
            let case = Case::of(&row, true)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let row = work(change, row).await?;
            saved(change, plan).await?;
            Ok(Answer::ok(&wire(&row, &context, true)?)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// Saves the plan of a session that has changed, and says so.
async fn saved(change: &mut Change, plan: plans::entity::Model) -> Result<(), Problem> {
    let plan = plans::store::save(change, plan).await?;
    plans::routes::announce(change, &plan, "plan.changed");
    Ok(())
}

/// The wire form of a session.
pub fn wire(row: &entity::Model, context: &Context, coordinator: bool) -> Result<Session, Problem> {
    let href = context.href(format!("sessions/{}", row.id));
    let plan = context.href(format!("rounds/{}/plan", row.round_id));
    let links = Links::to_self(&href).with("plan", "GET", plan).with(
        "history",
        "GET",
        format!("{href}/history"),
    );
    let case = Case::of(row, coordinator)?;
    Ok(Session {
        id: row.id.into(),
        round_id: row.round_id.into(),
        state: column::parse(&row.state)?,
        content: column::from_json(row.content.clone())?,
        replaces_id: row.replaces_id.map(SessionId::from),
        replaced_by_id: row.replaced_by_id.map(SessionId::from),
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}
