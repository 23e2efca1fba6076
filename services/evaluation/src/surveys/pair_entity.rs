//! The row of a pair, as far as surveys ask mentors.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_pairs")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub application_id: Uuid,
    pub mentor_person_id: Uuid,
    pub began: bool,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
