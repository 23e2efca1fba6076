//! The operation that nominates.

use super::{
    model::{self, Nominator},
    steps,
};
use crate::{State, rounds};
use actix_web::{
    post,
    web::{Data, Path},
};
use shared_database::{Change, column};
use shared_types::{
    Answer, Links, Problem, RoundId, codes,
    registration::nominations::{NewNominations, Nomination, Nominations},
};
use shared_web::{Command, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(nominate_people);
}

/// Nominate people
///
/// For the employer's HR (its own people), the municipality's director (the municipality's
/// people) and the organiser's coordinators: enters up to 1,000 people for a round, all or none.
/// The people are known by `personId` or are added by it. Where the office that would have to
/// endorse nominates by itself, no endorsement is asked for; else the office is asked. With
/// `holdId` the people get the seats of a hold: offers at once, or as soon as they are endorsed,
/// until the hold lapses, whatever the deadline for applications. Everybody is told by mail and
/// may say no; one address is told four times an hour at most where it is entered as new (429
/// `mail_limit`). If anybody can't be nominated nobody is: each is listed with the reason. An
/// Idempotency-Key is required.
#[utoipa::path(tag = "nominations", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewNominations, responses((status = 200, description = "What the nominations have led to.", body = Nominations)))]
#[post("/rounds/{roundId}/nominations")]
async fn nominate_people(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewNominations>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    model::check(&body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = rounds::store::find(change.tx(), &context.caller, *id).await?;
            let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            let nominator = Nominator::of(&context.caller, round.organiser_id.into());
            if !nominator.may_nominate() {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let by = (&context.caller, &nominator);
            let made = steps::nominate(change, *id, by, body, context.language).await?;
            let nomination = |row: crate::applications::entity::Model| {
                Ok::<_, Problem>(Nomination {
                    application_id: row.id.into(),
                    person_id: row.person_id.into(),
                    endorsement: column::parse(&row.endorsement)?,
                    seat: column::parse(&row.seat)?,
                })
            };
            Answer::ok(&Nominations {
                round_id: *id,
                nominations: made.into_iter().map(nomination).collect::<Result<_, _>>()?,
                links: Links::to_self(context.href(format!("rounds/{id}/nominations"))).with(
                    "round",
                    "GET",
                    context.href(format!("rounds/{id}")),
                ),
            })
        },
    );
    Ok(answer.await?.into())
}
