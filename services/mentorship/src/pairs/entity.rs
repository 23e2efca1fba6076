//! The row of a pair.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pairs")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub run_id: Uuid,
    pub mentor_id: Uuid,
    pub application_id: Uuid,
    pub mentor_person_id: Uuid,
    pub mentee_person_id: Uuid,
    pub state: String,
    pub ending: Option<String>,
    pub mentor_answer: String,
    pub mentee_answer: String,
    pub answer_by: ChronoDate,
    pub fit: Json,
    pub flags: Json,
    pub meetings_held: i32,
    pub proposed_at: ChronoDateTimeUtc,
    pub active_since: Option<ChronoDateTimeUtc>,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub erase_at: Option<ChronoDateTimeUtc>,
    pub modified_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
