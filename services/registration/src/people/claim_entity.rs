//! The row of a first login that waits for the person's word.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity_claims")]
pub struct Model {
    /// The link in the mail.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who vouches.
    pub issuer: String,
    /// The issuer's name for whoever logged in.
    pub subject: String,
    /// Whose address the issuer has verified.
    pub person_id: Uuid,
    /// The address, as it is compared.
    pub email_key: String,
    /// When it was first claimed.
    pub made_at: ChronoDateTimeUtc,
    /// When the mail was last sent.
    pub mailed_at: ChronoDateTimeUtc,
    /// When the person said yes or no.
    pub ended_at: Option<ChronoDateTimeUtc>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
