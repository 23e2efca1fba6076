//! Queries of instruments.

use super::{entity, version_entity};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, InstrumentId, LocalizedText, OrganisationId, Role, evaluation::instruments::Question,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whether a caller makes instruments and surveys for an organiser.
pub fn is_staff(caller: &Caller, organiser: OrganisationId) -> bool {
    caller.coordinates(organiser) || caller.has(Role::Evaluator, organiser)
}

/// The organisers for whom a caller does.
pub fn organisers(caller: &Caller) -> Vec<Uuid> {
    let roles = [Role::Coordinator, Role::Evaluator];
    let all = roles.into_iter().flat_map(|role| caller.scope(role));
    all.map(OrganisationId::uuid).collect()
}

/// The instruments that a caller may know.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = entity::Column::OrganiserId.is_in(organisers(caller));
    entity::Entity::find().filter(Condition::any().add(own))
}

/// An instrument that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: InstrumentId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// An instrument, whoever asks, kept from others until the change ends.
pub async fn lock(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// One version of an instrument, read.
#[derive(Clone, Debug)]
pub struct Version {
    /// Number.
    pub number: i32,
    /// Name.
    pub name: LocalizedText,
    /// What stands above the questions.
    pub introduction: Option<LocalizedText>,
    /// The questions.
    pub questions: Vec<Question>,
}

impl Version {
    fn read(row: version_entity::Model) -> Result<Self, DatabaseError> {
        Ok(Self {
            number: row.number,
            name: column::from_json(row.name)?,
            introduction: row.introduction.map(column::from_json).transpose()?,
            questions: column::from_json(row.questions)?,
        })
    }
}

/// One version of an instrument.
pub async fn version(
    connection: &impl ConnectionTrait,
    instrument: Uuid,
    number: i32,
) -> Result<Option<Version>, DatabaseError> {
    let found = version_entity::Entity::find_by_id((instrument, number));
    let found = found.one(connection).await?;
    found.map(Version::read).transpose()
}

/// Number and name of the newest version of each of some instruments.
pub async fn newest(
    connection: &impl ConnectionTrait,
    instruments: &[Uuid],
) -> Result<BTreeMap<Uuid, (i32, LocalizedText)>, DatabaseError> {
    let mut newest = BTreeMap::new();
    if instruments.is_empty() {
        return Ok(newest);
    }
    let rows: Vec<(Uuid, i32, sea_orm::JsonValue)> = version_entity::Entity::find()
        .filter(version_entity::Column::InstrumentId.is_in(instruments.iter().copied()))
        .order_by_asc(version_entity::Column::Number)
        .select_only()
        .column(version_entity::Column::InstrumentId)
        .column(version_entity::Column::Number)
        .column(version_entity::Column::Name)
        .into_tuple()
        .all(connection)
        .await?;
    for (instrument, number, name) in rows {
        newest.insert(instrument, (number, column::from_json(name)?));
    }
    Ok(newest)
}

/// Writes a version.
pub async fn insert_version(
    change: &Change,
    instrument: Uuid,
    version: &Version,
) -> Result<(), DatabaseError> {
    let row = version_entity::Model {
        instrument_id: instrument,
        number: version.number,
        name: column::json(&version.name),
        introduction: version.introduction.as_ref().map(column::json),
        questions: column::json(&version.questions),
    };
    row::insert::<version_entity::Entity>(change.tx(), row).await?;
    Ok(())
}

/// Saves a changed instrument as its next version.
pub async fn save(change: &Change, mut row: entity::Model) -> Result<entity::Model, DatabaseError> {
    row.version += 1;
    row.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), row).await
}
