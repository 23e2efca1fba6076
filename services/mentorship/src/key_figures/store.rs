//! Queries of key figures.

use super::entity::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError};

/// Rows that one statement writes.
const SLICE: usize = 200;

/// Keeps figures; each takes the place of the one before of the same municipality, year and group.
pub async fn keep(change: &Change, rows: Vec<Model>) -> Result<(), DatabaseError> {
    let mut newer = OnConflict::columns([
        Column::MunicipalityCode,
        Column::Figure,
        Column::Year,
        Column::OfGroup,
    ]);
    newer.update_columns([
        Column::Title,
        Column::Value,
        Column::Source,
        Column::Sample,
        Column::ReadAt,
    ]);
    for slice in rows.chunks(SLICE) {
        let slice = slice.iter().cloned().map(Model::into_active_model);
        Entity::insert_many(slice)
            .on_conflict(newer.clone())
            .exec_without_returning(change.tx())
            .await?;
    }
    Ok(())
}

/// The figures of a municipality, by id, the latest year first.
pub async fn of_municipality(
    connection: &impl ConnectionTrait,
    code: &str,
    most: u64,
) -> Result<Vec<Model>, DatabaseError> {
    let found = Entity::find()
        .filter(Column::MunicipalityCode.eq(code))
        .order_by_asc(Column::Figure)
        .order_by_desc(Column::Year)
        .order_by_asc(Column::OfGroup);
    Ok(found.limit(most).all(connection).await?)
}
