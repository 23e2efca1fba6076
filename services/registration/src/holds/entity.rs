//! The row of seats that are kept for an organisation.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "holds")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub organisation_id: Uuid,
    pub state: String,
    pub seats: i32,
    pub seats_used: i32,
    pub lapses_on: ChronoDate,
    pub created_at: ChronoDateTimeUtc,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

impl Model {
    /// Seats that have not become offers.
    pub fn left(&self) -> i32 {
        self.seats - self.seats_used
    }
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
