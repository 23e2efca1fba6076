//! The row of where one person goes.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cohort_assignments")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub plan_id: Uuid,
    pub person_id: Uuid,
    pub round_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub reasons: Json,
    pub published: bool,
    pub refusal_code: Option<String>,
}

impl Model {
    /// Whether registration has been told of it and has not refused it: it stays.
    pub fn is_settled(&self) -> bool {
        self.published && self.refusal_code.is_none()
    }
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
