//! The row of a 360.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feedbacks")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub application_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub instrument_id: Uuid,
    pub instrument_version: i32,
    pub language: String,
    pub least_answers: i32,
    pub opened_on: ChronoDate,
    pub nominate_until: ChronoDate,
    pub answer_until: ChronoDate,
    pub state: String,
    pub reminders_sent: i32,
    pub key_id: Option<String>,
    pub wrapped_key: Option<String>,
    pub modified_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
