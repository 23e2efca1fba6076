//! The row of a round's counts, as they were last told.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "needs_counts")]
pub struct Model {
    /// The round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round_id: Uuid,
    /// Whether something changed since.
    pub stale: bool,
    /// The counts.
    pub counts: Json,
    /// When they were counted.
    pub counted_at: ChronoDateTimeUtc,
    /// When the needs themselves were erased.
    pub erased_at: Option<ChronoDateTimeUtc>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
