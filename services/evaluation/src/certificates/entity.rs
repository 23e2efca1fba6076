//! The row of a certificate.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificates")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub round_id: Uuid,
    pub programme_id: Uuid,
    pub organiser_id: Uuid,
    pub person_id: Uuid,
    pub code: String,
    pub name: String,
    pub programme_name: Json,
    pub round_name: Json,
    pub organiser_name: String,
    pub starts_on: Option<ChronoDate>,
    pub ends_on: Option<ChronoDate>,
    pub language: String,
    pub issued_on: ChronoDate,
    pub issued_at: ChronoDateTimeUtc,
    pub status_list_id: Uuid,
    pub status_index: i32,
    pub state: String,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub replaced_by: Option<Uuid>,
    pub modified_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
