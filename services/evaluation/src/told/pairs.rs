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
    pub began: bool,
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
    let before = Entity::find_by_id(fact.pair_id.uuid())
        .one(change.tx())
        .await?;
    let began = matches!(fact.state, PairState::Active | PairState::Paused);
    let began = began || before.as_ref().is_some_and(|before| before.began);
    let row = Model {
        id: fact.pair_id.uuid(),
        round_id: fact.round_id.uuid(),
        mentor_person_id: fact.mentor_person_id.uuid(),
        mentee_person_id: fact.mentee_person_id.uuid(),
        application_id: fact.application_id.uuid(),
        state: column::text(fact.state),
        began,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await?;
    // Whether they ever began to work together does not depend on the order in which it is told.
    if began && before.is_some_and(|before| !before.began) {
        Entity::update_many()
            .col_expr(Column::Began, Expr::value(true))
            .filter(Column::Id.eq(fact.pair_id.uuid()))
            .exec(change.tx())
            .await?;
    }
    Ok(())
}

/// The pairs of a round that ever began to work together.
pub async fn began(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Began.eq(true))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// The pair in which a participant works now.
pub async fn working(
    connection: &impl ConnectionTrait,
    application: Uuid,
) -> Result<Option<Model>, DatabaseError> {
    let states = [PairState::Active, PairState::Paused].map(column::text);
    Ok(Entity::find()
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.is_in(states))
        .order_by_desc(Column::Id)
        .one(connection)
        .await?)
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
