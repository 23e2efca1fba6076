//! The row of a secret that still counts for a while beside the one that replaced it.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_key_former_secrets")]
pub struct Model {
    /// What is kept of the secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    /// Its key.
    pub api_key_id: Uuid,
    /// From when on it does not count.
    pub ends_at: ChronoDateTimeUtc,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
