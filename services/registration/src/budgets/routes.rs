//! Operations of budgets.

use super::{entity, model, store};
use crate::{State, rounds};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, row};
use shared_types::{
    Answer, Links, Problem, RoundId, codes,
    registration::{
        budgets::{Budget, NewBudget},
        codes::BUDGET_UNKNOWN,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_budget)
        .service(set_budget)
        .configure(super::files::operations);
}

/// Get a round's budget
///
/// For the coordinators of the round's organiser: the budget, and what it comes to for those who
/// take part now.
#[utoipa::path(tag = "budgets", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The budget.", body = Budget)))]
#[get("/rounds/{roundId}/budget")]
async fn get_budget(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let version = row.version;
    let budget = column::from_json(row.budget).map_err(Problem::from)?;
    Ok(Reply::resource(
        &wire(connection, *id, budget, &context).await?,
        version,
    )?)
}

/// Set a round's budget
///
/// For the coordinators of the round's organiser: the whole budget, outlays included, replaces
/// what was there.
#[utoipa::path(tag = "budgets", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewBudget, responses((status = 200, description = "The budget.", body = Budget)))]
#[put("/rounds/{roundId}/budget")]
async fn set_budget(state: Data<State>, id: Path<RoundId>, command: Command<NewBudget>) -> Outcome {
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
            coordinated(change.tx(), &context, *id).await?;
            if let Some(range) = body.cost_a_participant
                && range.most_minor < range.least_minor
            {
                let words = "The range ends before it begins.";
                return Err(Problem::invalid(
                    "/costAParticipant/mostMinor",
                    "invalid",
                    words,
                ));
            }
            rounds::store::lock(change, *id).await?;
            let before = store::find(change.tx(), *id).await?;
            let version = before.as_ref().map_or(0, |row| row.version);
            expected.check(version)?;
            let row = entity::Model {
                round_id: id.uuid(),
                budget: column::json(&body),
                version: version + 1,
            };
            match before {
                Some(_) => row::update::<entity::Entity>(change.tx(), row).await?,
                None => row::insert::<entity::Entity>(change.tx(), row).await?,
            };
            change.record("round", id.uuid(), "round.budget_set", None);
            let budget = wire(change.tx(), *id, body, &context).await?;
            Ok(Answer::ok(&budget)?.version(version + 1))
        },
    );
    Ok(answer.await?.into())
}

/// The budget of a round whose organiser's programmes the caller coordinates.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<entity::Model, Problem> {
    coordinated(connection, context, id).await?;
    store::find(connection, id)
        .await?
        .ok_or_else(|| Problem::of(&BUDGET_UNKNOWN))
}

async fn coordinated(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<(), Problem> {
    let round = rounds::store::find(connection, &context.caller, id).await?;
    let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    if context.caller.coordinates(round.organiser_id.into()) {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

async fn wire(
    connection: &impl ConnectionTrait,
    id: RoundId,
    budget: NewBudget,
    context: &Context,
) -> Result<Budget, Problem> {
    let participants = store::participants(connection, id).await?;
    let round = context.href(format!("rounds/{id}"));
    let own = format!("{round}/budget");
    Ok(Budget {
        round_id: id,
        result: model::result(&budget, participants),
        budget,
        links: Links::to_self(&own).with("round", "GET", round).with(
            "export",
            "GET",
            format!("{own}/export"),
        ),
    })
}
