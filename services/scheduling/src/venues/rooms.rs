//! Operations of a venue's rooms.

use super::{
    room,
    routes::{kept, known},
    store,
};
use crate::State;
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    Answer, Links, Problem, RoomId, VenueId, codes,
    scheduling::{
        codes::ROOM_EXISTS,
        venues::{NewRoom, Room, RoomPage},
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_rooms)
        .service(create_room)
        .service(get_room)
        .service(replace_room);
}

/// List a venue's rooms
///
/// For coordinators of any organiser.
#[utoipa::path(tag = "venues", params(("venueId" = VenueId, Path, description = "The venue."), PageParameters), responses((status = 200, description = "A page of rooms.", body = RoomPage)))]
#[get("/venues/{venueId}/rooms")]
async fn list_rooms(
    state: Data<State>,
    context: Context,
    id: Path<VenueId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known(connection, &context, *id).await?;
    let select = store::scoped_rooms(&context.caller).filter(room::Column::VenueId.eq(id.uuid()));
    let slice = page::read(connection, select, room::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&RoomPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a room
///
/// For the coordinators of the organiser that keeps the venue.
#[utoipa::path(tag = "venues", params(("venueId" = VenueId, Path, description = "The venue.")), request_body = NewRoom, responses((status = 201, description = "The room.", body = Room)))]
#[post("/venues/{venueId}/rooms")]
async fn create_room(state: Data<State>, id: Path<VenueId>, command: Command<NewRoom>) -> Outcome {
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
            kept(change.tx(), &context, *id).await?;
            let row = fill(RoomId::new().uuid(), id.uuid(), 1, &body);
            let row = row::insert::<room::Entity>(change.tx(), row).await;
            let row = row.map_err(exists)?;
            change.record("venue", row.venue_id, "room.created", None);
            let room = wire(row, &context)?;
            Ok(Answer::created(room.links.own(), &room)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a room
///
/// For coordinators of any organiser.
#[utoipa::path(tag = "venues", params(("roomId" = RoomId, Path, description = "The room.")), responses((status = 200, description = "The room.", body = Room)))]
#[get("/rooms/{roomId}")]
async fn get_room(state: Data<State>, context: Context, id: Path<RoomId>) -> Outcome {
    let row = store::find_room(state.database.read(), &context.caller, *id).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Replace a room's content
///
/// For the coordinators of the organiser that keeps the venue.
#[utoipa::path(tag = "venues", params(("roomId" = RoomId, Path, description = "The room.")), request_body = NewRoom, responses((status = 200, description = "The room.", body = Room)))]
#[put("/rooms/{roomId}")]
async fn replace_room(state: Data<State>, id: Path<RoomId>, command: Command<NewRoom>) -> Outcome {
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
            let row = store::find_room(change.tx(), &context.caller, *id).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            kept(change.tx(), &context, row.venue_id.into()).await?;
            expected.check(row.version)?;
            let row = fill(row.id, row.venue_id, row.version, &body);
            let row = store::save_room(change, row).await.map_err(exists)?;
            change.record("venue", row.venue_id, "room.changed", None);
            let version = row.version;
            Ok(Answer::ok(&wire(row, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

fn exists(error: DatabaseError) -> Problem {
    // SQLite names the columns of the constraint, PostgreSQL the constraint.
    if error.violates("rooms", "name") || error.violates("rooms", "venue_id") {
        Problem::of(&ROOM_EXISTS)
    } else {
        error.into()
    }
}

fn fill(id: Uuid, venue: Uuid, version: i32, body: &NewRoom) -> room::Model {
    room::Model {
        id,
        venue_id: venue,
        name: body.name.clone(),
        capacity: body.capacity,
        equipment: column::json(&body.equipment),
        active: body.active,
        version,
    }
}

fn wire(row: room::Model, context: &Context) -> Result<Room, DatabaseError> {
    let venue = context.href(format!("venues/{}", row.venue_id));
    let links = Links::to_self(context.href(format!("rooms/{}", row.id)));
    read(row, links.with("venue", "GET", venue))
}

/// The room of a row.
pub fn read(row: room::Model, links: Links) -> Result<Room, DatabaseError> {
    Ok(Room {
        id: row.id.into(),
        venue_id: row.venue_id.into(),
        name: row.name,
        capacity: row.capacity,
        equipment: column::from_json(row.equipment)?,
        active: row.active,
        links,
    })
}
