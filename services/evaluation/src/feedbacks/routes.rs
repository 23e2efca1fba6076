//! Operations of 360s.

use super::{
    closing, entity,
    model::EDGES,
    steps::{self, Loaded},
    store,
    view::{self, Beside},
};
use crate::{State, answers::wiping, parts};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use shared_database::{Change, page};
use shared_types::{
    Answer, FeedbackId, Links, Problem, RoundId, codes,
    evaluation::feedbacks::{Feedback, FeedbackPage, FeedbacksOpened, NewFeedbacks},
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_feedbacks)
        .service(open_feedbacks)
        .service(get_feedback)
        .service(confirm_raters)
        .service(close_feedback)
        .service(cancel_feedback);
}

/// List a round's 360s
///
/// For who runs or evaluates the round all of them; for a participant one's own. How many were
/// asked and how many have answered, never who.
#[utoipa::path(tag = "feedbacks", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of 360s.", body = FeedbackPage)))]
#[get("/rounds/{roundId}/feedbacks")]
async fn list_feedbacks(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = parts::visible(connection, &context.caller, *id).await?;
    let select = store::of_round(&round, &context.caller);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let beside = Beside::of(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let wire = |row: &entity::Model| {
        let place = view::place(row, &round, &context);
        view::wire(row, &beside, (place, None), &context)
    };
    Ok(Reply::ok(&FeedbackPage {
        items: slice.items.iter().map(wire).collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Open 360s
///
/// For the coordinators and evaluators of the round's organiser: for some participants, or for all
/// of the round. Each is asked to name raters and to rate oneself. A participant with an open 360
/// gets no second.
#[utoipa::path(tag = "feedbacks", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewFeedbacks, responses((status = 200, description = "How many were opened.", body = FeedbacksOpened)))]
#[post("/rounds/{roundId}/feedbacks")]
async fn open_feedbacks(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewFeedbacks>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let round = parts::visible(change.tx(), &context.caller, *id).await?;
        let staff = round.staff(&context.caller);
        if !staff.coordinator && !staff.evaluator {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        let count = steps::open(change, &state.answer_keys, &round, &body).await?;
        Answer::ok(&FeedbacksOpened {
            opened_count: i32::try_from(count).unwrap_or(i32::MAX),
            links: Links::to_self(context.href(format!("rounds/{id}/feedbacks"))),
        })
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get a 360
///
/// For the participant, and who runs or evaluates the round. How many were asked and how many have
/// answered, never who.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "The 360.", body = Feedback)))]
#[get("/feedbacks/{feedbackId}")]
async fn get_feedback(state: Data<State>, context: Context, id: Path<FeedbackId>) -> Outcome {
    let connection = state.database.read();
    let known = view::known(connection, &context, *id).await?;
    let feedback = view::one(connection, &known.row, known.place, &context).await?;
    // The counts change without a version.
    Ok(Reply::resource(&feedback, known.row.version)?)
}

/// Confirm raters
///
/// For the coordinators and evaluators of the round's organiser: everybody who is named and not
/// asked yet is asked by a personal link. Who should not be asked is taken back before.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "The 360.", body = Feedback)))]
#[post("/feedbacks/{feedbackId}/confirmation")]
async fn confirm_raters(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NoBody>,
) -> Outcome {
    let keys = &state.answer_keys;
    step(
        &state,
        *id,
        command,
        "confirmation",
        async |change, loaded| steps::confirm(change, keys, loaded).await,
    )
    .await
}

/// Close a 360 now
///
/// For the coordinators and evaluators of the round's organiser: before its last day. No more
/// answers are taken, and its report is made, for the participant.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "The 360.", body = Feedback)))]
#[post("/feedbacks/{feedbackId}/closing")]
async fn close_feedback(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NoBody>,
) -> Outcome {
    let keys = &state.answer_keys;
    let done = step(&state, *id, command, "closing", async |change, loaded| {
        closing::close(change, keys, loaded).await
    })
    .await?;
    wiping::wipe(&state.database).await;
    Ok(done)
}

/// Call a 360 off
///
/// For the coordinators and evaluators of the round's organiser, while it is open. What was
/// answered is thrown away, unread.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "The 360.", body = Feedback)))]
#[post("/feedbacks/{feedbackId}/cancellation")]
async fn cancel_feedback(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NoBody>,
) -> Outcome {
    let done = step(
        &state,
        *id,
        command,
        "cancellation",
        async |change, loaded| steps::cancel(change, loaded).await,
    )
    .await?;
    wiping::wipe(&state.database).await;
    Ok(done)
}

/// Takes one edge of a 360, once for an idempotency key.
async fn step(
    state: &State,
    id: FeedbackId,
    command: Command<NoBody>,
    edge: &str,
    work: impl AsyncFnOnce(&mut Change, Loaded) -> Result<entity::Model, Problem>,
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
            let known = view::known(change.tx(), &context, id).await?;
            let loaded = steps::load(change, id.uuid()).await?;
            expected.check(loaded.feedback.version)?;
            let case = view::case(&loaded.feedback, known.place)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let feedback = work(change, loaded).await?;
            let body = view::one(change.tx(), &feedback, known.place, &context).await?;
            Ok(Answer::ok(&body)?.version(feedback.version))
        },
    );
    Ok(answer.await?.into())
}
