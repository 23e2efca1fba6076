//! Pairs of mentors and mentees: that there are some, never what they write.

use sea_orm::{QueryFilter as _, QueryOrder as _, entity::prelude::*};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, column};
use shared_projections::keep;
use shared_types::{ApplicationId, PairId, PersonId, RoundId, mentorship::pairs::PairState};

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "told_pairs")]
#[expect(missing_docs, reason = "the columns are the members of the fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub mentor_person_id: Uuid,
    pub mentee_person_id: Uuid,
    pub application_id: Uuid,
    pub state: String,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an event tells of a pair.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PairFact {
    pair_id: PairId,
    round_id: RoundId,
    mentor_person_id: PersonId,
    mentee_person_id: PersonId,
    application_id: ApplicationId,
    state: PairState,
    version: i32,
}

pub(super) async fn keep(change: &Change, fact: PairFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.pair_id.uuid(),
        round_id: fact.round_id.uuid(),
        mentor_person_id: fact.mentor_person_id.uuid(),
        mentee_person_id: fact.mentee_person_id.uuid(),
        application_id: fact.application_id.uuid(),
        state: column::text(fact.state),
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

/// The pairs of a round in these states, in the order of their ids.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
    states: &[PairState],
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::State.is_in(states.iter().map(column::text)))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}
