//! The row of a person's wish to take part, and what became of it.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub person_id: Uuid,
    pub organisation_id: Uuid,
    pub municipality_id: Option<Uuid>,
    pub state: String,
    pub live: bool,
    pub motivation: Option<String>,
    pub submitted_at: Option<ChronoDateTimeUtc>,
    pub endorsement: String,
    pub admission: String,
    pub admission_published_at: Option<ChronoDateTimeUtc>,
    pub queue_position: Option<i32>,
    pub waitlisted_at: Option<ChronoDateTimeUtc>,
    pub seat: String,
    pub offered_at: Option<ChronoDateTimeUtc>,
    pub answer_by: Option<ChronoDate>,
    pub settled_at: Option<ChronoDateTimeUtc>,
    pub replaces: Option<Uuid>,
    pub programme_id: Uuid,
    pub choice: Option<i32>,
    pub hold_id: Option<Uuid>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
