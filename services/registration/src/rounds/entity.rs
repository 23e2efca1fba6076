//! The row of one run of a programme.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rounds")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub organiser_id: Uuid,
    pub state: String,
    pub name: Json,
    pub seats: i32,
    pub overbooking: i32,
    pub seats_used: i32,
    pub minimum_to_run: i32,
    pub opens_on: Option<ChronoDate>,
    pub closes_on: Option<ChronoDate>,
    pub endorse_by: Option<ChronoDate>,
    pub answer_days: i32,
    pub answer_days_kind: String,
    pub move_deadlines: bool,
    pub calendar: Option<String>,
    pub needs_kept_days: i32,
    pub starts_on: Option<ChronoDate>,
    pub ends_on: Option<ChronoDate>,
    pub eligibility: Json,
    pub endorsement: String,
    pub elected_office_id: Option<Uuid>,
    pub admission: Json,
    pub prices: Json,
    pub occasions: Json,
    pub venue: Option<Json>,
    pub rules: Option<Json>,
    pub language: String,
    pub time_zone: String,
    pub one_seat: bool,
    pub admission_published_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
