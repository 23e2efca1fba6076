//! Operations of a pair's goals.

use super::{
    desk::{self, Desk, GOAL},
    entity,
    written::{self, Written},
};
use crate::State;
use actix_web::{
    delete, get, post, put,
    web::{Data, Path},
};
use sea_orm::EntityTrait as _;
use shared_database::{Change, DatabaseError};
use shared_types::{
    Answer, Links, PairGoalId, PairId, Problem,
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
    let (items, meta, links) = written::list(connection, &desk, &context, &query).await?;
    Ok(Reply::ok(&PairGoalPage { items, meta, links })?)
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
    written::create::<PairGoal>(&state, *id, PairGoalId::new().uuid(), command).await
}

/// Get a goal
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("goalId" = PairGoalId, Path, description = "The goal.")), responses((status = 200, description = "The goal.", body = PairGoal)))]
#[get("/pair-goals/{goalId}")]
async fn get_pair_goal(state: Data<State>, context: Context, id: Path<PairGoalId>) -> Outcome {
    written::get::<PairGoal>(&state, &context, id.uuid()).await
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
        let before = written::own::<PairGoal>(change.tx(), &context, id.uuid()).await?;
        let desk = desk::write(&state, change, &context, before.pair_id.into()).await?;
        // Under the lock of the pair: nobody else changes it meanwhile.
        let row = written::own::<PairGoal>(change.tx(), &context, id.uuid()).await?;
        expected.check(row.version)?;
        let row = desk.replace(change, row, &body).await?;
        Ok::<_, Problem>((PairGoal::of(&desk, &row, &context)?, row.version))
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
        let row = written::own::<PairGoal>(change.tx(), &context, id.uuid()).await?;
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

impl Written for PairGoal {
    type New = NewPairGoal;
    const KIND: &'static str = GOAL;

    fn of(desk: &Desk, row: &entity::Model, context: &Context) -> Result<Self, Problem> {
        let body: NewPairGoal = desk.open(row.id, &row.body)?;
        let href = context.href(format!("pair-goals/{}", row.id));
        let pair = context.href(format!("pairs/{}", row.pair_id));
        Ok(Self {
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

    fn links(&self) -> &Links {
        &self.links
    }
}
