//! The row of an office's decision on one application.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "endorsements")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub office_id: Uuid,
    pub municipality_id: Option<Uuid>,
    pub requested_at: ChronoDateTimeUtc,
    pub due_on: Option<ChronoDate>,
    pub decided_at: Option<ChronoDateTimeUtc>,
    pub decided_by: Option<String>,
    pub acting_for: Option<Uuid>,
    pub rank: Option<i32>,
    pub motive: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
