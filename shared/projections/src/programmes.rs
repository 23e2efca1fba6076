//! Programmes, from their publication on.

use crate::keep;
use sea_orm::entity::prelude::*;
use shared_database::{Change, DatabaseError, column};
use shared_types::{ProgrammeId, facts::ProgrammeFact};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_programmes")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organiser_id: Uuid,
    pub state: String,
    pub name: Json,
    pub credits_tenths: Option<i32>,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(ProgrammeId);

pub(crate) async fn keep(change: &Change, fact: ProgrammeFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.programme_id.uuid(),
        organiser_id: fact.organiser_id.uuid(),
        state: column::text(fact.state),
        name: column::json(&fact.name),
        credits_tenths: fact.credits_tenths,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}
