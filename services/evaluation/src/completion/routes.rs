//! Operations of participants' completion.

use super::{steps, view, view::Beside};
use crate::{State, parts};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, history, page};
use shared_projections::participations;
use shared_types::{
    Answer, ApplicationId, Links, Problem, RoundId, codes,
    evaluation::completion::{
        Completion, CompletionDecisions, CompletionPage, NewCompletionDecision,
    },
    registration::history::History,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_completions)
        .service(get_completion)
        .service(decide_completions)
        .service(decide_completion)
        .service(get_completion_history);
}

/// List how a round's participants stand
///
/// For who runs, evaluates or registers the round everybody; for who decides for a municipality
/// its own; for a participant oneself. It is worked out now, from what scheduling told last.
#[utoipa::path(tag = "completion", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of participants.", body = CompletionPage)))]
#[get("/rounds/{roundId}/completions")]
async fn list_completions(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = parts::visible(connection, &context.caller, *id).await?;
    let select = parts::of_round(&round, &context.caller);
    let key = participations::Column::Id;
    let slice = page::read(connection, select, key, &query.page()?).await?;
    let beside = Beside::of(connection, &round, &slice.items, context.now).await?;
    let staff = round.staff(&context.caller);
    let links = query.links(&context, &slice);
    let person = context.caller.person;
    let wire = |row: &participations::Model| {
        let own = person.is_some_and(|person| person.uuid() == row.person_id);
        view::wire(row, (&round, staff, own), &beside, &context)
    };
    Ok(Reply::ok(&CompletionPage {
        items: slice.items.iter().map(wire).collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Get how a participant stands
///
/// Completed, or exactly what is missing. For the participant, who runs, evaluates or registers
/// the round, and who decides for the participant's municipality.
#[utoipa::path(tag = "completion", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "How the participant stands now.", body = Completion)))]
#[get("/completions/{applicationId}")]
async fn get_completion(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let connection = state.database.read();
    let part = parts::part(connection, &context.caller, *id).await?;
    Ok(Reply::ok(&wire(connection, &part, &context).await?)?)
}

/// Complete everybody who fulfils the rule
///
/// For the coordinators of the round's organiser: everybody about whom nothing is decided yet and
/// of whom nothing is missing. The others are told of in the answer, and nothing is decided about
/// them. An Idempotency-Key is required.
#[utoipa::path(tag = "completion", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "Who is completed by this, and of whom something is missing.", body = CompletionDecisions)))]
#[post("/rounds/{roundId}/completion-decisions")]
async fn decide_completions(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = parts::coordinated(change.tx(), &context.caller, *id).await?;
            let decided = steps::decide_all(change, &round).await?;
            let list = context.href(format!("rounds/{}/completions", round.id));
            Answer::ok(&CompletionDecisions {
                round_id: round.id,
                completed_ids: decided.completed,
                open_ids: decided.open,
                links: Links::default().with("completions", "GET", list),
            })
        },
    );
    Ok(answer.await?.into())
}

/// Decide about one participant
///
/// For the coordinators of the round's organiser, with a reason, whatever the rule says. Somebody
/// who is not completed may be completed later; who is completed stays so.
#[utoipa::path(tag = "completion", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewCompletionDecision, responses((status = 200, description = "How the participant stands now.", body = Completion)))]
#[post("/completions/{applicationId}/decision")]
async fn decide_completion(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewCompletionDecision>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let part = parts::part(change.tx(), &context.caller, *id).await?;
        if !part.staff.coordinator {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        let decided = (body.outcome, body.reason.as_str());
        steps::decide_one(change, &part.round, &part.row, decided).await?;
        Ok(part)
    };
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let part = work(change).await?;
            // The reason is written when the change ends: it is what this request said.
            let mut completion = wire(change.tx(), &part, &context).await?;
            if let Some(decision) = &mut completion.decision {
                decision.reason = Some(body.reason.clone());
            }
            Answer::ok(&completion)
        },
    );
    Ok(answer.await?.into())
}

/// Read the history of a participant's completion
///
/// For the participant and the coordinators of the round's organiser.
#[utoipa::path(tag = "completion", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/completions/{applicationId}/history")]
async fn get_completion_history(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
) -> Outcome {
    let connection = state.database.read();
    let part = parts::part(connection, &context.caller, *id).await?;
    if !part.staff.coordinator && !part.own {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    Ok(Reply::ok(&History {
        entries: history::list(connection, id.uuid()).await?,
        links: Links::to_self(context.href(format!("completions/{id}/history"))),
    })?)
}

async fn wire(
    connection: &impl ConnectionTrait,
    part: &parts::Part,
    context: &Context,
) -> Result<Completion, Problem> {
    let rows = std::slice::from_ref(&part.row);
    let beside = Beside::of(connection, &part.round, rows, context.now).await?;
    view::wire(
        &part.row,
        (&part.round, part.staff, part.own),
        &beside,
        context,
    )
}
