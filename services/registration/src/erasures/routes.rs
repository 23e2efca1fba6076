//! Operations of erasures.

use super::{acknowledgement_entity as acknowledgement, entity, steps, store};
use crate::{
    State,
    organisations::store::{kept, may_keep, near},
    people,
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, page};
use shared_types::{
    Answer, ErasureId, Links, OrganisationId, PersonId, Problem, codes,
    registration::erasures::{ErasedBy, Erasure, ErasurePage, NewErasure},
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_erasures)
        .service(create_erasure)
        .service(get_erasure);
}

/// List erasures
///
/// For whoever keeps the data of an organisation: the erasures of its people, and how far each
/// has come.
#[utoipa::path(
    tag = "privacy",
    params(
        PageParameters,
        ("organisationId" = Option<OrganisationId>, Query, description = "Only of this organisation's people.")
    ),
    responses((status = 200, description = "A page of erasures.", body = ErasurePage))
)]
#[get("/erasures")]
async fn list_erasures(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let asked = match query.get::<OrganisationId>("organisationId") {
        Some(id) => vec![id.uuid()],
        None => near(connection, &context.caller).await?,
    };
    let kept = kept(connection, &context.caller, asked, context.now).await?;
    let select = store::of_organisations(kept);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let ids = slice.items.iter().map(|row| row.id);
    let mut said = store::acknowledgements(connection, ids).await?;
    let items = slice.items.into_iter().map(|row| {
        let said = said.remove(&row.id).unwrap_or_default();
        wire(&row, &said, &context)
    });
    Ok(Reply::ok(&ErasurePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Erase a person
///
/// For the person, and for whoever keeps the employer's data. For good: what waits or holds a
/// seat ends as if it had been withdrawn, and whatever says who the person was is forgotten in
/// every service, in what waits to be sent and in the texts of the history. Invoices keep what
/// the law on bookkeeping demands. Refused while the person holds an office. An Idempotency-Key
/// is required.
#[utoipa::path(tag = "privacy", request_body = NewErasure, responses((status = 201, description = "The erasure.", body = Erasure)))]
#[post("/erasures")]
async fn create_erasure(state: Data<State>, command: Command<NewErasure>) -> Outcome {
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
            let person = allowed(change, &context, body.person_id).await?;
            let row = steps::erase(change, person, &body.reason).await?;
            let said = store::acknowledgements(change.tx(), [row.id]).await?;
            let said = said.into_values().next().unwrap_or_default();
            let erasure = wire(&row, &said, &context)?;
            Ok(Answer::created(erasure.links.own(), &erasure)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get an erasure
///
/// For whoever keeps the employer's data.
#[utoipa::path(tag = "privacy", params(("erasureId" = ErasureId, Path, description = "The erasure.")), responses((status = 200, description = "The erasure.", body = Erasure)))]
#[get("/erasures/{erasureId}")]
async fn get_erasure(state: Data<State>, context: Context, id: Path<ErasureId>) -> Outcome {
    let connection = state.database.read();
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find(connection, *id).await?.ok_or_else(missing)?;
    let employer = row.organisation_id.into();
    if !may_keep(connection, &context.caller, employer, context.now).await? {
        return Err(missing().into());
    }
    let said = store::acknowledgements(connection, [row.id]).await?;
    let said = said.into_values().next().unwrap_or_default();
    let version = row.version;
    Ok(Reply::resource(&wire(&row, &said, &context)?, version)?)
}

/// The person under a lock, if the caller may erase them: oneself, or whose employer's data the
/// caller keeps. Of anybody else the caller does not learn that there is one.
async fn allowed(
    change: &Change,
    context: &Context,
    id: PersonId,
) -> Result<people::entity::Model, Problem> {
    let missing = || Problem::of(&shared_types::registration::codes::PERSON_UNKNOWN);
    let row = people::store::lock(change.tx(), id).await?;
    let row = row.ok_or_else(missing)?;
    if context.caller.person == Some(id) || keeps(change.tx(), context, &row).await? {
        Ok(row)
    } else {
        Err(missing())
    }
}

async fn keeps(
    connection: &impl ConnectionTrait,
    context: &Context,
    row: &people::entity::Model,
) -> Result<bool, Problem> {
    let employer = row.organisation_id.into();
    Ok(may_keep(connection, &context.caller, employer, context.now).await?)
}

fn wire(
    row: &entity::Model,
    said: &[acknowledgement::Model],
    context: &Context,
) -> Result<Erasure, Problem> {
    let by = |service: &str| ErasedBy {
        service: service.to_owned(),
        acknowledged_at: said
            .iter()
            .find(|one| one.service == service)
            .map(|one| one.acknowledged_at),
    };
    Ok(Erasure {
        id: row.id.into(),
        person_id: row.person_id.into(),
        organisation_id: row.organisation_id.into(),
        state: column::parse(&row.state)?,
        requested_at: row.requested_at,
        erased_at: row.erased_at,
        services: steps::SERVICES.map(by).into(),
        links: Links::to_self(context.href(format!("erasures/{}", row.id))),
    })
}
