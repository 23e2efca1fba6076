//! The row of what SCIM says of a person and registration does not know.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "scim_users")]
pub struct Model {
    /// The person.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// The employer whose key said it.
    pub organisation_id: Uuid,
    /// What the person signs in with.
    pub user_name: String,
    /// The same as it is compared; nothing where the person has left, so that it is free.
    pub user_name_key: Option<String>,
    /// The client's own id; nothing where the person has left.
    pub external_id: Option<String>,
    /// Whom the client named as manager, as long as nobody is known by it.
    pub manager_ref: Option<String>,
    /// Parts of the name, kinds of address, number: what is answered as it was sent.
    pub attributes: Json,
    /// When it last changed.
    pub modified_at: ChronoDateTimeUtc,
    /// When the client deleted the user.
    pub deleted_at: Option<ChronoDateTimeUtc>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
