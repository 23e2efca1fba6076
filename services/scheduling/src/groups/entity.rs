//! The row of a set of groups.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "group_sets")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub session_id: Option<Uuid>,
    pub name: Json,
    pub state: String,
    pub groups_count: i32,
    pub rule_version: String,
    pub inputs_hash: String,
    pub seed: i32,
    pub weights: Json,
    pub apart: Json,
    pub is_optimal: bool,
    pub created_at: ChronoDateTimeUtc,
    pub published_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
