//! Operations of materials.

use super::entity;
use crate::{
    State,
    releases::reader::{self, Reader},
};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    Answer, Links, MaterialId, Problem, SessionId, codes,
    scheduling::materials::{Material, MaterialPage, NewMaterial},
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_materials)
        .service(create_material)
        .service(get_material)
        .service(delete_material);
}

/// List a session's materials
///
/// For those for whom the session is, from each material's day on; for whoever leads the session
/// and the organiser's coordinators all of them.
#[utoipa::path(tag = "materials", params(("sessionId" = SessionId, Path, description = "The session."), PageParameters), responses((status = 200, description = "A page of materials.", body = MaterialPage)))]
#[get("/sessions/{sessionId}/materials")]
async fn list_materials(
    state: Data<State>,
    context: Context,
    id: Path<SessionId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let (_, reader) = reader::of_session(connection, &context.caller, *id).await?;
    let mut select = entity::Entity::find().filter(entity::Column::SessionId.eq(id.uuid()));
    if !writes(&reader, *id) {
        let visible = Condition::any()
            .add(entity::Column::VisibleFrom.is_null())
            .add(entity::Column::VisibleFrom.lte(context.now));
        select = select.filter(visible);
    }
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.into_iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&MaterialPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Add a material
///
/// For the organiser's coordinators, and for whoever leads the session.
#[utoipa::path(tag = "materials", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = NewMaterial, responses((status = 201, description = "The material.", body = Material)))]
#[post("/sessions/{sessionId}/materials")]
async fn create_material(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewMaterial>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    if !body.title.is_well_formed() {
        let words = "Keys are language tags, one to eight of them.";
        return Err(Problem::invalid("/title", "invalid", words).into());
    }
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let found = reader::of_session(change.tx(), &context.caller, *id).await;
            let (session, reader) = found?;
            if !writes(&reader, *id) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let row = entity::Model {
                id: MaterialId::new().uuid(),
                round_id: session.round_id,
                session_id: session.id,
                title: column::json(&body.title),
                address: body.address.clone(),
                visible_from: body.visible_from,
                version: 1,
            };
            let row = row::insert::<entity::Entity>(change.tx(), row).await?;
            tell(change, &row, "material.added");
            let material = wire(row, &context)?;
            Ok(Answer::created(material.links.own(), &material)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a material
///
/// For those who see it in the session's list.
#[utoipa::path(tag = "materials", params(("materialId" = MaterialId, Path, description = "The material.")), responses((status = 200, description = "The material.", body = Material)))]
#[get("/materials/{materialId}")]
async fn get_material(state: Data<State>, context: Context, id: Path<MaterialId>) -> Outcome {
    let (row, reader) = known(state.database.read(), &context, *id).await?;
    let hidden = row.visible_from.is_some_and(|from| from > context.now);
    if hidden && !writes(&reader, row.session_id.into()) {
        return Err(Problem::of(&codes::NOT_FOUND).into());
    }
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Remove a material
///
/// For the organiser's coordinators, and for whoever leads the session.
#[utoipa::path(tag = "materials", params(("materialId" = MaterialId, Path, description = "The material.")), responses((status = 204, description = "It is gone.")))]
#[delete("/materials/{materialId}")]
async fn delete_material(
    state: Data<State>,
    id: Path<MaterialId>,
    command: Command<NoBody>,
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
            let (row, reader) = known(change.tx(), &context, *id).await?;
            if !writes(&reader, row.session_id.into()) {
                // Whether there is such a material is not told before its day.
                return Err(Problem::of(&codes::NOT_FOUND));
            }
            expected.check(row.version)?;
            entity::Entity::delete_by_id(row.id)
                .exec(change.tx())
                .await
                .map_err(DatabaseError::from)?;
            tell(change, &row, "material.removed");
            Ok(Answer::no_content())
        },
    );
    Ok(answer.await?.into())
}

/// A material with what the caller is to its round, if its session is the caller's to know.
async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: MaterialId,
) -> Result<(entity::Model, Reader), Problem> {
    let found = entity::Entity::find_by_id(id.uuid()).one(connection).await;
    let found = found.map_err(DatabaseError::from)?;
    let row = found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let session = SessionId::from(row.session_id);
    let (_, reader) = reader::of_session(connection, &context.caller, session).await?;
    Ok((row, reader))
}

/// Whether a reader adds and removes what hangs on a session.
fn writes(reader: &Reader, session: SessionId) -> bool {
    reader.coordinator || reader.leads.contains(&session)
}

fn tell(change: &mut Change, row: &entity::Model, edge: &str) {
    change.record("session", row.session_id, edge, None);
    let fact = json!({
        "materialId": row.id, "sessionId": row.session_id, "roundId": row.round_id,
    });
    change.publish(edge, row.id, fact);
}

fn wire(row: entity::Model, context: &Context) -> Result<Material, DatabaseError> {
    let all = context.href(format!("sessions/{}/materials", row.session_id));
    let own = context.href(format!("materials/{}", row.id));
    Ok(Material {
        id: row.id.into(),
        session_id: row.session_id.into(),
        title: column::from_json(row.title)?,
        address: row.address,
        visible_from: row.visible_from,
        links: Links::to_self(own).with("materials", "GET", all),
    })
}
