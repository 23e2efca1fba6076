//! The row of one version of an instrument.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument_versions")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub instrument_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub name: Json,
    pub introduction: Option<Json>,
    pub questions: Json,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
