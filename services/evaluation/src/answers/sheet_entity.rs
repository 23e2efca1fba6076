//! The row of a sheet.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheets")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub survey_id: Uuid,
    pub gender: Option<String>,
    pub municipality_id: Option<Uuid>,
    pub person_kind: Option<String>,
    pub department_id: Option<Uuid>,
    pub pairing_code: Option<String>,
    pub answers: Json,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
