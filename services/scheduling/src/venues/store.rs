//! Queries of venues and rooms.

use super::{entity, room};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select,
    sea_query::Expr,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{Caller, Role, RoomId, VenueId};
use uuid::Uuid;

/// Whether the caller may know of venues at all: coordinators, of whichever organiser.
pub fn may_read(caller: &Caller) -> bool {
    caller.scope(Role::Coordinator).next().is_some()
}

/// The venues that a caller may know.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let all = entity::Entity::find();
    if may_read(caller) {
        all
    } else {
        all.filter(nothing())
    }
}

/// The rooms that a caller may know.
pub fn scoped_rooms(caller: &Caller) -> Select<room::Entity> {
    let all = room::Entity::find();
    if may_read(caller) {
        all
    } else {
        all.filter(nothing())
    }
}

fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

/// A venue that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: VenueId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A room that the caller may know.
pub async fn find_room(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: RoomId,
) -> Result<Option<room::Model>, DatabaseError> {
    let found = scoped_rooms(caller).filter(room::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// Venues by id, whoever asks.
pub async fn with_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = entity::Entity::find().filter(entity::Column::Id.is_in(ids));
    Ok(found.all(connection).await?)
}

/// Rooms by id, whoever asks.
pub async fn rooms_with_ids(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<room::Model>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = room::Entity::find().filter(room::Column::Id.is_in(ids));
    Ok(found.all(connection).await?)
}

/// Saves a changed venue as its next version.
pub async fn save(
    change: &Change,
    mut venue: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    venue.version += 1;
    row::update::<entity::Entity>(change.tx(), venue).await
}

/// Saves a changed room as its next version.
pub async fn save_room(
    change: &Change,
    mut room: room::Model,
) -> Result<room::Model, DatabaseError> {
    room.version += 1;
    row::update::<room::Entity>(change.tx(), room).await
}
