//! Operations of credits.

use super::{entity, steps, store};
use crate::{
    State,
    parts::{self, Part},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, DatabaseError, history, page};
use shared_types::{
    Answer, ApplicationId, CreditId, Links, Problem, codes,
    evaluation::credits::{Credits, CreditsPage, NewCredits},
    registration::rounds::Reason,
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_credits)
        .service(register_credits)
        .service(get_credits)
        .service(revoke_credits);
}

/// List a participant's credits
///
/// For the participant, and for who runs, evaluates or registers the round; revoked ones too.
#[utoipa::path(tag = "credits", params(("applicationId" = ApplicationId, Path, description = "The participation."), PageParameters), responses((status = 200, description = "A page of credits.", body = CreditsPage)))]
#[get("/participations/{applicationId}/credits")]
async fn list_credits(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let part = readable(connection, &context, *id).await?;
    let select = store::of_participation(id.uuid());
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let reasons = reasons(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter();
    Ok(Reply::ok(&CreditsPage {
        items: items
            .map(|row| wire(row, &part, &reasons, &context))
            .collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Register credits
///
/// For the registrars of the programme's provider, whether or not the round is completed; in all
/// never more than the programme gives. An Idempotency-Key is required.
#[utoipa::path(tag = "credits", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewCredits, responses((status = 201, description = "The credits.", body = Credits)))]
#[post("/participations/{applicationId}/credits")]
async fn register_credits(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewCredits>,
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
            let part = registrable(change.tx(), &context, *id).await?;
            let row = steps::register(change, &part, &body).await?;
            let credits = wire(&row, &part, &BTreeMap::new(), &context);
            Ok(Answer::created(credits.links.own(), &credits)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get credits
///
/// For the participant, and for who runs, evaluates or registers the round.
#[utoipa::path(tag = "credits", params(("creditId" = CreditId, Path, description = "The credits.")), responses((status = 200, description = "The credits.", body = Credits)))]
#[get("/credits/{creditId}")]
async fn get_credits(state: Data<State>, context: Context, id: Path<CreditId>) -> Outcome {
    let connection = state.database.read();
    let (row, part) = known(connection, &context, *id).await?;
    let reasons = reasons(connection, std::slice::from_ref(&row)).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire(&row, &part, &reasons, &context),
        version,
    )?)
}

/// Revoke credits
///
/// For the registrars of the programme's provider, with a reason, which the participant reads.
/// What was registered wrongly is revoked and registered anew.
#[utoipa::path(tag = "credits", params(("creditId" = CreditId, Path, description = "The credits.")), request_body = Reason, responses((status = 200, description = "The credits.", body = Credits)))]
#[post("/credits/{creditId}/revocation")]
async fn revoke_credits(
    state: Data<State>,
    id: Path<CreditId>,
    command: Command<Reason>,
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
            let (row, _) = known(change.tx(), &context, *id).await?;
            let part = registrable(change.tx(), &context, row.application_id.into()).await?;
            let row = store::lock(change, *id).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            let row = steps::revoke(change, row, &body.reason).await?;
            let version = row.version;
            let reasons = BTreeMap::from([(row.id, body.reason.clone())]);
            Ok(Answer::ok(&wire(&row, &part, &reasons, &context))?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// A participation whose credits a caller may read: who decides for the municipality learns of
/// completion, not of credits.
async fn readable(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<Part, Problem> {
    let part = parts::part(connection, &context.caller, id).await?;
    if part.own || part.staff.is_any() {
        Ok(part)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

/// A participation for which a caller registers credits.
async fn registrable(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<Part, Problem> {
    let part = parts::part(connection, &context.caller, id).await?;
    if part.staff.registrar {
        Ok(part)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: CreditId,
) -> Result<(entity::Model, Part), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id).await?;
    let row = row.ok_or_else(missing)?;
    let part = readable(connection, context, row.application_id.into()).await;
    // Who may not read a participation's credits does not learn of one by its id.
    let part = part.map_err(|problem| {
        if problem.code() == &codes::FORBIDDEN {
            missing()
        } else {
            problem
        }
    })?;
    Ok((row, part))
}

async fn reasons(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<BTreeMap<Uuid, String>, DatabaseError> {
    let revoked = rows.iter().filter(|row| row.revoked_at.is_some());
    let ids: Vec<Uuid> = revoked.map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = history::reasons_of(connection, &ids, steps::REVOKED).await?;
    Ok(found.into_iter().collect())
}

fn wire(
    row: &entity::Model,
    part: &Part,
    reasons: &BTreeMap<Uuid, String>,
    context: &Context,
) -> Credits {
    let href = context.href(format!("credits/{}", row.id));
    let mut links = Links::to_self(&href).with(
        "completion",
        "GET",
        context.href(format!("completions/{}", row.application_id)),
    );
    if part.staff.registrar && row.revoked_at.is_none() {
        links = links.with("revocation", "POST", format!("{href}/revocation"));
    }
    Credits {
        id: row.id.into(),
        application_id: row.application_id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        provider_id: row.provider_id.into(),
        credits_tenths: row.credits_tenths,
        reference: row.reference.clone(),
        registered_on: row.registered_on,
        revoked_at: row.revoked_at,
        revocation_reason: reasons.get(&row.id).cloned(),
        links,
    }
}
