//! Operations of pairs.

use super::{
    entity,
    model::EDGES,
    pulses, steps, store,
    view::{self, Beside},
};
use crate::{State, known};
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _, Select};
use shared_database::{Change, history, page};
use shared_types::{
    Answer, Links, PairId, Problem, RoundId, codes,
    mentorship::pairs::{NewPairAnswer, NewPairEnding, NewPulse, Pair, PairPage, PairState},
    registration::history::History,
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_pairs)
        .service(list_round_pairs)
        .service(get_pair)
        .service(answer_pair_proposal)
        .service(activate_pair)
        .service(pause_pair)
        .service(resume_pair)
        .service(end_pair)
        .service(set_pulse)
        .service(get_pair_history);
}

/// List pairs
///
/// One's own as mentor and as mentee, of every round; for coordinators also all of their
/// organiser's.
#[utoipa::path(tag = "pairs", params(PageParameters), responses((status = 200, description = "A page of pairs.", body = PairPage)))]
#[get("/pairs")]
async fn list_pairs(state: Data<State>, context: Context, query: Query) -> Outcome {
    let select = store::scoped(&context.caller);
    list(state.database.read(), &context, &query, select).await
}

/// List a round's pairs
///
/// For the coordinators of the round's organiser all of them; mentors and mentees see their own.
#[utoipa::path(tag = "pairs", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of pairs.", body = PairPage)))]
#[get("/rounds/{roundId}/pairs")]
async fn list_round_pairs(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::visible(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    list(connection, &context, &query, select).await
}

async fn list(
    connection: &impl ConnectionTrait,
    context: &Context,
    query: &Query,
    select: Select<entity::Entity>,
) -> Outcome {
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let beside = Beside::of(connection, &slice.items).await?;
    let links = query.links(context, &slice);
    let items = slice
        .items
        .iter()
        .map(|row| view::wire(row, &beside, context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&PairPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Get a pair
///
/// For the two and the coordinators of the round's organiser: state, why they fit, that and when
/// they meet; never what they write.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The pair.", body = Pair)))]
#[get("/pairs/{pairId}")]
async fn get_pair(state: Data<State>, context: Context, id: Path<PairId>) -> Outcome {
    let connection = state.database.read();
    let row = known_pair(connection, &context, *id).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire(connection, row, &context).await?,
        version,
    )?)
}

/// Answer a proposal
///
/// For the mentor and the mentee, each once, until the end of the last day. When both accept, the
/// pair is accepted. When one declines, the proposal ends and the next best mentor is proposed to
/// the mentee. An Idempotency-Key is required.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairAnswer, responses((status = 200, description = "The pair.", body = Pair)))]
#[post("/pairs/{pairId}/answer")]
async fn answer_pair_proposal(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairAnswer>,
) -> Outcome {
    let (verdict, reason) = (command.body.verdict, command.body.reason.clone());
    step(
        &state,
        *id,
        command,
        "answer",
        async |change, loaded, who| {
            steps::answer(change, loaded, (who, verdict), reason.as_deref()).await
        },
    )
    .await
}

/// Start a pair
///
/// For the coordinators of the round's organiser: an accepted pair begins before its round does,
/// or in spite of a flag.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The pair.", body = Pair)))]
#[post("/pairs/{pairId}/activation")]
async fn activate_pair(state: Data<State>, id: Path<PairId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        command,
        "activation",
        async |change, loaded, _| steps::enter(change, loaded.pair, PairState::Active).await,
    )
    .await
}

/// Pause a pair
///
/// For the two and the coordinators of the round's organiser.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The pair.", body = Pair)))]
#[post("/pairs/{pairId}/pause")]
async fn pause_pair(state: Data<State>, id: Path<PairId>, command: Command<NoBody>) -> Outcome {
    step(&state, *id, command, "pause", async |change, loaded, _| {
        steps::enter(change, loaded.pair, PairState::Paused).await
    })
    .await
}

/// Resume a pair
///
/// For the two and the coordinators of the round's organiser.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The pair.", body = Pair)))]
#[post("/pairs/{pairId}/resumption")]
async fn resume_pair(state: Data<State>, id: Path<PairId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        command,
        "resumption",
        async |change, loaded, _| steps::enter(change, loaded.pair, PairState::Active).await,
    )
    .await
}

/// End a pair
///
/// For the two, once both have accepted, and the coordinators of the round's organiser. The reason
/// is for the coordinators alone. What the pair wrote is kept for the time that the round's terms
/// say, then erased. Two who ended in disagreement are not matched again.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairEnding, responses((status = 200, description = "The pair.", body = Pair)))]
#[post("/pairs/{pairId}/ending")]
async fn end_pair(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairEnding>,
) -> Outcome {
    let (ending, reason) = (command.body.ending.into(), command.body.reason.clone());
    step(&state, *id, command, "ending", async |change, loaded, _| {
        steps::end(change, loaded, ending, reason.as_deref()).await
    })
    .await
}

/// Say how well the two fit
///
/// For the mentor and the mentee; it replaces what one said before. The coordinators see it, the
/// other does not.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPulse, responses((status = 200, description = "The pair.", body = Pair)))]
#[put("/pairs/{pairId}/pulse")]
async fn set_pulse(state: Data<State>, id: Path<PairId>, command: Command<NewPulse>) -> Outcome {
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
            let row = known_pair(change.tx(), &context, *id).await?;
            expected.check(row.version)?;
            let person = context.caller.person;
            let person = person.filter(|_| view::who(&row, &context).is_member());
            let person = person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
            pulses::set(change, &row, person, body.fit).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(change.tx(), row, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a pair's history
///
/// For the two and the coordinators of the round's organiser; reasons are shown to coordinators
/// alone.
#[utoipa::path(tag = "pairs", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/pairs/{pairId}/history")]
async fn get_pair_history(state: Data<State>, context: Context, id: Path<PairId>) -> Outcome {
    let connection = state.database.read();
    let row = known_pair(connection, &context, *id).await?;
    let mut entries = history::list(connection, id.uuid()).await?;
    if view::who(&row, &context).is_member() {
        for entry in &mut entries {
            entry.reason = None;
        }
    }
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("pairs/{id}/history"))),
    })?)
}

/// Takes one edge of a pair, once for an idempotency key.
async fn step<T>(
    state: &State,
    id: PairId,
    command: Command<T>,
    edge: &str,
    work: impl AsyncFnOnce(
        &mut Change,
        steps::Loaded,
        super::model::Who,
    ) -> Result<entity::Model, Problem>,
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
            known_pair(change.tx(), &context, id).await?;
            let loaded = steps::load(change, id.uuid()).await?;
            expected.check(loaded.pair.version)?;
            let who = view::who(&loaded.pair, &context);
            let case = loaded.case(who, context.now)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let pair = work(change, loaded, who).await?;
            let version = pair.version;
            Ok(Answer::ok(&wire(change.tx(), pair, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// A pair that the caller may know.
pub(crate) async fn known_pair(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: PairId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: entity::Model,
    context: &Context,
) -> Result<Pair, Problem> {
    let beside = Beside::of(connection, std::slice::from_ref(&row)).await?;
    view::wire(&row, &beside, context)
}
