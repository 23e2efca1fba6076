//! Operations of a pair's goals.

use super::{
    desk::{self, Desk, GOAL},
    entity, store,
};
use crate::State;
use actix_web::{
    delete, get, post, put,
    web::{Data, Path},
};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shared_database::{Change, DatabaseError, page};
use shared_types::{
    Answer, Links, PairGoalId, PairId, Problem, codes,
    mentorship::work::{NewPairGoal, PairGoal, PairGoalPage},
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_pair_goals)
        .service(create_pair_goal)
        .service(get_pair_goal)
        .service(replace_pair_goal)
        .service(delete_pair_goal);
}

/// List a pair's goals
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair."), PageParameters), responses((status = 200, description = "A page of goals.", body = PairGoalPage)))]
#[get("/pairs/{pairId}/goals")]
async fn list_pair_goals(
    state: Data<State>,
    context: Context,
    id: Path<PairId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let desk = desk::read(&state, connection, &context, *id).await?;
    let select = store::of_pair(id.uuid(), GOAL);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(&desk, row, &context));
    Ok(Reply::ok(&PairGoalPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Set a goal
///
/// For the two alone. The answer to this request is never kept; repeated under the same
/// Idempotency-Key it makes nothing new.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairGoal, responses((status = 201, description = "The goal.", body = PairGoal)))]
#[post("/pairs/{pairId}/goals")]
async fn create_pair_goal(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairGoal>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let desk = desk::write(&state, change, &context, *id).await?;
        let place = (PairGoalId::new().uuid(), GOAL);
        let row = desk.add(change, place, &body, claim.as_ref()).await?;
        let goal = wire(&desk, &row, &context)?;
        Ok::<_, Problem>(Answer::created(goal.links.own(), &goal)?.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

/// Get a goal
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("goalId" = PairGoalId, Path, description = "The goal.")), responses((status = 200, description = "The goal.", body = PairGoal)))]
#[get("/pair-goals/{goalId}")]
async fn get_pair_goal(state: Data<State>, context: Context, id: Path<PairGoalId>) -> Outcome {
    let connection = state.database.read();
    let row = known_row(connection, &context, *id).await?;
    let desk = desk::read(&state, connection, &context, row.pair_id.into()).await?;
    Ok(Reply::resource(&wire(&desk, &row, &context)?, row.version)?)
}

/// Change a goal
///
/// For the two alone: it replaces the goal. The answer to this request is never kept.
#[utoipa::path(tag = "work", params(("goalId" = PairGoalId, Path, description = "The goal.")), request_body = NewPairGoal, responses((status = 200, description = "The goal.", body = PairGoal)))]
#[put("/pair-goals/{goalId}")]
async fn replace_pair_goal(
    state: Data<State>,
    id: Path<PairGoalId>,
    command: Command<NewPairGoal>,
) -> Outcome {
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let before = known_row(change.tx(), &context, *id).await?;
        let desk = desk::write(&state, change, &context, before.pair_id.into()).await?;
        // Under the lock of the pair: nobody else changes it meanwhile.
        let row = known_row(change.tx(), &context, *id).await?;
        expected.check(row.version)?;
        let row = desk.replace(change, row, &body).await?;
        Ok::<_, Problem>((wire(&desk, &row, &context)?, row.version))
    };
    let (goal, version) = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&goal, version)?)
}

/// Delete a goal
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("goalId" = PairGoalId, Path, description = "The goal.")), responses((status = 204, description = "It is deleted.")))]
#[delete("/pair-goals/{goalId}")]
async fn delete_pair_goal(
    state: Data<State>,
    id: Path<PairGoalId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = known_row(change.tx(), &context, *id).await?;
        desk::write(&state, change, &context, row.pair_id.into()).await?;
        command.expected.check(row.version)?;
        entity::Entity::delete_by_id(row.id)
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        Ok::<_, Problem>(())
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

/// A goal of one's own pair; a coordinator does not learn that there is one.
async fn known_row(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: PairGoalId,
) -> Result<entity::Model, Problem> {
    super::notes::own_row(connection, context, (id.uuid(), GOAL))
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

pub(super) fn wire(
    desk: &Desk,
    row: &entity::Model,
    context: &Context,
) -> Result<PairGoal, Problem> {
    let body: NewPairGoal = desk.open(row.id, &row.body)?;
    let href = context.href(format!("pair-goals/{}", row.id));
    let pair = context.href(format!("pairs/{}", row.pair_id));
    Ok(PairGoal {
        id: row.id.into(),
        pair_id: row.pair_id.into(),
        text: body.text,
        due_on: body.due_on,
        reached: body.reached,
        author_id: row.author_id.into(),
        modified_at: row.modified_at,
        links: Links::to_self(&href)
            .with("update", "PUT", &href)
            .with("pair", "GET", pair),
    })
}
