//! Operations of declared conflicts.

use super::{entity, steps, store};
use crate::{State, known};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, DatabaseError, history, page};
use shared_types::{
    Answer, ConflictId, Links, Problem, RoundId, codes,
    mentorship::conflicts::{Conflict, ConflictPage, NewConflict},
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_conflicts)
        .service(declare_conflict)
        .service(get_conflict)
        .service(withdraw_conflict);
}

/// List declared conflicts
///
/// For the coordinators of the round's organiser all of them; mentors and mentees see those that
/// they declared.
#[utoipa::path(tag = "conflicts", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of declared conflicts.", body = ConflictPage)))]
#[get("/rounds/{roundId}/conflicts")]
async fn list_conflicts(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::visible(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let reasons = reasons(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(row, &reasons, &context));
    Ok(Reply::ok(&ConflictPage {
        items: items.collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Declare a conflict
///
/// For mentors and mentees of the round, about oneself and somebody else; for the coordinators of
/// the round's organiser, about any two. The two are not proposed as a pair from then on; a pair
/// that is there already is flagged.
#[utoipa::path(tag = "conflicts", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewConflict, responses((status = 201, description = "The conflict.", body = Conflict)))]
#[post("/rounds/{roundId}/conflicts")]
async fn declare_conflict(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewConflict>,
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
            let round = known::visible(change.tx(), &context, *id).await?;
            let coordinator = context.caller.coordinates(round.organiser_id);
            if !coordinator && context.caller.person != Some(body.person_id) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let row = steps::declare(change, &round, &body, context.caller.person).await?;
            let reasons = body.reason.map(|reason| (row.id, reason));
            let conflict = wire(&row, &reasons.into_iter().collect(), &context);
            Ok(Answer::created(conflict.links.own(), &conflict)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a declared conflict
///
/// For whoever declared it and the coordinators of the round's organiser.
#[utoipa::path(tag = "conflicts", params(("conflictId" = ConflictId, Path, description = "The conflict.")), responses((status = 200, description = "The conflict.", body = Conflict)))]
#[get("/conflicts/{conflictId}")]
async fn get_conflict(state: Data<State>, context: Context, id: Path<ConflictId>) -> Outcome {
    let connection = state.database.read();
    let row = known_conflict(connection, &context, *id).await?;
    let reasons = reasons(connection, std::slice::from_ref(&row)).await?;
    Ok(Reply::resource(
        &wire(&row, &reasons, &context),
        row.version,
    )?)
}

/// Take a declared conflict back
///
/// For whoever declared it and the coordinators of the round's organiser.
#[utoipa::path(tag = "conflicts", params(("conflictId" = ConflictId, Path, description = "The conflict.")), responses((status = 204, description = "It is taken back.")))]
#[delete("/conflicts/{conflictId}")]
async fn withdraw_conflict(
    state: Data<State>,
    id: Path<ConflictId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = known_conflict(change.tx(), &context, *id).await?;
        command.expected.check(row.version)?;
        steps::withdraw(change, row).await
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

async fn known_conflict(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ConflictId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn reasons(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<BTreeMap<Uuid, String>, DatabaseError> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = history::reasons_of(connection, &ids, steps::DECLARED).await?;
    Ok(found.into_iter().collect())
}

fn wire(row: &entity::Model, reasons: &BTreeMap<Uuid, String>, context: &Context) -> Conflict {
    let href = context.href(format!("conflicts/{}", row.id));
    let round = context.href(format!("rounds/{}/conflicts", row.round_id));
    Conflict {
        id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: row.one_id.into(),
        other_person_id: row.other_id.into(),
        reason: reasons.get(&row.id).cloned(),
        declared_at: row.declared_at,
        links: Links::to_self(&href).with("round", "GET", round).with(
            "withdrawal",
            "DELETE",
            href.clone(),
        ),
    }
}
