//! The row of what SCIM says of a department and registration does not know.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scim_departments")]
pub struct Model {
    /// The department.
    #[sea_orm(primary_key, auto_increment = false)]
    pub department_id: Uuid,
    /// Its organisation.
    pub organisation_id: Uuid,
    /// The client's own id.
    pub external_id: Option<String>,
    /// When it was added.
    pub created_at: ChronoDateTimeUtc,
    /// When it last changed.
    pub modified_at: ChronoDateTimeUtc,
    /// Which version of the department's name this is.
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
