//! The row of a booking.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bookings")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organiser_id: Uuid,
    pub round_id: Uuid,
    pub session_id: Option<Uuid>,
    pub venue_id: Uuid,
    pub state: String,
    pub starts_on: ChronoDate,
    pub ends_on: ChronoDate,
    pub held_until: Option<ChronoDate>,
    pub meals: Json,
    pub created_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
