//! Operations of offices.

use super::{acting_holder, entity, store};
use crate::{
    State, endorsements,
    organisations::{self, routes::allow_keeping},
    people,
};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ModelTrait as _, QueryFilter as _,
};
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    ActingHolderId, Answer, Links, OfficeId, OrganisationId, PersonId, Problem, codes,
    page::ChangeSort,
    registration::{
        codes::{OFFICE_EXISTS, ORGANISATION_UNKNOWN, PERSON_UNKNOWN},
        offices::{ActingHolder, NewActingHolder, NewHolder, NewOffice, Office, OfficePage},
    },
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Acting holders of one office at most, the past ones included.
const MOST_ACTING: usize = 100;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_offices)
        .service(create_office)
        .service(get_office)
        .service(set_office_holder)
        .service(add_acting_holder)
        .service(remove_acting_holder);
}

/// List offices
///
/// All offices, or those of one organisation, for every known caller.
#[utoipa::path(
    tag = "offices",
    params(PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said."), ("organisationId" = Option<OrganisationId>, Query, description = "Only offices of this organisation.")),
    responses((status = 200, description = "A page of offices.", body = OfficePage))
)]
#[get("/offices")]
async fn list_offices(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let mut select = store::scoped(&context.caller);
    if let Some(id) = query.get::<OrganisationId>("organisationId") {
        select = select.filter(entity::Column::OrganisationId.eq(id.uuid()));
    }
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(connection, select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let mut acting = store::acting(connection, slice.items.iter().map(|row| row.id)).await?;
    let organisations = slice.items.iter().map(|row| row.organisation_id);
    let caller = &context.caller;
    let kept = organisations::store::kept(connection, caller, organisations, context.now).await?;
    let mut office = |row: entity::Model| {
        let acting = acting.remove(&row.id).unwrap_or_default();
        let is_kept = kept.contains(&row.organisation_id);
        wire(row, acting, is_kept, &context)
    };
    let items = slice.items.into_iter().map(&mut office);
    Ok(Reply::ok(&OfficePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Add an office
///
/// For whoever keeps the organisation's data. An organisation has one office of each kind.
#[utoipa::path(tag = "offices", request_body = NewOffice, responses((status = 201, description = "The office.", body = Office)))]
#[post("/offices")]
async fn create_office(state: Data<State>, command: Command<NewOffice>) -> Outcome {
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
            let unknown = &ORGANISATION_UNKNOWN;
            allow_keeping(change.tx(), &context, body.organisation_id, unknown).await?;
            let row = insert(change, body).await?;
            let office = wire(row, Vec::new(), true, &context)?;
            Ok(Answer::created(office.links.own(), &office)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Adds an office by its wire form.
pub async fn insert(change: &mut Change, body: NewOffice) -> Result<entity::Model, Problem> {
    organisations::store::find(change.tx(), body.organisation_id)
        .await?
        .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    check_active(change.tx(), body.holder_id).await?;
    let row = entity::Model {
        id: OfficeId::new().uuid(),
        organisation_id: body.organisation_id.uuid(),
        kind: column::text(body.kind),
        title: column::json(&body.title),
        email: body.email,
        holder_id: body.holder_id.map(Uuid::from),
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row)
        .await
        .map_err(|error| {
            if error.violates("offices", "kind") {
                Problem::of(&OFFICE_EXISTS)
            } else {
                error.into()
            }
        })?;
    change.record("office", row.id, "office.created", None);
    change.publish("office.holder_changed", row.id, fact(&row, &[]));
    Ok(row)
}

/// Get an office
///
/// For every known caller.
#[utoipa::path(tag = "offices", params(("officeId" = OfficeId, Path, description = "The office.")), responses((status = 200, description = "The office.", body = Office)))]
#[get("/offices/{officeId}")]
async fn get_office(state: Data<State>, context: Context, id: Path<OfficeId>) -> Outcome {
    let connection = state.database.read();
    let row = store::find(connection, *id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let acting = acting_of(connection, row.id).await?;
    let organisation = row.organisation_id.into();
    let (caller, now) = (&context.caller, context.now);
    let is_kept = organisations::store::may_keep(connection, caller, organisation, now).await?;
    let version = row.version;
    let office = wire(row, acting, is_kept, &context)?;
    Ok(Reply::resource(&office, version)?)
}

/// Set the holder of an office
///
/// For whoever keeps the organisation's data; without a holder the post is vacant. Whoever held
/// it before decides no more, everywhere within seconds. Repeating it changes nothing.
#[utoipa::path(tag = "offices", params(("officeId" = OfficeId, Path, description = "The office.")), request_body = NewHolder, responses((status = 200, description = "The changed office.", body = Office)))]
#[post("/offices/{officeId}/holder")]
async fn set_office_holder(
    state: Data<State>,
    id: Path<OfficeId>,
    command: Command<NewHolder>,
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
            let mut row = kept(change.tx(), *id, &context).await?;
            expected.check(row.version)?;
            let holder = body.holder_id.map(Uuid::from);
            if row.holder_id != holder {
                let before = row.clone();
                row.holder_id = holder;
                row = revise(change, &before, row).await?;
            }
            answer_with(change.tx(), row, &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Add an acting holder
///
/// For whoever keeps the organisation's data. Whoever acts decides beside the holder on the
/// days of the period, the first and the last included, and gets the office's mail then.
#[utoipa::path(tag = "offices", params(("officeId" = OfficeId, Path, description = "The office.")), request_body = NewActingHolder, responses((status = 200, description = "The changed office.", body = Office)))]
#[post("/offices/{officeId}/acting-holders")]
async fn add_acting_holder(
    state: Data<State>,
    id: Path<OfficeId>,
    command: Command<NewActingHolder>,
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
            let row = kept(change.tx(), *id, &context).await?;
            expected.check(row.version)?;
            check_active(change.tx(), Some(body.person_id)).await?;
            insert_acting(change.tx(), *id, &body).await?;
            let row = changed(change, row, "office.acting_holder_added").await?;
            answer_with(change.tx(), row, &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Remove an acting holder
///
/// For whoever keeps the organisation's data. Whoever acted decides no more, everywhere within
/// seconds; what was decided stays.
#[utoipa::path(tag = "offices", params(("officeId" = OfficeId, Path, description = "The office."), ("actingHolderId" = ActingHolderId, Path, description = "The acting holder's period.")), responses((status = 204, description = "Nobody acts by it any more.")))]
#[delete("/offices/{officeId}/acting-holders/{actingHolderId}")]
async fn remove_acting_holder(
    state: Data<State>,
    path: Path<(OfficeId, ActingHolderId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (office, id) = *path;
    let Command {
        context, expected, ..
    } = command;
    let answer = state
        .database
        .change(context.actor(), async |change: &mut Change| {
            let row = kept(change.tx(), office, &context).await?;
            expected.check(row.version)?;
            let period = acting_holder::Entity::find_by_id(id.uuid())
                .filter(acting_holder::Column::OfficeId.eq(row.id))
                .one(change.tx())
                .await
                .map_err(DatabaseError::from)?
                .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            period
                .delete(change.tx())
                .await
                .map_err(DatabaseError::from)?;
            let row = changed(change, row, "office.acting_holder_removed").await?;
            let ids =
                serde_json::json!({ "officeId": row.id, "organisationId": row.organisation_id });
            change.publish("acting_holder.deleted", id, ids);
            endorsements::steps::office_changed(change, &row).await?;
            Ok::<_, Problem>(Answer::no_content())
        });
    Ok(answer.await?.into())
}

/// The office, locked, if the caller may keep its organisation's data.
async fn kept(
    connection: &impl ConnectionTrait,
    id: OfficeId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    let row = store::lock(connection, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let organisation = row.organisation_id.into();
    allow_keeping(connection, context, organisation, &codes::NOT_FOUND).await?;
    Ok(row)
}

async fn insert_acting(
    connection: &impl ConnectionTrait,
    office: OfficeId,
    body: &NewActingHolder,
) -> Result<(), Problem> {
    if body.ends_on < body.starts_on {
        let words = "The last day lies before the first.";
        return Err(Problem::invalid("/endsOn", "too_early", words));
    }
    if acting_of(connection, office.uuid()).await?.len() >= MOST_ACTING {
        return Err(Problem::of(&codes::CONFLICT));
    }
    let row = acting_holder::Model {
        id: ActingHolderId::new().uuid(),
        office_id: office.uuid(),
        person_id: body.person_id.uuid(),
        starts_on: body.starts_on,
        ends_on: body.ends_on,
    };
    row::insert::<acting_holder::Entity>(connection, row).await?;
    Ok(())
}

/// Gives an office another title, address or holder. Whoever held it before decides no more.
pub async fn revise(
    change: &mut Change,
    before: &entity::Model,
    row: entity::Model,
) -> Result<entity::Model, Problem> {
    if row.holder_id == before.holder_id {
        return changed(change, row, "office.changed").await;
    }
    check_active(change.tx(), row.holder_id.map(PersonId::from)).await?;
    let row = changed(change, row, "office.holder_changed").await?;
    endorsements::steps::office_changed(change, &row).await?;
    Ok(row)
}

/// Saves a change of who decides as a new version, with its history and event.
async fn changed(
    change: &mut Change,
    mut row: entity::Model,
    edge: &str,
) -> Result<entity::Model, Problem> {
    row.version += 1;
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    let acting = acting_of(change.tx(), row.id).await?;
    change.record("office", row.id, edge, None);
    change.publish("office.holder_changed", row.id, fact(&row, &acting));
    Ok(row)
}

async fn answer_with(
    connection: &impl ConnectionTrait,
    row: entity::Model,
    context: &Context,
) -> Result<Answer, Problem> {
    let acting = acting_of(connection, row.id).await?;
    let version = row.version;
    Ok(Answer::ok(&wire(row, acting, true, context)?)?.version(version))
}

async fn acting_of(
    connection: &impl ConnectionTrait,
    office: Uuid,
) -> Result<Vec<acting_holder::Model>, DatabaseError> {
    let mut found = store::acting(connection, [office]).await?;
    Ok(found.remove(&office).unwrap_or_default())
}

async fn check_active(
    connection: &impl ConnectionTrait,
    person: Option<PersonId>,
) -> Result<(), Problem> {
    let Some(id) = person else {
        return Ok(());
    };
    let found = people::store::find(connection, id).await?;
    if found.is_some_and(|row| row.active) {
        Ok(())
    } else {
        Err(Problem::of(&PERSON_UNKNOWN))
    }
}

fn fact(row: &entity::Model, acting: &[acting_holder::Model]) -> serde_json::Value {
    let acting = acting.iter().map(|row| {
        serde_json::json!({ "personId": row.person_id, "startsOn": row.starts_on, "endsOn": row.ends_on })
    });
    serde_json::json!({
        "officeId": row.id, "organisationId": row.organisation_id, "kind": row.kind,
        "holderId": row.holder_id, "actingHolders": acting.collect::<Vec<_>>(),
        "version": row.version,
    })
}

fn wire(
    row: entity::Model,
    acting: Vec<acting_holder::Model>,
    is_kept: bool,
    context: &Context,
) -> Result<Office, Problem> {
    let href = context.href(format!("offices/{}", row.id));
    let mut links = Links::to_self(&href);
    if is_kept {
        links = links.with("holder", "POST", format!("{href}/holder")).with(
            "acting-holders",
            "POST",
            format!("{href}/acting-holders"),
        );
    }
    let acting = acting.into_iter().map(|row| ActingHolder {
        id: row.id.into(),
        person_id: row.person_id.into(),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    });
    Ok(Office {
        id: row.id.into(),
        organisation_id: row.organisation_id.into(),
        kind: column::parse(&row.kind)?,
        title: column::from_json(row.title)?,
        email: row.email,
        holder_id: row.holder_id.map(PersonId::from),
        acting_holders: acting.collect(),
        links,
    })
}
