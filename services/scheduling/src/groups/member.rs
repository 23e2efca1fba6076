//! The row of somebody in a group.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_members")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type `GroupMember`"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_set_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub group_number: i32,
    pub is_locked: bool,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
