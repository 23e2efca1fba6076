//! The row of an invitation.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_invitations")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub survey_id: Uuid,
    pub link_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub application_id: Option<Uuid>,
    pub named_by: Option<Uuid>,
    pub answered: bool,
    pub revoked: bool,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
