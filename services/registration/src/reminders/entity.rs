//! The mark of a reminder that was sent.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub struct Model {
    /// What is reminded of: `slate` or `offer`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: Uuid,
    /// The office or the application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub thing_id: Uuid,
    /// Which one: `half` or `nine_tenths`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage: String,
    /// When.
    pub sent_at: ChronoDateTimeUtc,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
