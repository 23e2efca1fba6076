//! Applications, and the seats that came of them.

use crate::keep;
use sea_orm::{QueryFilter as _, QueryOrder as _, entity::prelude::*};
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    ApplicationId, PersonId, RoundId, facts::ParticipationFact,
    registration::applications::SeatState,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_participations")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub person_id: Uuid,
    pub organisation_id: Uuid,
    pub municipality_id: Option<Uuid>,
    pub organiser_id: Uuid,
    pub state: String,
    pub endorsement: String,
    pub seat: String,
    pub replaces: Option<Uuid>,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) async fn keep(change: &Change, fact: ParticipationFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.application_id.uuid(),
        round_id: fact.round_id.uuid(),
        person_id: fact.person_id.uuid(),
        organisation_id: fact.organisation_id.uuid(),
        municipality_id: fact.municipality_id.map(Uuid::from),
        organiser_id: fact.organiser_id.uuid(),
        state: column::text(fact.state),
        endorsement: column::text(fact.endorsement),
        seat: column::text(fact.seat),
        replaces: fact.replaces.map(Uuid::from),
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

impl Model {
    /// Whether the person takes part.
    pub fn takes_part(&self) -> bool {
        taking_part().contains(&self.seat)
    }
}

fn taking_part() -> [String; 2] {
    [SeatState::Accepted, SeatState::Completed].map(column::text)
}

/// An application by its id, whatever became of it.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<Model>, DatabaseError> {
    Ok(Entity::find_by_id(id.uuid()).one(connection).await?)
}

/// Those who take part in a round, in the order of their ids.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Seat.is_in(taking_part()))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// What a person takes part in.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::PersonId.eq(person.uuid()))
        .filter(Column::Seat.is_in(taking_part()))
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// A person's part in a round, where the person takes part.
pub async fn find(
    connection: &impl ConnectionTrait,
    round: RoundId,
    person: PersonId,
) -> Result<Option<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::PersonId.eq(person.uuid()))
        .filter(Column::Seat.is_in(taking_part()))
        .one(connection)
        .await?)
}
