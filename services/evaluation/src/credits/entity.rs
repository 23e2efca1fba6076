//! The row of registered credits.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credits")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub application_id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub provider_id: Uuid,
    pub person_id: Uuid,
    pub credits_tenths: i32,
    pub reference: Option<String>,
    pub registered_on: ChronoDate,
    pub revoked_at: Option<ChronoDateTimeUtc>,
    pub modified_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
