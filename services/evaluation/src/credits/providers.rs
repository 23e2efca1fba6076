//! Operations of who registers a programme's credits.

use super::{provider_entity, store};
use crate::State;
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, row};
use shared_projections::programmes;
use shared_types::{
    Answer, Caller, Links, OrganisationId, Problem, ProgrammeId, Role, codes,
    evaluation::credits::{CreditProvider, NewCreditProvider},
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_credit_provider)
        .service(set_credit_provider);
}

/// A programme before somebody who runs or evaluates it, or registers its credits.
struct Known {
    organiser: OrganisationId,
    provider: OrganisationId,
    version: i32,
}

async fn known(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ProgrammeId,
) -> Result<Known, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let programme = programmes::find(connection, id).await?;
    let organiser = programme.ok_or_else(missing)?.organiser_id.into();
    let named = store::provider(connection, id).await?;
    let known = Known {
        organiser,
        provider: named
            .as_ref()
            .map_or(organiser, |row| row.provider_id.into()),
        version: named.map_or(1, |row| row.version),
    };
    let may = caller.coordinates(organiser)
        || caller.has(Role::Evaluator, organiser)
        || caller.has(Role::Registrar, known.provider);
    if may { Ok(known) } else { Err(missing()) }
}

/// Get who registers a programme's credits
///
/// For who runs or evaluates the programme, and for the provider's registrars.
#[utoipa::path(tag = "credits", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), responses((status = 200, description = "The provider.", body = CreditProvider)))]
#[get("/programmes/{programmeId}/credit-provider")]
async fn get_credit_provider(
    state: Data<State>,
    context: Context,
    id: Path<ProgrammeId>,
) -> Outcome {
    let known = known(state.database.read(), &context.caller, *id).await?;
    Ok(Reply::resource(
        &wire(*id, &known, &context),
        known.version,
    )?)
}

/// Say who registers a programme's credits
///
/// For the coordinators of the programme's organiser. The registrars of that organisation may
/// from now on read who takes part in the programme's rounds, and register credits; those of
/// the one before may not.
#[utoipa::path(tag = "credits", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), request_body = NewCreditProvider, responses((status = 200, description = "The provider.", body = CreditProvider)))]
#[put("/programmes/{programmeId}/credit-provider")]
async fn set_credit_provider(
    state: Data<State>,
    id: Path<ProgrammeId>,
    command: Command<NewCreditProvider>,
) -> Outcome {
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
            let mut known = known(change.tx(), &context.caller, *id).await?;
            if !context.caller.coordinates(known.organiser) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            expected.check(known.version)?;
            let named = store::provider(change.tx(), *id).await?;
            let next = provider_entity::Model {
                programme_id: id.uuid(),
                organiser_id: known.organiser.uuid(),
                provider_id: body.provider_id.uuid(),
                version: known.version + 1,
            };
            if named.is_some() {
                row::update::<provider_entity::Entity>(change.tx(), next).await?;
            } else {
                row::insert::<provider_entity::Entity>(change.tx(), next).await?;
            }
            change.record("programme", *id, "credit_provider.set", None);
            known.provider = body.provider_id;
            known.version += 1;
            Ok(Answer::ok(&wire(*id, &known, &context))?.version(known.version))
        },
    );
    Ok(answer.await?.into())
}

fn wire(id: ProgrammeId, known: &Known, context: &Context) -> CreditProvider {
    let href = context.href(format!("programmes/{id}/credit-provider"));
    CreditProvider {
        programme_id: id,
        provider_id: known.provider,
        links: Links::to_self(&href).with("update", "PUT", href.clone()),
    }
}
