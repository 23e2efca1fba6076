//! The row of a plan of who goes in which round.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cohort_plans")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organiser_id: Uuid,
    pub programme_id: Uuid,
    pub state: String,
    pub rounds: Json,
    pub cost: Json,
    pub bound: Json,
    pub is_optimal: bool,
    pub rule_version: Option<String>,
    pub inputs_hash: Option<String>,
    pub people_count: i32,
    pub refused_count: i32,
    pub open_count: i32,
    pub created_at: ChronoDateTimeUtc,
    pub published_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
