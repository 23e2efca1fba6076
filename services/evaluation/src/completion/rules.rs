//! Operations of a round's rule and its tasks.

use super::{rule_entity, steps, store};
use crate::{State, parts};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use shared_database::{Change, DatabaseError, page};
use shared_types::{
    Answer, CompletionRuleId, Links, Problem, RoundId, codes,
    evaluation::completion::{
        CompletionRule, CompletionRulePage, NewCompletionRule, NewTaskNotes, TaskNotes,
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_completion_rules)
        .service(set_completion_rule)
        .service(get_completion_rule)
        .service(note_completion_task);
}

/// List the versions of a round's rule
///
/// For everybody who takes part in the round, who runs, evaluates or registers it, and those who
/// decide for the participants' municipalities. The one with the highest number holds.
#[utoipa::path(tag = "completion", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of versions.", body = CompletionRulePage)))]
#[get("/rounds/{roundId}/completion-rules")]
async fn list_completion_rules(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    parts::visible(connection, &context.caller, *id).await?;
    let select = store::rules(*id);
    let slice = page::read(connection, select, rule_entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&CompletionRulePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Set a round's rule
///
/// For the coordinators of the round's organiser. It is the next version and holds from now on;
/// what was decided by an earlier one stays.
#[utoipa::path(tag = "completion", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewCompletionRule, responses((status = 201, description = "The new version.", body = CompletionRule)))]
#[post("/rounds/{roundId}/completion-rules")]
async fn set_completion_rule(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewCompletionRule>,
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
            let round = parts::coordinated(change.tx(), &context.caller, *id).await?;
            let row = steps::set_rule(change, &round, &body).await?;
            let rule = wire(&row, &context)?;
            Ok(Answer::created(rule.links.own(), &rule)?.version(row.number))
        },
    );
    Ok(answer.await?.into())
}

/// Get a version of a round's rule
///
/// For the same people as the list.
#[utoipa::path(tag = "completion", params(("ruleId" = CompletionRuleId, Path, description = "The version.")), responses((status = 200, description = "The version.", body = CompletionRule)))]
#[get("/completion-rules/{ruleId}")]
async fn get_completion_rule(
    state: Data<State>,
    context: Context,
    id: Path<CompletionRuleId>,
) -> Outcome {
    let connection = state.database.read();
    let row = store::find_rule(connection, *id).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    parts::visible(connection, &context.caller, row.round_id.into()).await?;
    Ok(Reply::resource(&wire(&row, &context)?, row.number)?)
}

/// Note who has done a task
///
/// For the coordinators of the round's organiser: all at once, or nothing where one of them does
/// not take part. With `done` false, what was noted by mistake is taken back.
#[utoipa::path(tag = "completion", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewTaskNotes, responses((status = 200, description = "Everybody who has done the task now.", body = TaskNotes)))]
#[post("/rounds/{roundId}/task-notes")]
async fn note_completion_task(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewTaskNotes>,
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
            let round = parts::coordinated(change.tx(), &context.caller, *id).await?;
            steps::note_task(change, &round, &body).await?;
            let done = store::done_by(change.tx(), round.id, &body.task_key).await?;
            let list = context.href(format!("rounds/{}/completions", round.id));
            Answer::ok(&TaskNotes {
                round_id: round.id,
                task_key: body.task_key.clone(),
                application_ids: done.into_iter().map(|id: Uuid| id.into()).collect(),
                links: Links::default().with("completions", "GET", list),
            })
        },
    );
    Ok(answer.await?.into())
}

fn wire(row: &rule_entity::Model, context: &Context) -> Result<CompletionRule, DatabaseError> {
    let rule = steps::rule_of(row)?;
    let href = context.href(format!("completion-rules/{}", row.id));
    let list = context.href(format!("rounds/{}/completion-rules", row.round_id));
    Ok(CompletionRule {
        id: row.id.into(),
        round_id: row.round_id.into(),
        number: row.number,
        attendance_share: rule.attendance_share,
        tasks: rule.tasks,
        survey_share: rule.survey_share,
        made_at: row.made_at,
        links: Links::to_self(href).with("versions", "GET", list),
    })
}
