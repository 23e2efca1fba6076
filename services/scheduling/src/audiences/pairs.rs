//! Who is whose mentor, kept as mentorship tells of it by its `pair.…` events.

use sea_orm::{
    QueryFilter as _,
    entity::prelude::*,
    sea_query::{Alias, ExprTrait as _, OnConflict},
};
use serde::Deserialize;
use shared_database::{Change, DatabaseError};
use shared_types::{PersonId, RoundId, event::Event};

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_pairs")]
pub struct Model {
    /// The pair.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its round.
    pub round_id: Uuid,
    /// The mentor, as a person.
    pub mentor_id: Uuid,
    /// Whether the pair works together.
    pub active: bool,
    /// Which state of it this is.
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is needed of a pair; whatever else its events tell stays unread.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pair {
    #[serde(rename = "pairId")]
    id: Uuid,
    round_id: RoundId,
    mentor_person_id: PersonId,
    state: String,
    #[serde(default)]
    version: i32,
}

/// Keeps what an event tells of a pair, unless a newer state of it is known; says in which round
/// the pair is.
pub async fn keep(change: &Change, event: &Event) -> Result<Option<RoundId>, DatabaseError> {
    // Some events of pairs tell of other things than who they are.
    let Ok(pair) = Pair::deserialize(&event.data) else {
        return Ok(None);
    };
    let row = Model {
        id: pair.id,
        round_id: pair.round_id.uuid(),
        mentor_id: pair.mentor_person_id.uuid(),
        active: matches!(pair.state.as_str(), "active" | "paused"),
        version: pair.version,
    };
    let (known, offered) = ("known_pairs", "excluded");
    let version = |table| Expr::col((Alias::new(table), Alias::new("version")));
    let mut conflict = OnConflict::column(Column::Id);
    conflict
        .update_columns([
            Column::RoundId,
            Column::MentorId,
            Column::Active,
            Column::Version,
        ])
        .action_and_where(version(known).lte(version(offered)));
    Entity::insert(sea_orm::IntoActiveModel::into_active_model(row))
        .on_conflict(conflict)
        .exec_without_returning(change.tx())
        .await?;
    Ok(Some(pair.round_id))
}

/// The mentors of a round.
pub async fn mentors_of(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<Uuid>, DatabaseError> {
    let rows = Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Active.eq(true));
    let rows = rows.all(connection).await?;
    Ok(rows.into_iter().map(|row| row.mentor_id).collect())
}

/// The rounds in which a person is a mentor.
pub async fn rounds_of(
    connection: &impl ConnectionTrait,
    mentor: PersonId,
) -> Result<Vec<RoundId>, DatabaseError> {
    let rows = Entity::find()
        .filter(Column::MentorId.eq(mentor.uuid()))
        .filter(Column::Active.eq(true));
    let rows = rows.all(connection).await?;
    Ok(rows.into_iter().map(|row| row.round_id.into()).collect())
}

/// The rounds in which some people are mentors.
pub async fn of_mentors(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<(PersonId, RoundId)>, DatabaseError> {
    let rows = Entity::find()
        .filter(Column::MentorId.is_in(people.iter().copied()))
        .filter(Column::Active.eq(true));
    let rows = rows.all(connection).await?;
    let pair = |row: Model| (row.mentor_id.into(), row.round_id.into());
    Ok(rows.into_iter().map(pair).collect())
}
