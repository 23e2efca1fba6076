//! Who endorsed an application.

use crate::keep;
use sea_orm::{QueryFilter as _, entity::prelude::*};
use shared_database::{Change, DatabaseError, column};
use shared_types::{PersonId, facts::EndorserFact};
use std::collections::HashMap;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_endorsements")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub office_id: Uuid,
    pub endorsed_by_ids: Json,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn keep(change: &Change, fact: EndorserFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.application_id.uuid(),
        office_id: fact.office_id.uuid(),
        endorsed_by_ids: column::json(&fact.endorsed_by_ids),
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

/// Who endorsed each of these applications; one without an entry was endorsed by nobody known.
pub async fn endorsers(
    connection: &impl ConnectionTrait,
    applications: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<PersonId>>, DatabaseError> {
    let rows = Entity::find().filter(Column::Id.is_in(applications));
    let rows = rows.all(connection).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, column::from_json(row.endorsed_by_ids)?)))
        .collect()
}
