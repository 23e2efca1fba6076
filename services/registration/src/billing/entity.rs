//! The row of an invoice or credit note.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub state: String,
    pub organiser_id: Uuid,
    pub organisation_id: Uuid,
    pub credits_id: Option<Uuid>,
    pub number: Option<String>,
    pub reason: Option<String>,
    pub language: String,
    pub currency: String,
    pub starts_on: ChronoDate,
    pub ends_on: ChronoDate,
    pub issued_on: Option<ChronoDate>,
    pub due_on: Option<ChronoDate>,
    pub lines_count: i32,
    pub net_minor: i64,
    pub credited_minor: i64,
    pub vat_subtotals: Json,
    pub seller: Option<Json>,
    pub buyer: Option<Json>,
    pub created_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
