//! Employers and organisers.

use crate::keep;
use sea_orm::entity::prelude::*;
use shared_database::{Change, DatabaseError, column};
use shared_types::{OrganisationId, facts::OrganisationFact};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_organisations")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub official_code: Option<String>,
    pub parent_id: Option<Uuid>,
    pub municipality_id: Option<Uuid>,
    pub time_zone: String,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(OrganisationId);

/// Keeps what a fact says, and moves the organisation's people to its municipality.
pub(crate) async fn keep(change: &Change, fact: OrganisationFact) -> Result<(), DatabaseError> {
    let id = fact.organisation_id;
    let row = Model {
        id: id.uuid(),
        kind: column::text(fact.kind),
        name: fact.name,
        official_code: fact.official_code,
        parent_id: fact.parent_id.map(Uuid::from),
        municipality_id: fact.municipality_id.map(Uuid::from),
        time_zone: fact.time_zone,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await?;
    let known = find(change.tx(), id).await?;
    crate::people::move_to(change, id, known.and_then(|one| one.municipality_id)).await
}
