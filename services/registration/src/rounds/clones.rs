//! The operation that makes a round after the model of another.

use super::{
    entity,
    model::Terms,
    routes::{coordinated_in, recorded},
    shift,
};
use crate::State;
use actix_web::{
    post,
    web::{Data, Path},
};
use shared_database::{Change, column, row};
use shared_types::{
    Answer, Problem, RoundId,
    registration::rounds::{NewClone, Round, RoundState},
};
use shared_web::{Command, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(clone_round);
}

/// Clone a round
///
/// For the organiser's coordinators: a new draft with the model's content, whatever state the
/// model is in, and all dates moved: by the distance of the first days, or by a number of days
/// that is rounded to whole weeks. Applications, holds, overbooking and history are not copied.
/// An Idempotency-Key is required.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The model.")), request_body = NewClone, responses((status = 201, description = "The new round.", body = Round)))]
#[post("/rounds/{roundId}/clones")]
async fn clone_round(state: Data<State>, id: Path<RoundId>, command: Command<NewClone>) -> Outcome {
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
            let model = coordinated_in(change.tx(), &context, *id).await?;
            let days = shift::days(&body, model.starts_on)?;
            let name = body.name.as_ref().map(column::json);
            let mut row = entity::Model {
                id: RoundId::new().uuid(),
                state: column::text(RoundState::Draft),
                name: name.unwrap_or_else(|| model.name.clone()),
                overbooking: 0,
                seats_used: 0,
                admission_published_at: None,
                one_seat: false,
                version: 1,
                ..shift::shifted(model, days)?
            };
            let counting = Terms::read(&row)?.counting;
            row.closes_on = row.closes_on.map(|day| counting.deadline(day));
            row.endorse_by = row.endorse_by.map(|day| counting.deadline(day));
            if !shift::is_in_reach(&row)? {
                let words = "The dates would be out of reach.";
                return Err(Problem::invalid("/startsOn", "invalid", words));
            }
            let row = row::insert::<entity::Entity>(change.tx(), row).await?;
            change.record("round", *id, "round.cloned", None);
            let round = recorded(change, row, "round.created", None, &context).await?;
            Ok(Answer::created(round.links.own(), &round)?.version(1))
        },
    );
    Ok(answer.await?.into())
}
