//! The row of a survey.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "surveys")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub instrument_id: Uuid,
    pub instrument_version: i32,
    pub name: Json,
    pub audience: String,
    pub occasion: Json,
    pub mode: String,
    pub state: String,
    pub family_id: Option<Uuid>,
    pub part: Option<String>,
    pub open_days: i32,
    pub opens_on: Option<ChronoDate>,
    pub closes_on: Option<ChronoDate>,
    pub modified_at: ChronoDateTimeUtc,
    pub version: i32,
    pub reminders_sent: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
