//! Operations of a round's plan.

use super::{draft, entity, released, store};
use crate::{
    State,
    releases::{around, findings, next},
    sessions,
};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared_database::{Change, history};
use shared_types::{
    Answer, Links, Problem, RoundId, SessionId, civil,
    registration::history::History,
    scheduling::plans::{NewPlan, Plan},
};
use shared_web::{Command, Context, Outcome, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_plan)
        .service(replace_plan)
        .service(get_plan_history);
}

/// Get a round's plan
///
/// For the organiser's coordinators: the draft, with its programme days, and with all that speaks
/// against releasing it. A round whose plan nobody has begun has one without sessions.
#[utoipa::path(tag = "plans", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The plan.", body = Plan)))]
#[get("/rounds/{roundId}/plan")]
async fn get_plan(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let round = store::coordinated(connection, &context.caller, *id).await?;
    let plan = store::find(connection, *id).await?;
    let plan = plan.unwrap_or_else(|| entity::Model {
        round_id: round.id,
        organiser_id: round.organiser_id,
        time_zone: round.time_zone.clone(),
        promised_days: None,
        released_number: 0,
        version: 0,
    });
    let version = plan.version;
    Ok(Reply::resource(
        &wire(connection, &plan, &context).await?,
        version,
    )?)
}

/// Replace what a plan says of itself
///
/// For the organiser's coordinators: how many programme days the round promises, and the zone of
/// sessions that name none. Begins the plan where there is none.
#[utoipa::path(tag = "plans", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewPlan, responses((status = 200, description = "The plan.", body = Plan)))]
#[put("/rounds/{roundId}/plan")]
async fn replace_plan(state: Data<State>, id: Path<RoundId>, command: Command<NewPlan>) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let zone = body.time_zone.as_deref();
    if zone.is_some_and(|zone| civil::zone(zone).is_none()) {
        let words = "There is no such IANA zone.";
        return Err(Problem::invalid("/timeZone", "invalid", words).into());
    }
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = store::coordinated(change.tx(), &context.caller, *id).await?;
            let began = store::find(change.tx(), *id).await?.is_some();
            let mut plan = store::lock_or_make(change, &round).await?;
            if began {
                expected.check(plan.version)?;
            }
            plan.promised_days = body.promised_days;
            plan.time_zone = body.time_zone.clone().unwrap_or(round.time_zone);
            sessions::steps::check_all(change.tx(), &plan).await?;
            let plan = store::save(change, plan).await?;
            tell(change, &plan, "plan.changed", None);
            let version = plan.version;
            let plan = wire(change.tx(), &plan, &context).await?;
            Ok(Answer::ok(&plan)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a plan's history
///
/// For the organiser's coordinators: what was done to the plan and its sessions, by whom, and why.
#[utoipa::path(tag = "plans", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/rounds/{roundId}/plan/history")]
async fn get_plan_history(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    store::coordinated(connection, &context.caller, *id).await?;
    let entries = history::list(connection, id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("rounds/{id}/plan/history"))),
    })?)
}

/// Writes history and event of a plan.
pub fn tell(change: &mut Change, plan: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("plan", plan.round_id, edge, reason);
    announce(change, plan, edge);
}

/// Publishes that a plan has changed. Drafts are the organiser's own, so that the event names
/// nothing but the plan.
pub fn announce(change: &mut Change, plan: &entity::Model, edge: &str) {
    let fact = json!({ "roundId": plan.round_id, "organiserId": plan.organiser_id });
    change.publish(edge, plan.round_id, fact);
}

/// The wire form of a plan, computed from the draft and what stands around it.
pub async fn wire(
    connection: &impl ConnectionTrait,
    plan: &entity::Model,
    context: &Context,
) -> Result<Plan, Problem> {
    let round = RoundId::from(plan.round_id);
    let loaded = draft::load(connection, plan).await?;
    let previous = released::of_rounds(connection, &[round]).await?;
    let next = next::sessions(&loaded.draft, &previous, context.now);
    let around = around::load(connection, plan, &loaded, &next, context.now).await?;
    let place: BTreeMap<SessionId, usize> =
        (0..).zip(&next).map(|(at, one)| (one.id, at)).collect();
    let sessions = loaded.rows.iter().map(|row| {
        let session = sessions::routes::wire(row, context, true)?;
        Ok((
            place.get(&session.id).copied().unwrap_or(usize::MAX),
            session,
        ))
    });
    let mut sessions = sessions.collect::<Result<Vec<_>, Problem>>()?;
    sessions.sort_by_key(|(at, session)| (*at, session.id));
    let href = context.href(format!("rounds/{round}/plan"));
    let links = Links::to_self(&href)
        .with("preview", "GET", format!("{href}/preview"))
        .with("history", "GET", format!("{href}/history"))
        .with(
            "sessions",
            "POST",
            context.href(format!("rounds/{round}/sessions")),
        )
        .with(
            "releases",
            "POST",
            context.href(format!("rounds/{round}/releases")),
        );
    Ok(Plan {
        round_id: round,
        organiser_id: plan.organiser_id.into(),
        time_zone: plan.time_zone.clone(),
        released_number: plan.released_number,
        is_changed: next != previous,
        programme_days: findings::programme_days(&next, plan.promised_days),
        findings: findings::of(&next, &around),
        sessions: sessions.into_iter().map(|(_, session)| session).collect(),
        links,
    })
}
