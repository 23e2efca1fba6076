//! Released plans: how many programme days a round has.

use sea_orm::entity::prelude::*;
use serde::Deserialize;
use shared_database::{Change, DatabaseError};
use shared_projections::keep;
use shared_types::{RoundId, scheduling::plans::ProgrammeDays};

/// The row; its id is the round's.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "told_plans")]
#[expect(missing_docs, reason = "the columns are the members of the fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub planned_days: i32,
    pub promised_days: Option<i32>,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an event tells of a plan.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanFact {
    round_id: RoundId,
    programme_days: ProgrammeDays,
    version: i32,
}

pub(super) async fn keep(change: &Change, fact: &PlanFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.round_id.uuid(),
        planned_days: fact.programme_days.planned,
        promised_days: fact.programme_days.promised,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

/// Programme days of a round, as its newest released plan has them.
pub async fn days(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<i32>, DatabaseError> {
    let plan = Entity::find_by_id(round.uuid()).one(connection).await?;
    Ok(plan.map(|plan| plan.promised_days.unwrap_or(plan.planned_days)))
}
