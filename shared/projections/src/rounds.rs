//! Runs of programmes.

use crate::keep;
use sea_orm::entity::prelude::*;
use shared_database::{Change, DatabaseError, column};
use shared_types::{RoundId, facts::RoundFact};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_rounds")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub programme_id: Uuid,
    pub organiser_id: Uuid,
    pub state: String,
    pub name: Json,
    pub seats: i32,
    pub starts_on: Option<ChronoDate>,
    pub ends_on: Option<ChronoDate>,
    pub language: String,
    pub time_zone: String,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(RoundId);

pub(crate) async fn keep(change: &Change, fact: RoundFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.round_id.uuid(),
        programme_id: fact.programme_id.uuid(),
        organiser_id: fact.organiser_id.uuid(),
        state: column::text(fact.state),
        name: column::json(&fact.name),
        seats: fact.seats,
        starts_on: fact.starts_on,
        ends_on: fact.ends_on,
        language: column::text(fact.language),
        time_zone: fact.time_zone,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}
