//! Operations of goals.

use super::{entity, readings, steps, store};
use crate::State;
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, DatabaseError, column, history, page};
use shared_projections::programmes;
use shared_types::{
    Answer, Caller, Links, OrganisationId, Problem, ProgrammeGoalId, ProgrammeId, Role, codes,
    evaluation::goals::{
        GoalStatus, NewGoalAssessment, NewProgrammeGoal, ProgrammeGoal, ProgrammeGoalPage,
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_programme_goals)
        .service(set_programme_goal)
        .service(get_programme_goal)
        .service(replace_programme_goal)
        .service(assess_programme_goal);
}

fn may(caller: &Caller, organiser: OrganisationId) -> bool {
    caller.coordinates(organiser) || caller.has(Role::Evaluator, organiser)
}

async fn organiser(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ProgrammeId,
) -> Result<OrganisationId, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let programme = programmes::find(connection, id).await?;
    let organiser = programme.ok_or_else(missing)?.organiser_id.into();
    if may(caller, organiser) {
        Ok(organiser)
    } else {
        Err(missing())
    }
}

async fn known(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ProgrammeGoalId,
) -> Result<entity::Model, Problem> {
    let row = store::find_any(connection, id).await?;
    let row = row.filter(|row| may(caller, row.organiser_id.into()));
    row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// List a programme's goals
///
/// For who runs or evaluates the programme, each with its indicators as they stand now.
#[utoipa::path(tag = "goals", params(("programmeId" = ProgrammeId, Path, description = "The programme."), PageParameters), responses((status = 200, description = "A page of goals.", body = ProgrammeGoalPage)))]
#[get("/programmes/{programmeId}/goals")]
async fn list_programme_goals(
    state: Data<State>,
    context: Context,
    id: Path<ProgrammeId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    organiser(connection, &context.caller, *id).await?;
    let select = store::of_programme(*id);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let reasons = reasons(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let mut items = Vec::with_capacity(slice.items.len());
    for row in &slice.items {
        items.push(wire(connection, row, &reasons, &context).await?);
    }
    Ok(Reply::ok(&ProgrammeGoalPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Set a goal of a programme
///
/// For who runs or evaluates the programme.
#[utoipa::path(tag = "goals", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), request_body = NewProgrammeGoal, responses((status = 201, description = "The goal.", body = ProgrammeGoal)))]
#[post("/programmes/{programmeId}/goals")]
async fn set_programme_goal(
    state: Data<State>,
    id: Path<ProgrammeId>,
    command: Command<NewProgrammeGoal>,
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
            let organiser = organiser(change.tx(), &context.caller, *id).await?;
            let row = steps::set(change, (*id, organiser), &body).await?;
            let goal = wire(change.tx(), &row, &BTreeMap::new(), &context).await?;
            Ok(Answer::created(goal.links.own(), &goal)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a goal of a programme
///
/// For who runs or evaluates the programme, with its indicators as they stand now.
#[utoipa::path(tag = "goals", params(("goalId" = ProgrammeGoalId, Path, description = "The goal.")), responses((status = 200, description = "The goal.", body = ProgrammeGoal)))]
#[get("/programme-goals/{goalId}")]
async fn get_programme_goal(
    state: Data<State>,
    context: Context,
    id: Path<ProgrammeGoalId>,
) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context.caller, *id).await?;
    let reasons = reasons(connection, std::slice::from_ref(&row)).await?;
    let goal = wire(connection, &row, &reasons, &context).await?;
    Ok(Reply::resource(&goal, row.version)?)
}

/// Change a goal of a programme
///
/// For who runs or evaluates the programme: it replaces text and indicators, and is to be assessed
/// again.
#[utoipa::path(tag = "goals", params(("goalId" = ProgrammeGoalId, Path, description = "The goal.")), request_body = NewProgrammeGoal, responses((status = 200, description = "The goal.", body = ProgrammeGoal)))]
#[put("/programme-goals/{goalId}")]
async fn replace_programme_goal(
    state: Data<State>,
    id: Path<ProgrammeGoalId>,
    command: Command<NewProgrammeGoal>,
) -> Outcome {
    step(&state, *id, command, async |change, row, body| {
        Ok((steps::replace(change, row, body).await?, None))
    })
    .await
}

/// Assess a goal of a programme
///
/// For who runs or evaluates the programme: its status, with the reason.
#[utoipa::path(tag = "goals", params(("goalId" = ProgrammeGoalId, Path, description = "The goal.")), request_body = NewGoalAssessment, responses((status = 200, description = "The goal.", body = ProgrammeGoal)))]
#[post("/programme-goals/{goalId}/assessment")]
async fn assess_programme_goal(
    state: Data<State>,
    id: Path<ProgrammeGoalId>,
    command: Command<NewGoalAssessment>,
) -> Outcome {
    step(&state, *id, command, async |change, row, body| {
        let reason = body.reason.clone();
        Ok((steps::assess(change, row, body).await?, Some(reason)))
    })
    .await
}

/// Takes one step with a goal, once for an idempotency key.
async fn step<T>(
    state: &State,
    id: ProgrammeGoalId,
    command: Command<T>,
    work: impl AsyncFnOnce(
        &mut Change,
        entity::Model,
        &T,
    ) -> Result<(entity::Model, Option<String>), Problem>,
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
            known(change.tx(), &context.caller, id).await?;
            let row = store::lock(change, id).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            let (row, reason) = work(change, row, &body).await?;
            let reasons = reason.map(|reason| (row.id, reason));
            let goal = wire(change.tx(), &row, &reasons.into_iter().collect(), &context).await?;
            Ok(Answer::ok(&goal)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

async fn reasons(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<BTreeMap<Uuid, String>, DatabaseError> {
    let assessed = rows.iter().filter(|row| row.assessed_at.is_some());
    let ids: Vec<Uuid> = assessed.map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = history::reasons_of(connection, &ids, steps::ASSESSED).await?;
    Ok(found.into_iter().collect())
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    reasons: &BTreeMap<Uuid, String>,
    context: &Context,
) -> Result<ProgrammeGoal, Problem> {
    let goal: NewProgrammeGoal = column::from_json(row.goal.clone())?;
    let programme = ProgrammeId::from(row.programme_id);
    let mut indicators = Vec::with_capacity(goal.indicators.len());
    for indicator in goal.indicators {
        indicators.push(readings::read(connection, programme, indicator).await?);
    }
    let status: GoalStatus = column::parse(&row.status)?;
    let href = context.href(format!("programme-goals/{}", row.id));
    Ok(ProgrammeGoal {
        id: row.id.into(),
        programme_id: programme,
        text: goal.text,
        indicators,
        status,
        reason: reasons.get(&row.id).cloned(),
        assessed_at: row.assessed_at,
        links: Links::to_self(&href).with("update", "PUT", &href).with(
            "assessment",
            "POST",
            format!("{href}/assessment"),
        ),
    })
}
