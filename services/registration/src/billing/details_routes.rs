//! Operations of what an organisation wants said on invoices.

use super::{details, details_entity, store};
use crate::{State, organisations};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use shared_database::{Change, column, row};
use shared_types::{
    Answer, Links, OrganisationId, Problem, Role, codes,
    registration::{
        billing::{BillingDetails, NewBillingDetails},
        codes::BILLING_DETAILS_UNKNOWN,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_billing_details)
        .service(set_billing_details);
}

/// Get an organisation's billing details
///
/// For whoever keeps the organisation's data, and for the coordinators of organisers whose partner
/// it is.
#[utoipa::path(tag = "billing", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), responses((status = 200, description = "The details.", body = BillingDetails)))]
#[get("/organisations/{organisationId}/billing-details")]
async fn get_billing_details(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
) -> Outcome {
    let connection = state.database.read();
    let mut reads = false;
    for organiser in context.caller.scope(Role::Coordinator) {
        reads |= organisations::store::is_partner(connection, organiser, *id).await?;
    }
    if !reads {
        organisations::routes::allow_keeping(connection, &context, *id, &codes::NOT_FOUND).await?;
    }
    let (details, version) = store::details(connection, id.uuid())
        .await?
        .ok_or_else(|| Problem::of(&BILLING_DETAILS_UNKNOWN))?;
    Ok(Reply::resource(&wire(*id, details, &context), version)?)
}

/// Set an organisation's billing details
///
/// For whoever keeps the organisation's data: its HR and its coordinators, or, where it has
/// neither, the coordinators of the organiser that added it. Numbers are checked by their check
/// digits. What was issued keeps what it said.
#[utoipa::path(tag = "billing", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), request_body = NewBillingDetails, responses((status = 200, description = "The details.", body = BillingDetails)))]
#[put("/organisations/{organisationId}/billing-details")]
async fn set_billing_details(
    state: Data<State>,
    id: Path<OrganisationId>,
    command: Command<NewBillingDetails>,
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
            let unknown = &codes::NOT_FOUND;
            organisations::routes::allow_keeping(change.tx(), &context, *id, unknown).await?;
            details::check(&body)?;
            // Two who set them at once wait for each other here.
            organisations::store::lock(change.tx(), *id).await?;
            let before = store::details(change.tx(), id.uuid()).await?;
            let version = before.as_ref().map_or(0, |(_, version)| *version);
            expected.check(version)?;
            let row = details_entity::Model {
                organisation_id: id.uuid(),
                details: column::json(&body),
                version: version + 1,
            };
            match before {
                Some(_) => row::update::<details_entity::Entity>(change.tx(), row).await?,
                None => row::insert::<details_entity::Entity>(change.tx(), row).await?,
            };
            let edge = "organisation.billing_details_set";
            change.record("organisation", id.uuid(), edge, None);
            Ok(Answer::ok(&wire(*id, body, &context))?.version(version + 1))
        },
    );
    Ok(answer.await?.into())
}

fn wire(id: OrganisationId, details: NewBillingDetails, context: &Context) -> BillingDetails {
    let organisation = context.href(format!("organisations/{id}"));
    BillingDetails {
        organisation_id: id,
        details,
        links: Links::to_self(format!("{organisation}/billing-details")).with(
            "organisation",
            "GET",
            organisation,
        ),
    }
}
