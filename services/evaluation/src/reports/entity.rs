//! The row: a closed survey's frozen report.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_reports")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub survey_id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub instrument_id: Uuid,
    pub instrument_version: i32,
    pub name: Json,
    pub closed_on: ChronoDate,
    pub answered_count: Option<i32>,
    pub totals: Json,
    pub breakdowns: Json,
    pub texts: Json,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
