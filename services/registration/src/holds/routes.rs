//! Operations of holds.

use super::{
    entity,
    model::{Case, EDGES, Who},
    steps, store,
};
use crate::{
    State,
    rounds::{self, model::Terms, seats},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, history, page};
use shared_types::{
    Answer, HoldId, Links, Problem, RoundId, codes,
    page::ChangeSort,
    registration::{
        history::History,
        holds::{Hold, HoldPage, NewHold},
        rounds::Reason,
    },
    transition,
};
use shared_web::{Command, Context, ModifiedParameters, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_holds)
        .service(create_hold)
        .service(get_hold)
        .service(release_hold)
        .service(get_hold_history);
}

/// List holds
///
/// For the coordinators of the round's organiser all of them; HR and directors see those for
/// their own organisation.
#[utoipa::path(tag = "holds", params(("roundId" = RoundId, Path, description = "The round."), PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of holds.", body = HoldPage)))]
#[get("/rounds/{roundId}/holds")]
async fn list_holds(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = round(connection, &context, *id).await?;
    let terms = Terms::read(&round)?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(connection, select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(&row, &terms, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&HoldPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Hold seats
///
/// For the coordinators of the round's organiser: keeps free seats for an organisation before
/// names are known. They count as used until they become offers, are released, or the last day
/// is over. Refused when fewer are free. An Idempotency-Key is required.
#[utoipa::path(tag = "holds", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewHold, responses((status = 201, description = "The hold.", body = Hold)))]
#[post("/rounds/{roundId}/holds")]
async fn create_hold(state: Data<State>, id: Path<RoundId>, command: Command<NewHold>) -> Outcome {
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
            let round = round(change.tx(), &context, *id).await?;
            if !context.caller.coordinates(round.organiser_id.into()) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let locked = seats::lock(change, *id).await?;
            let terms = Terms::read(&locked.round)?;
            let hold = steps::make(change, locked, body).await?;
            let hold = wire(&hold, &terms, &context)?;
            Ok(Answer::created(hold.links.own(), &hold)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a hold
///
/// For the coordinators of the round's organiser, and for HR and directors of the organisation
/// that it is for.
#[utoipa::path(tag = "holds", params(("holdId" = HoldId, Path, description = "The hold.")), responses((status = 200, description = "The hold.", body = Hold)))]
#[get("/holds/{holdId}")]
async fn get_hold(state: Data<State>, context: Context, id: Path<HoldId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let terms = terms_of(connection, &row).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(&row, &terms, &context)?, version)?)
}

/// Release a hold
///
/// For the coordinators of the round's organiser, with a reason: what is left of the hold goes
/// to the queue at once. Offers that were made from it stay.
#[utoipa::path(tag = "holds", params(("holdId" = HoldId, Path, description = "The hold.")), request_body = Reason, responses((status = 200, description = "The hold.", body = Hold)))]
#[post("/holds/{holdId}/release")]
async fn release_hold(state: Data<State>, id: Path<HoldId>, command: Command<Reason>) -> Outcome {
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
            let before = known(change.tx(), &context, *id).await?;
            rounds::store::lock(change, before.round_id.into()).await?;
            let row = known(change.tx(), &context, *id).await?;
            expected.check(row.version)?;
            let terms = terms_of(change.tx(), &row).await?;
            let case = case(&row, &terms, &context)?;
            transition::judge(&EDGES, "release", &case, context.language)?;
            let row = steps::release(change, row, &body.reason).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(&row, &terms, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a hold's history
///
/// For whoever may read the hold; reasons are shown to coordinators.
#[utoipa::path(tag = "holds", params(("holdId" = HoldId, Path, description = "The hold.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/holds/{holdId}/history")]
async fn get_hold_history(state: Data<State>, context: Context, id: Path<HoldId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let mut entries = history::list(connection, id.uuid()).await?;
    if !context.caller.coordinates(row.organiser_id.into()) {
        for entry in &mut entries {
            entry.reason = None;
        }
    }
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("holds/{id}/history"))),
    })?)
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: HoldId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn round(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<rounds::entity::Model, Problem> {
    rounds::store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn terms_of(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
) -> Result<Terms, Problem> {
    let round = rounds::store::find_any(connection, row.round_id.into()).await?;
    let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(Terms::read(&round)?)
}

fn case(row: &entity::Model, terms: &Terms, context: &Context) -> Result<Case, Problem> {
    let who = if context.caller.coordinates(row.organiser_id.into()) {
        Who::Coordinator
    } else {
        Who::Reader
    };
    Ok(Case::of(row, terms, who, context.now)?)
}

fn wire(row: &entity::Model, terms: &Terms, context: &Context) -> Result<Hold, Problem> {
    let href = context.href(format!("holds/{}", row.id));
    let case = case(row, terms, context)?;
    let round = context.href(format!("rounds/{}", row.round_id));
    let links = Links::to_self(&href).with("round", "GET", round).with(
        "history",
        "GET",
        format!("{href}/history"),
    );
    Ok(Hold {
        id: row.id.into(),
        round_id: row.round_id.into(),
        organisation_id: row.organisation_id.into(),
        state: column::parse(&row.state)?,
        seats: row.seats,
        seats_used: row.seats_used,
        lapses_on: row.lapses_on,
        created_at: row.created_at,
        ended_at: row.ended_at,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}
