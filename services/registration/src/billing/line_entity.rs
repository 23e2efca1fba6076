//! The row of a line of an invoice or credit note.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invoice_lines")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub invoice_id: Uuid,
    pub position: i32,
    pub round_id: Uuid,
    pub participation_id: Uuid,
    pub credits_line_id: Option<Uuid>,
    pub price_key: String,
    pub name: String,
    pub quantity: i32,
    pub price_minor: i64,
    pub net_minor: i64,
    pub credited_minor: i64,
    pub vat_permille: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
