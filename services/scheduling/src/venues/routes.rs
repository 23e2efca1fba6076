//! Operations of venues.

use super::{entity, store};
use crate::State;
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    Answer, Links, Problem, VenueId, codes,
    scheduling::venues::{NewVenue, Venue, VenuePage},
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_venues)
        .service(create_venue)
        .service(get_venue)
        .service(replace_venue);
}

/// List venues
///
/// For coordinators of any organiser: all venues, so that a place is entered once.
#[utoipa::path(tag = "venues", params(PageParameters), responses((status = 200, description = "A page of venues.", body = VenuePage)))]
#[get("/venues")]
async fn list_venues(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let select = store::scoped(&context.caller);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&VenuePage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a venue
///
/// For the organiser's coordinators. Without a statement on its accessibility the venue can be
/// planned with, but no plan that uses it can be released.
#[utoipa::path(tag = "venues", request_body = NewVenue, responses((status = 201, description = "The venue.", body = Venue)))]
#[post("/venues")]
async fn create_venue(state: Data<State>, command: Command<NewVenue>) -> Outcome {
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
            if !context.caller.coordinates(body.organiser_id) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let row = insert(change, &body).await?;
            let venue = wire(row, &context)?;
            Ok(Answer::created(venue.links.own(), &venue)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a venue
///
/// For coordinators of any organiser.
#[utoipa::path(tag = "venues", params(("venueId" = VenueId, Path, description = "The venue.")), responses((status = 200, description = "The venue.", body = Venue)))]
#[get("/venues/{venueId}")]
async fn get_venue(state: Data<State>, context: Context, id: Path<VenueId>) -> Outcome {
    let row = known(state.database.read(), &context, *id).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Replace a venue's content
///
/// For the coordinators of the organiser that keeps it; the organiser stays. Released plans say
/// what the venue was when they were released, until they are released again.
#[utoipa::path(tag = "venues", params(("venueId" = VenueId, Path, description = "The venue.")), request_body = NewVenue, responses((status = 200, description = "The venue.", body = Venue)))]
#[put("/venues/{venueId}")]
async fn replace_venue(
    state: Data<State>,
    id: Path<VenueId>,
    command: Command<NewVenue>,
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
            let row = kept(change.tx(), &context, *id).await?;
            expected.check(row.version)?;
            if body.organiser_id.uuid() != row.organiser_id {
                let words = "The organiser that keeps a venue stays the same.";
                return Err(Problem::invalid("/organiserId", "invalid", words));
            }
            let row = replace(change, &row, &body).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(row, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Adds a venue by its wire form.
pub async fn insert(change: &mut Change, body: &NewVenue) -> Result<entity::Model, DatabaseError> {
    let row = fill(VenueId::new().uuid(), 1, body);
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    tell(change, &row, "venue.created");
    Ok(row)
}

/// Replaces a venue's content.
pub async fn replace(
    change: &mut Change,
    before: &entity::Model,
    body: &NewVenue,
) -> Result<entity::Model, DatabaseError> {
    let row = store::save(change, fill(before.id, before.version, body)).await?;
    tell(change, &row, "venue.changed");
    Ok(row)
}

/// A venue that the caller may know.
pub(super) async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: VenueId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// A venue that the caller's organiser keeps.
pub(super) async fn kept(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: VenueId,
) -> Result<entity::Model, Problem> {
    let row = known(connection, context, id).await?;
    if context.caller.coordinates(row.organiser_id.into()) {
        Ok(row)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

fn tell(change: &mut Change, venue: &entity::Model, edge: &str) {
    change.record("venue", venue.id, edge, None);
    let fact = json!({ "venueId": venue.id, "organiserId": venue.organiser_id });
    change.publish(edge, venue.id, fact);
}

/// The row of a venue.
pub fn fill(id: Uuid, version: i32, body: &NewVenue) -> entity::Model {
    entity::Model {
        id,
        organiser_id: body.organiser_id.uuid(),
        kind: column::text(body.kind),
        name: body.name.clone(),
        address: column::json(&body.address),
        contact: body.contact.as_ref().map(column::json),
        accessibility: body.accessibility.as_ref().map(column::json),
        beds: body.beds,
        active: body.active,
        version,
    }
}

fn wire(row: entity::Model, context: &Context) -> Result<Venue, DatabaseError> {
    let href = context.href(format!("venues/{}", row.id));
    let links = Links::to_self(&href).with("rooms", "GET", format!("{href}/rooms"));
    read(row, links)
}

/// The venue of a row.
pub fn read(row: entity::Model, links: Links) -> Result<Venue, DatabaseError> {
    Ok(Venue {
        id: row.id.into(),
        organiser_id: row.organiser_id.into(),
        kind: column::parse(&row.kind)?,
        name: row.name,
        address: column::from_json(row.address)?,
        contact: row.contact.map(column::from_json).transpose()?,
        accessibility: row.accessibility.map(column::from_json).transpose()?,
        beds: row.beds,
        active: row.active,
        links,
    })
}
