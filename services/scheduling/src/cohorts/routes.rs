//! Operations of plans of who goes in which round.

use super::{
    assignment, entity,
    inputs::{self, Asked},
    model::{Case, EDGES},
    steps, store,
    words::KeptReason,
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, history, page};
use shared_projections::people;
use shared_types::{
    Answer, CohortPlanId, Links, Problem, ProgrammeId, Role, RoundId, codes,
    registration::history::History,
    scheduling::cohorts::{
        CohortAssignment, CohortAssignmentPage, CohortPlan, CohortPlanPage, CohortReplan,
        NewCohortPlan,
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cohort_plans)
        .service(create_cohort_plan)
        .service(get_cohort_plan)
        .service(replan_cohorts)
        .service(publish_cohort_plan)
        .service(list_cohort_assignments)
        .service(get_cohort_plan_history);
}

/// List plans of who goes in which round
///
/// For the organiser's coordinators.
#[utoipa::path(tag = "cohorts", params(PageParameters, ("programmeId" = Option<ProgrammeId>, Query, description = "Only plans of this programme.")), responses((status = 200, description = "A page of plans.", body = CohortPlanPage)))]
#[get("/cohort-plans")]
async fn list_cohort_plans(state: Data<State>, context: Context, query: Query) -> Outcome {
    let mut select = store::scoped(&context.caller);
    if let Some(programme) = query.get::<ProgrammeId>("programmeId") {
        select = select.filter(entity::Column::ProgrammeId.eq(programme.uuid()));
    }
    let connection = state.database.read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.into_iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&CohortPlanPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Plan who goes in which round
///
/// For the organiser's coordinators: puts up to 1,500 people in the rounds of a programme. Nobody
/// is in a round while away or with the own leader; as many as possible get a round, and each
/// round is mixed across departments. Every place is explained. Absences are used for this and
/// not kept. Nothing is announced until the plan is published. An Idempotency-Key is required.
#[utoipa::path(tag = "cohorts", request_body = NewCohortPlan, responses((status = 201, description = "The plan.", body = CohortPlan)))]
#[post("/cohort-plans")]
async fn create_cohort_plan(state: Data<State>, command: Command<NewCohortPlan>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    if context.caller.scope(Role::Coordinator).next().is_none() {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let connection = state.database.read();
    let organiser = inputs::organiser(connection, body.programme_id).await?;
    if !context.caller.coordinates(organiser) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let asked = Asked {
        rounds: &body.rounds,
        people: &body.people,
        absences: &body.absences,
        locks: &body.locks,
    };
    let inputs = inputs::read(connection, body.programme_id, asked, &[]).await?;
    // Computed before the change begins: it holds back whoever else writes.
    let computed = steps::compute(inputs).await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let plan = steps::make(change, body.programme_id, organiser, &computed).await?;
            let plan = wire(plan, &context)?;
            Ok(Answer::created(plan.links.own(), &plan)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a plan of who goes in which round
///
/// For the organiser's coordinators: its rounds with how they are mixed, what it costs, and what
/// any plan would cost at least.
#[utoipa::path(tag = "cohorts", params(("cohortPlanId" = CohortPlanId, Path, description = "The plan.")), responses((status = 200, description = "The plan.", body = CohortPlan)))]
#[get("/cohort-plans/{cohortPlanId}")]
async fn get_cohort_plan(state: Data<State>, context: Context, id: Path<CohortPlanId>) -> Outcome {
    let plan = known(state.database.read(), &context, *id).await?;
    let version = plan.version;
    Ok(Reply::resource(&wire(plan, &context)?, version)?)
}

/// Plan anew
///
/// For the organiser's coordinators: the same plan from people, rounds, absences and locks as they
/// are now. As few people as possible get another round than before, and who is published stays
/// where they are unless registration has refused them.
#[utoipa::path(tag = "cohorts", params(("cohortPlanId" = CohortPlanId, Path, description = "The plan.")), request_body = CohortReplan, responses((status = 200, description = "The plan.", body = CohortPlan)))]
#[post("/cohort-plans/{cohortPlanId}/replanning")]
async fn replan_cohorts(
    state: Data<State>,
    id: Path<CohortPlanId>,
    command: Command<CohortReplan>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let connection = state.database.read();
    let plan = known(connection, &context, *id).await?;
    let before = store::assignments(connection, *id).await?;
    let asked = Asked {
        rounds: &body.rounds,
        people: &body.people,
        absences: &body.absences,
        locks: &body.locks,
    };
    let inputs = inputs::read(connection, plan.programme_id.into(), asked, &before).await?;
    let computed = steps::compute(inputs).await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            expected.check(plan.version)?;
            transition::judge(
                &EDGES,
                "replanning",
                &case(&plan, &context)?,
                context.language,
            )?;
            let plan = steps::replan(change, &plan, &before, &computed, &body.reason).await?;
            let version = plan.version;
            Ok(Answer::ok(&wire(plan, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Publish a plan
///
/// For the organiser's coordinators: whoever has a round and was not published before is
/// nominated for it. Registration says soon after whom it refuses: the code stands at their
/// assignment. An Idempotency-Key is required.
#[utoipa::path(tag = "cohorts", params(("cohortPlanId" = CohortPlanId, Path, description = "The plan.")), responses((status = 200, description = "The plan.", body = CohortPlan)))]
#[post("/cohort-plans/{cohortPlanId}/publication")]
async fn publish_cohort_plan(
    state: Data<State>,
    id: Path<CohortPlanId>,
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
            known(change.tx(), &context, *id).await?;
            let plan = store::lock(change, *id).await?;
            let plan = plan.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(plan.version)?;
            let case = case(&plan, &context)?;
            transition::judge(&EDGES, "publication", &case, context.language)?;
            let plan = steps::publish(change, plan).await?;
            let version = plan.version;
            Ok(Answer::ok(&wire(plan, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// List who goes where
///
/// For the organiser's coordinators: the people of a plan, each with the round and the reasons.
#[utoipa::path(
    tag = "cohorts",
    params(
        ("cohortPlanId" = CohortPlanId, Path, description = "The plan."),
        PageParameters,
        ("roundId" = Option<RoundId>, Query, description = "Only people in this round."),
        ("placed" = Option<bool>, Query, description = "Only people with a round, or only those without."),
    ),
    responses((status = 200, description = "A page of assignments.", body = CohortAssignmentPage))
)]
#[get("/cohort-plans/{cohortPlanId}/assignments")]
async fn list_cohort_assignments(
    state: Data<State>,
    context: Context,
    id: Path<CohortPlanId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known(connection, &context, *id).await?;
    let mut select = assignment::Entity::find().filter(assignment::Column::PlanId.eq(id.uuid()));
    if let Some(round) = query.get::<RoundId>("roundId") {
        select = select.filter(assignment::Column::RoundId.eq(round.uuid()));
    }
    select = match query.get::<bool>("placed") {
        Some(true) => select.filter(assignment::Column::RoundId.is_not_null()),
        Some(false) => select.filter(assignment::Column::RoundId.is_null()),
        None => select,
    };
    let slice = page::read(connection, select, assignment::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let ids = slice.items.iter().map(|row| row.person_id);
    let people = people::find_all(connection, ids).await?;
    let items = slice.items.into_iter().map(|row| {
        let name = people.get(&row.person_id).map(|person| person.name.clone());
        wire_assignment(row, name.unwrap_or_default(), &context)
    });
    Ok(Reply::ok(&CohortAssignmentPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Read a plan's history
///
/// For the organiser's coordinators: who made, changed and published it, when and why.
#[utoipa::path(tag = "cohorts", params(("cohortPlanId" = CohortPlanId, Path, description = "The plan.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/cohort-plans/{cohortPlanId}/history")]
async fn get_cohort_plan_history(
    state: Data<State>,
    context: Context,
    id: Path<CohortPlanId>,
) -> Outcome {
    let connection = state.database.read();
    known(connection, &context, *id).await?;
    let entries = history::list(connection, id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("cohort-plans/{id}/history"))),
    })?)
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: CohortPlanId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn case(plan: &entity::Model, context: &Context) -> Result<Case, DatabaseError> {
    Ok(Case {
        state: column::parse(&plan.state)?,
        open_count: plan.open_count,
        coordinator: context.caller.coordinates(plan.organiser_id.into()),
    })
}

fn wire(plan: entity::Model, context: &Context) -> Result<CohortPlan, DatabaseError> {
    let case = case(&plan, context)?;
    let href = context.href(format!("cohort-plans/{}", plan.id));
    let links = Links::to_self(&href)
        .with("assignments", "GET", format!("{href}/assignments"))
        .with("history", "GET", format!("{href}/history"));
    Ok(CohortPlan {
        id: plan.id.into(),
        programme_id: plan.programme_id.into(),
        organiser_id: plan.organiser_id.into(),
        state: case.state,
        created_at: plan.created_at,
        published_at: plan.published_at,
        people_count: plan.people_count,
        refused_count: plan.refused_count,
        rounds: column::from_json(plan.rounds)?,
        cost: column::from_json(plan.cost)?,
        bound: column::from_json(plan.bound)?,
        optimal: plan.is_optimal,
        rule_version: plan.rule_version,
        inputs_hash: plan.inputs_hash,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}

fn wire_assignment(
    row: assignment::Model,
    name: String,
    context: &Context,
) -> Result<CohortAssignment, DatabaseError> {
    let reasons: Vec<KeptReason> = column::from_json(row.reasons)?;
    let href = context.href(format!("cohort-plans/{}/assignments", row.plan_id));
    Ok(CohortAssignment {
        id: row.id.into(),
        person_id: row.person_id.into(),
        person_name: name,
        department_id: row.department_id.map(Into::into),
        round_id: row.round_id.map(Into::into),
        reasons: reasons
            .iter()
            .map(|one| one.wire(context.language))
            .collect(),
        published: row.published,
        refusal_code: row.refusal_code,
        links: Links::to_self(href),
    })
}
