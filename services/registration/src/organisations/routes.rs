//! Operations of organisations.

use super::{department, entity, partnership, store};
use crate::State;
use actix_web::{
    delete, get, patch, post, put,
    web::{Data, Path},
};
use shared_database::{Change, column, page, row};
use shared_types::{
    Answer, Code, Links, OrganisationId, Problem, Role, civil, codes,
    page::{ChangeSort, NameSort},
    registration::{
        codes::{ORGANISATION_CODE_TAKEN, ORGANISATION_UNKNOWN},
        organisations::{
            Department, DepartmentPage, NewDepartment, NewOrganisation, Organisation,
            OrganisationChange, OrganisationKind, OrganisationPage, Partner, PartnerPage,
        },
    },
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_organisations)
        .service(create_organisation)
        .service(get_organisation)
        .service(update_organisation)
        .service(list_departments)
        .service(create_department)
        .service(list_partners)
        .service(add_partner)
        .service(remove_partner);
}

/// List organisations
///
/// All organisations that the installation knows, for every known caller.
#[utoipa::path(
    tag = "organisations",
    params(PageParameters, ModifiedParameters, ("sort" = inline(Option<NameSort>), Query, description = "Order of the list; by id when nothing is said."), ("officialCode" = Option<String>, Query, description = "Only the organisation with this official code.", example = "SE-0580", max_length = 7)),
    responses((status = 200, description = "A page of organisations.", body = OrganisationPage))
)]
#[get("/organisations")]
async fn list_organisations(state: Data<State>, context: Context, query: Query) -> Outcome {
    use sea_orm::{ColumnTrait as _, QueryFilter as _};
    let mut select = store::scoped(&context.caller);
    if let Some(code) = query.get::<String>("officialCode") {
        select = select.filter(entity::Column::OfficialCode.eq(code));
    }
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(state.database.read(), select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&OrganisationPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add an organisation
///
/// For coordinators. A municipality needs its official code; what belongs to a municipality
/// names it as its parent, which the caller has to keep, and counts to it from then on. The
/// caller's organiser keeps the organisation's data until it has HR or a coordinator of its own.
#[utoipa::path(tag = "organisations", request_body = NewOrganisation, responses((status = 201, description = "The organisation.", body = Organisation)))]
#[post("/organisations")]
async fn create_organisation(state: Data<State>, command: Command<NewOrganisation>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let keeper = keeper(&context, &body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            if let Some(parent) = body.parent_id {
                allow_keeping(change.tx(), &context, parent, &ORGANISATION_UNKNOWN).await?;
            }
            let row = insert(change, body, Some(keeper)).await?;
            let organisation = wire(row, &context)?;
            Ok(Answer::created(organisation.links.own(), &organisation)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// The organiser that keeps a new organisation: the one that is named, or the only one that the
/// caller coordinates.
fn keeper(context: &Context, body: &NewOrganisation) -> Result<OrganisationId, Problem> {
    let caller = &context.caller;
    if let Some(named) = body.keeper_id {
        allow_coordinating(context, named)?;
        return Ok(named);
    }
    let mut organisers = caller.scope(Role::Coordinator);
    match (organisers.next(), organisers.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Problem::of(&codes::FORBIDDEN)),
        (Some(_), Some(_)) => {
            let words = "The caller coordinates several organisers; one of them keeps it.";
            Err(Problem::invalid("/keeperId", "required", words))
        }
    }
}

/// Adds an organisation by its wire form; `akademi init` uses it too, for which nobody keeps
/// it but itself.
pub async fn insert(
    change: &mut Change,
    body: NewOrganisation,
    keeper: Option<OrganisationId>,
) -> Result<entity::Model, Problem> {
    if civil::zone(&body.time_zone).is_none() {
        return Err(Problem::invalid(
            "/timeZone",
            "unknown_value",
            "There is no such IANA zone.",
        ));
    }
    if body.kind == OrganisationKind::Municipality && body.official_code.is_none() {
        return Err(Problem::invalid(
            "/officialCode",
            "required",
            "A municipality has an official code.",
        ));
    }
    let id = OrganisationId::new();
    let parent = match body.parent_id {
        Some(parent) => {
            let parent = store::find(change.tx(), parent).await?;
            Some(parent.ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?)
        }
        None => None,
    };
    let municipality = match body.kind {
        OrganisationKind::Municipality => Some(id.uuid()),
        _ => parent.and_then(|parent| parent.municipality_id),
    };
    let row = entity::Model {
        id: id.uuid(),
        kind: column::text(body.kind),
        name: body.name,
        official_code: body.official_code,
        parent_id: body.parent_id.map(Uuid::from),
        municipality_id: municipality,
        language: column::text(body.language),
        time_zone: body.time_zone,
        created_at: change.actor.at,
        keeper_id: keeper.map(Uuid::from),
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row)
        .await
        .map_err(|error| {
            if error.violates("organisations", "official_code") {
                Problem::of(&ORGANISATION_CODE_TAKEN)
            } else {
                error.into()
            }
        })?;
    change.record("organisation", row.id, "organisation.created", None);
    change.publish("organisation.created", row.id, fact(&row));
    Ok(row)
}

/// Get an organisation
///
/// For every known caller.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), responses((status = 200, description = "The organisation.", body = Organisation)))]
#[get("/organisations/{organisationId}")]
async fn get_organisation(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
) -> Outcome {
    let row = known(state.database.read(), *id).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Change an organisation
///
/// For whoever keeps the organisation's data: its HR and its coordinators, or, where it has
/// neither, the coordinators of the organiser that added it. Name, language and zone change;
/// code and parent stay.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), request_body = OrganisationChange, responses((status = 200, description = "The organisation.", body = Organisation)))]
#[patch("/organisations/{organisationId}")]
async fn update_organisation(
    state: Data<State>,
    id: Path<OrganisationId>,
    command: Command<OrganisationChange>,
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
            allow_keeping(change.tx(), &context, *id, &codes::NOT_FOUND).await?;
            let row = store::lock(change.tx(), *id).await?;
            let mut row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            if let Some(zone) = &body.time_zone
                && civil::zone(zone).is_none()
            {
                return Err(Problem::invalid(
                    "/timeZone",
                    "unknown_value",
                    "There is no such IANA zone.",
                ));
            }
            row.name = body.name.unwrap_or(row.name);
            row.time_zone = body.time_zone.unwrap_or(row.time_zone);
            row.language = body.language.map_or(row.language, column::text);
            row.version += 1;
            let row = row::update::<entity::Entity>(change.tx(), row).await?;
            change.record("organisation", row.id, "organisation.changed", None);
            change.publish("organisation.changed", row.id, fact(&row));
            let version = row.version;
            Ok(Answer::ok(&wire(row, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// List departments
///
/// The departments of one organisation, for every known caller.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation."), PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of departments.", body = DepartmentPage)))]
#[get("/organisations/{organisationId}/departments")]
async fn list_departments(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
    query: Query,
) -> Outcome {
    known(state.database.read(), *id).await?;
    let select = store::departments(*id);
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(
        state.database.read(),
        select,
        department::Column::Id,
        &request,
    )
    .await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire_department(row, &context))
        .collect();
    Ok(Reply::ok(&DepartmentPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a department
///
/// For whoever keeps the organisation's data.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organisation.")), request_body = NewDepartment, responses((status = 201, description = "The department.", body = Department)))]
#[post("/organisations/{organisationId}/departments")]
async fn create_department(
    state: Data<State>,
    id: Path<OrganisationId>,
    command: Command<NewDepartment>,
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
            allow_keeping(change.tx(), &context, *id, &codes::NOT_FOUND).await?;
            let row = store::insert_department(change, *id, body.name).await?;
            let department = wire_department(row, &context);
            Answer::created(department.links.own(), &department)
        },
    );
    Ok(answer.await?.into())
}

/// List partners
///
/// The organisations that may take part in the organiser's rounds for partners. Those to which
/// one side has not agreed yet are listed for whoever speaks for a side.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organiser."), PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of partners.", body = PartnerPage)))]
#[get("/organisations/{organisationId}/partners")]
async fn list_partners(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
    query: Query,
) -> Outcome {
    known(state.database.read(), *id).await?;
    let select = store::partnerships(&context.caller, *id);
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(
        state.database.read(),
        select,
        partnership::Column::Id,
        &request,
    )
    .await?;
    let links = query.links(&context, &slice);
    let names = store::names(
        state.database.read(),
        slice.items.iter().map(|row| row.organisation_id),
    )
    .await?;
    let partner = |row: partnership::Model| {
        let name = names.get(&row.organisation_id).cloned().unwrap_or_default();
        wire_partner(&row, name, &context)
    };
    let items = slice.items.into_iter().map(partner).collect();
    Ok(Reply::ok(&PartnerPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Make an organisation a partner
///
/// For the organiser's coordinators and for whoever keeps the partner's data. It counts once both
/// sides have said it; whoever speaks for both says both at once. Repeating it changes nothing.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organiser."), ("partnerId" = OrganisationId, Path, description = "The partner.")), responses((status = 200, description = "The partner.", body = Partner)))]
#[put("/organisations/{organisationId}/partners/{partnerId}")]
async fn add_partner(
    state: Data<State>,
    path: Path<(OrganisationId, OrganisationId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (organiser, organisation) = *path;
    let context = command.context;
    let answer = state
        .database
        .change(context.actor(), async |change: &mut Change| {
            known(change.tx(), organiser).await?;
            let partner = known(change.tx(), organisation).await?;
            let consent = speaking(change.tx(), &context, organiser, organisation).await?;
            let row = store::add_partner(change.tx(), organiser, organisation, consent).await?;
            let edge = if row.organiser_agreed && row.partner_agreed {
                "organisation.partner_added"
            } else {
                "organisation.partner_proposed"
            };
            change.record("organisation", organiser, edge, None);
            Answer::ok(&wire_partner(&row, partner.name, &context))
        });
    Ok(answer.await?.into())
}

/// End a partnership
///
/// For the organiser's coordinators and for whoever keeps the partner's data: either side ends
/// it alone. Applications that were made stay.
#[utoipa::path(tag = "organisations", params(("organisationId" = OrganisationId, Path, description = "The organiser."), ("partnerId" = OrganisationId, Path, description = "The partner.")), responses((status = 204, description = "It is no partner any more.")))]
#[delete("/organisations/{organisationId}/partners/{partnerId}")]
async fn remove_partner(
    state: Data<State>,
    path: Path<(OrganisationId, OrganisationId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (organiser, organisation) = *path;
    let context = command.context;
    let answer = state
        .database
        .change(context.actor(), async |change: &mut Change| {
            speaking(change.tx(), &context, organiser, organisation).await?;
            if store::remove_partner(change.tx(), organiser, organisation).await? {
                change.record(
                    "organisation",
                    organiser,
                    "organisation.partner_removed",
                    None,
                );
                let ids =
                    serde_json::json!({ "organiserId": organiser, "organisationId": organisation });
                change.publish("partner.deleted", organisation, ids);
            }
            Ok::<_, Problem>(Answer::no_content())
        });
    Ok(answer.await?.into())
}

async fn known(
    connection: &impl sea_orm::ConnectionTrait,
    id: OrganisationId,
) -> Result<entity::Model, Problem> {
    store::find(connection, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Refuses unless the caller keeps an organisation's data; `unknown` where there is none.
pub async fn allow_keeping(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    id: OrganisationId,
    unknown: &'static Code,
) -> Result<(), Problem> {
    if store::may_keep(connection, &context.caller, id, context.now).await? {
        return Ok(());
    }
    match store::find(connection, id).await? {
        Some(_) => Err(Problem::of(&codes::FORBIDDEN)),
        None => Err(Problem::of(unknown)),
    }
}

/// For which sides of a partnership the caller speaks; refused where it is neither.
async fn speaking(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    organiser: OrganisationId,
    partner: OrganisationId,
) -> Result<store::Consent, Problem> {
    let consent = store::Consent {
        organiser: context.caller.coordinates(organiser),
        partner: store::may_keep(connection, &context.caller, partner, context.now).await?,
    };
    if consent.organiser || consent.partner {
        Ok(consent)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

fn allow_coordinating(context: &Context, id: OrganisationId) -> Result<(), Problem> {
    if context.caller.coordinates(id) {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

fn fact(row: &entity::Model) -> serde_json::Value {
    serde_json::json!({
        "organisationId": row.id, "kind": row.kind, "name": row.name, "officialCode": row.official_code,
        "parentId": row.parent_id, "municipalityId": row.municipality_id, "timeZone": row.time_zone,
        "version": row.version,
    })
}

fn wire(row: entity::Model, context: &Context) -> Result<Organisation, Problem> {
    let href = context.href(format!("organisations/{}", row.id));
    Ok(Organisation {
        id: row.id.into(),
        name: row.name,
        kind: column::parse(&row.kind)?,
        official_code: row.official_code,
        parent_id: row.parent_id.map(OrganisationId::from),
        municipality_id: row.municipality_id.map(OrganisationId::from),
        language: column::parse(&row.language)?,
        time_zone: row.time_zone,
        links: Links::to_self(&href)
            .with("departments", "GET", format!("{href}/departments"))
            .with("partners", "GET", format!("{href}/partners")),
    })
}

fn wire_department(row: department::Model, context: &Context) -> Department {
    Department {
        id: row.id.into(),
        organisation_id: row.organisation_id.into(),
        name: row.name,
        links: Links::to_self(
            context.href(format!("organisations/{}/departments", row.organisation_id)),
        ),
    }
}

fn wire_partner(row: &partnership::Model, name: String, context: &Context) -> Partner {
    let href = context.href(format!(
        "organisations/{}/partners/{}",
        row.organiser_id, row.organisation_id
    ));
    Partner {
        organiser_id: row.organiser_id.into(),
        organisation_id: row.organisation_id.into(),
        name,
        agreed: row.organiser_agreed && row.partner_agreed,
        links: Links::to_self(href),
    }
}
