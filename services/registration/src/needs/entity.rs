//! The row of a participant's needs: encrypted, or marked as erased.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "needs")]
pub struct Model {
    /// Id, to which the encrypted text is bound.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The participation.
    pub application_id: Uuid,
    /// Its round.
    pub round_id: Uuid,
    /// Name of the master key; absent when erased.
    pub key_id: Option<String>,
    /// The text's own key, wrapped; absent when erased.
    pub wrapped_key: Option<String>,
    /// The text, encrypted; absent when erased.
    pub body: Option<String>,
    /// When they were stated.
    pub stated_at: ChronoDateTimeUtc,
    /// When they were erased.
    pub erased_at: Option<ChronoDateTimeUtc>,
    /// Version.
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
