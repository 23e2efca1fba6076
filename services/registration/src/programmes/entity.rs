//! The row of a catalogue item.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programmes")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organiser_id: Uuid,
    pub state: String,
    pub name: Json,
    pub purpose: Json,
    pub audience: Json,
    pub themes: Json,
    pub tracks: Json,
    pub work_forms: Json,
    pub credits_tenths: Option<i32>,
    pub parties: Json,
    pub one_seat: bool,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
