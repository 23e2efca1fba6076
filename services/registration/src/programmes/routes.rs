//! Operations of programmes.

use super::{
    entity,
    model::{ARCHIVAL, Case, PUBLICATION, TABLE, is_kept},
    store,
};
use crate::{State, organisations, rounds};
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, page, row};
use shared_types::{
    Answer, Links, OrganisationId, Problem, ProgrammeId, codes,
    page::ChangeSort,
    registration::{
        codes::{ORGANISATION_UNKNOWN, PROGRAMME_HAS_ROUNDS},
        programmes::{NewProgramme, Programme, ProgrammePage, ProgrammeState},
    },
    transition,
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_programmes)
        .service(create_programme)
        .service(get_programme)
        .service(replace_programme)
        .service(publish_programme)
        .service(archive_programme);
}

/// List programmes
///
/// The public catalogue, for everybody; coordinators also see their organiser's drafts and what
/// is put away.
#[utoipa::path(
    tag = "programmes",
    security((), ("oidc" = ["registration:read"])),
    params(PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said."), ("organiserId" = Option<OrganisationId>, Query, description = "Only this organiser's programmes.")),
    responses((status = 200, description = "A page of programmes.", body = ProgrammePage))
)]
#[get("/programmes")]
async fn list_programmes(state: Data<State>, context: Context, query: Query) -> Outcome {
    let mut select = store::scoped(&context.caller);
    if let Some(id) = query.get::<OrganisationId>("organiserId") {
        select = select.filter(entity::Column::OrganiserId.eq(id.uuid()));
    }
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(state.database.read(), select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&ProgrammePage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a programme
///
/// For the organiser's coordinators. It is a draft until it is published.
#[utoipa::path(tag = "programmes", request_body = NewProgramme, responses((status = 201, description = "The programme.", body = Programme)))]
#[post("/programmes")]
async fn create_programme(state: Data<State>, command: Command<NewProgramme>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    if !context.caller.coordinates(body.organiser_id) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = insert(change, body).await?;
            let programme = wire(row, &context)?;
            Ok(Answer::created(programme.links.own(), &programme)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Adds a draft by its wire form.
pub async fn insert(change: &mut Change, body: NewProgramme) -> Result<entity::Model, Problem> {
    organisations::store::find(change.tx(), body.organiser_id)
        .await?
        .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    let draft = entity::Model {
        id: ProgrammeId::new().uuid(),
        state: column::text(ProgrammeState::Draft),
        version: 1,
        ..content(&body)
    };
    let row = row::insert::<entity::Entity>(change.tx(), draft).await?;
    change.record("programme", row.id, "programme.created", None);
    Ok(row)
}

/// Get a programme
///
/// For everybody once it is published; before and after that for the organiser's coordinators.
#[utoipa::path(tag = "programmes", security((), ("oidc" = ["registration:read"])), params(("programmeId" = ProgrammeId, Path, description = "The programme.")), responses((status = 200, description = "The programme.", body = Programme)))]
#[get("/programmes/{programmeId}")]
async fn get_programme(state: Data<State>, context: Context, id: Path<ProgrammeId>) -> Outcome {
    let row = store::seen(state.database.read(), &context.caller, *id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Replace a programme's content
///
/// For the organiser's coordinators, until it is put away. The organiser and the state stay; what
/// is published changes at once.
#[utoipa::path(tag = "programmes", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), request_body = NewProgramme, responses((status = 200, description = "The programme.", body = Programme)))]
#[put("/programmes/{programmeId}")]
async fn replace_programme(
    state: Data<State>,
    id: Path<ProgrammeId>,
    command: Command<NewProgramme>,
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
            let row = locked(change.tx(), *id, &context).await?;
            if !context.caller.coordinates(row.organiser_id.into()) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            expected.check(row.version)?;
            is_kept(&case(&row, &context)?)?;
            if body.organiser_id.uuid() != row.organiser_id {
                let words = "A programme keeps its organiser.";
                return Err(Problem::invalid("/organiserId", "unchangeable", words));
            }
            if body.one_seat != row.one_seat && rounds::store::announced(change.tx(), *id).await? {
                return Err(Problem::of(&PROGRAMME_HAS_ROUNDS));
            }
            let replaced = entity::Model {
                id: row.id,
                state: row.state,
                version: row.version,
                ..content(&body)
            };
            save(change, replaced, "programme.changed", &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Publish a programme
///
/// For the organiser's coordinators: from now on it stands in the public catalogue, and its
/// rounds can be published. Published twice is refused.
#[utoipa::path(tag = "programmes", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), responses((status = 200, description = "The changed programme.", body = Programme)))]
#[post("/programmes/{programmeId}/publication")]
async fn publish_programme(
    state: Data<State>,
    id: Path<ProgrammeId>,
    command: Command<NoBody>,
) -> Outcome {
    let to = (ProgrammeState::Published, "programme.published");
    take(&state, *id, command, PUBLICATION, to).await
}

/// Put a programme away
///
/// For the organiser's coordinators: it leaves the catalogue and changes no more. Its rounds go
/// on. There is no way back.
#[utoipa::path(tag = "programmes", params(("programmeId" = ProgrammeId, Path, description = "The programme.")), responses((status = 200, description = "The changed programme.", body = Programme)))]
#[post("/programmes/{programmeId}/archival")]
async fn archive_programme(
    state: Data<State>,
    id: Path<ProgrammeId>,
    command: Command<NoBody>,
) -> Outcome {
    let to = (ProgrammeState::Archived, "programme.archived");
    take(&state, *id, command, ARCHIVAL, to).await
}

/// Takes an edge of the table.
async fn take(
    state: &State,
    id: ProgrammeId,
    command: Command<NoBody>,
    edge: &'static str,
    (to, fact): (ProgrammeState, &'static str),
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let mut row = locked(change.tx(), id, &context).await?;
            transition::judge(TABLE, edge, &case(&row, &context)?, context.language)?;
            expected.check(row.version)?;
            row.state = column::text(to);
            save(change, row, fact, &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Saves a new version with its history and event.
async fn save(
    change: &mut Change,
    mut row: entity::Model,
    fact: &str,
    context: &Context,
) -> Result<Answer, Problem> {
    row.version += 1;
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    change.record("programme", row.id, fact, None);
    // Others hear of a programme when it is published, and from then on.
    if row.state != column::text(ProgrammeState::Draft) {
        let data = serde_json::json!({
            "programmeId": row.id, "organiserId": row.organiser_id, "state": row.state,
            "name": row.name, "creditsTenths": row.credits_tenths,
            "version": row.version,
        });
        change.publish(fact, row.id, data);
    }
    let version = row.version;
    Ok(Answer::ok(&wire(row, context)?)?.version(version))
}

async fn locked(
    connection: &impl ConnectionTrait,
    id: ProgrammeId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    store::lock(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The columns that the wire form fills; id, state and version are the caller's to set.
fn content(body: &NewProgramme) -> entity::Model {
    entity::Model {
        id: uuid::Uuid::nil(),
        organiser_id: body.organiser_id.uuid(),
        state: String::new(),
        name: column::json(&body.name),
        purpose: column::json(&body.purpose),
        audience: column::json(&body.audience),
        themes: column::json(&body.themes),
        tracks: column::json(&body.tracks),
        work_forms: column::json(&body.work_forms),
        credits_tenths: body.credits_tenths,
        parties: column::json(&body.parties),
        one_seat: body.one_seat,
        version: 0,
    }
}

fn case(row: &entity::Model, context: &Context) -> Result<Case, Problem> {
    Ok(Case {
        state: column::parse(&row.state)?,
        coordinates: context.caller.coordinates(row.organiser_id.into()),
    })
}

fn wire(row: entity::Model, context: &Context) -> Result<Programme, Problem> {
    let href = context.href(format!("programmes/{}", row.id));
    let case = case(&row, context)?;
    let rounds = context.href(format!("rounds?programmeId={}", row.id));
    let links = Links::to_self(&href).with("rounds", "GET", rounds);
    Ok(Programme {
        id: row.id.into(),
        organiser_id: row.organiser_id.into(),
        state: case.state,
        name: column::from_json(row.name)?,
        purpose: column::from_json(row.purpose)?,
        audience: column::from_json(row.audience)?,
        themes: column::from_json(row.themes)?,
        tracks: column::from_json(row.tracks)?,
        work_forms: column::from_json(row.work_forms)?,
        credits_tenths: row.credits_tenths,
        parties: column::from_json(row.parties)?,
        one_seat: row.one_seat,
        links: transition::allowed(TABLE, &case, &href, links),
        transitions: transition::refused(TABLE, &case, context.language),
    })
}
