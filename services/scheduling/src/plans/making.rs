//! Operations that make a whole plan in one call: from a pattern, or after another round's.

use super::{entity, pattern, routes, shift, store};
use crate::{State, sessions};
use actix_web::{
    post,
    web::{Data, Path},
};
use shared_database::{Change, column};
use shared_types::{
    Answer, Problem, RoundId, codes,
    scheduling::{
        codes::{PLAN_EXISTS, PLAN_MISSING, PLAN_NOT_SHIFTABLE},
        plans::{NewPlanClone, Plan, PlanPattern},
        sessions::{NewSession, SessionState},
    },
};
use shared_web::{Command, Context, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(create_plan_from_pattern).service(clone_plan);
}

/// Make a plan from a pattern
///
/// For the organiser's coordinators, for a plan without sessions: all sessions of a pattern at
/// once, such as a kick-off, five residentials of two days, a reserve date and a ceremony. The
/// programme days are counted and promised. An Idempotency-Key is required.
#[utoipa::path(tag = "plans", params(("roundId" = RoundId, Path, description = "The round.")), request_body = PlanPattern, responses((status = 201, description = "The plan.", body = Plan)))]
#[post("/rounds/{roundId}/plan/from-pattern")]
async fn create_plan_from_pattern(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<PlanPattern>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let made = pattern::sessions(&body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let mut plan = empty(change, &context, *id).await?;
            plan.promised_days = Some(pattern::promised_days(&body));
            fill(change, &context, plan, made).await
        },
    );
    Ok(answer.await?.into())
}

/// Make a plan after another round's
///
/// For the organiser's coordinators, for a plan without sessions: the sessions of another round's
/// draft, moved to a new first day, each on the weekday that it has in the model. What is
/// cancelled there, speakers and groups are not copied, and neither are materials: what was read
/// in one year is chosen anew for the next. An Idempotency-Key is required.
#[utoipa::path(tag = "plans", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewPlanClone, responses((status = 201, description = "The plan.", body = Plan)))]
#[post("/rounds/{roundId}/plan/clone")]
async fn clone_plan(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewPlanClone>,
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
            let mut plan = empty(change, &context, *id).await?;
            let missing = || Problem::of(&PLAN_MISSING);
            let model = store::find(change.tx(), body.model_round_id).await?;
            let model = model
                .filter(|model| model.organiser_id == plan.organiser_id)
                .ok_or_else(missing)?;
            let rows = sessions::store::of_round(change.tx(), body.model_round_id).await?;
            let mut contents = Vec::new();
            for row in rows {
                // A reserve date that stood in is a reserve date again in the next round; what
                // it replaced is to be held there.
                let replaced = row.replaced_by_id.is_some();
                if row.state != column::text(SessionState::Cancelled) || replaced {
                    let mut content: NewSession = column::from_json(row.content)?;
                    content
                        .time_zone
                        .get_or_insert_with(|| model.time_zone.clone());
                    contents.push(content);
                }
            }
            if contents.is_empty() {
                return Err(missing());
            }
            let moved = shift::moved(contents, body.starts_on);
            let moved = moved.ok_or_else(|| Problem::of(&PLAN_NOT_SHIFTABLE))?;
            plan.promised_days = model.promised_days;
            fill(change, &context, plan, moved).await
        },
    );
    Ok(answer.await?.into())
}

/// The plan of a round under its lock, if it has no sessions.
async fn empty(change: &Change, context: &Context, id: RoundId) -> Result<entity::Model, Problem> {
    let round = store::coordinated(change.tx(), &context.caller, id).await?;
    let plan = store::lock_or_make(change, &round).await?;
    if sessions::store::of_round(change.tx(), id).await?.is_empty() {
        Ok(plan)
    } else {
        Err(Problem::of(&PLAN_EXISTS))
    }
}

async fn fill(
    change: &mut Change,
    context: &Context,
    plan: entity::Model,
    contents: Vec<NewSession>,
) -> Result<Answer, Problem> {
    for content in contents {
        if let Err(problem) = sessions::steps::add(change, &plan, content).await {
            // The caller wrote no session, so that no pointer into one would mean anything.
            return Err(if problem.code() == &codes::INVALID_BODY {
                let words = "A session of the plan can't be held as asked: a time that clocks \
                             skip, a day that ends before it starts, or a reserve date that is \
                             held for longer than until the day before.";
                Problem::invalid("", "invalid", words)
            } else {
                problem
            });
        }
    }
    let plan = store::save(change, plan).await?;
    routes::tell(change, &plan, "plan.created", None);
    let version = plan.version;
    let plan = routes::wire(change.tx(), &plan, context).await?;
    Ok(Answer::created(plan.links.own(), &plan)?.version(version))
}
