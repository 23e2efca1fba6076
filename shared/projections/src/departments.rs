//! Parts of organisations.

use crate::keep;
use sea_orm::entity::prelude::*;
use shared_database::{Change, DatabaseError};
use shared_types::{DepartmentId, facts::DepartmentFact};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_departments")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(DepartmentId);

pub(crate) async fn keep(change: &Change, fact: DepartmentFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.department_id.uuid(),
        organisation_id: fact.organisation_id.uuid(),
        name: fact.name,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}
