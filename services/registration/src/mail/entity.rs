//! The row of a message on its way to a person.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub template: String,
    pub recipient_name: String,
    pub recipient_email: String,
    pub language: String,
    pub facts: Json,
    pub link_kind: Option<String>,
    pub link_id: Option<Uuid>,
    pub created_at: ChronoDateTimeUtc,
    pub state: String,
    pub attempts: i32,
    pub next_attempt_at: i64,
    pub sent_at: Option<ChronoDateTimeUtc>,
    pub organiser_id: Option<Uuid>,
    pub outcome: Option<String>,
    pub person_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
