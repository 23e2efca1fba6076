//! Participants' attendance, as scheduling counted it last.

use super::sessions;
use chrono::{DateTime, Utc};
use sea_orm::{QueryFilter as _, entity::prelude::*};
use shared_database::{Change, DatabaseError, column};
use shared_projections::keep;
use shared_types::{
    RoundId,
    scheduling::{
        attendance::{AttendanceFact, AttendanceStatus, DayHalf, HalfDay},
        sessions::Audience,
    },
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The row; its id is the participation's.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "told_attendance")]
#[expect(missing_docs, reason = "the columns are the members of the fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub counted_quarters: i32,
    pub total_quarters: i32,
    pub half_days: Json,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn keep(change: &Change, fact: AttendanceFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.application_id.uuid(),
        round_id: fact.round_id.uuid(),
        counted_quarters: fact.counted_quarters,
        total_quarters: fact.total_quarters,
        half_days: column::json(&fact.half_days),
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

/// The states of some participants, by participation.
pub async fn states(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<BTreeMap<Uuid, Model>, DatabaseError> {
    if participations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = Entity::find()
        .filter(Column::Id.is_in(participations.iter().copied()))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// How many half days of programme days are over and that nobody has marked. What was told is as
/// old as the last mark, so days are judged by the time of asking; and somebody of whom nothing
/// was told yet has marked none.
#[derive(Clone, Debug, Default)]
pub struct Begun {
    /// Sessions whose days count, with the days that are over.
    over: HashMap<Uuid, BTreeSet<i32>>,
    /// Half days for everybody who takes part that are over.
    for_all: i32,
}

impl Begun {
    /// Reads a round's sessions.
    pub async fn of(
        connection: &impl ConnectionTrait,
        round: RoundId,
        now: DateTime<Utc>,
    ) -> Result<Self, DatabaseError> {
        let (mut begun, mut dates) = (Self::default(), BTreeSet::new());
        for session in sessions::of_round(connection, round).await? {
            if !session.counts {
                continue;
            }
            let days = session.days()?;
            let over = days.iter().filter(|day| day.ends <= now);
            let over: Vec<_> = over.map(|day| (day.number, day.date)).collect();
            if session.audience()?.contains(&Audience::Participants) {
                dates.extend(over.iter().map(|(_, date)| *date));
            }
            let numbers = over.into_iter().map(|(number, _)| number);
            begun.over.insert(session.id, numbers.collect());
        }
        begun.for_all = i32::try_from(dates.len() * 2).unwrap_or(i32::MAX);
        Ok(begun)
    }

    /// Half days of a participant that are over and not marked.
    pub fn unknown(&self, told: Option<&Model>) -> Result<i32, DatabaseError> {
        let Some(told) = told else {
            return Ok(self.for_all);
        };
        let half_days: Vec<HalfDay> = column::from_json(told.half_days.clone())?;
        // A date with two sessions is one day.
        let mut unknown = BTreeSet::new();
        for half in half_days {
            let days = self.over.get(&half.session_id.uuid());
            let is_over = days.is_some_and(|days| days.contains(&half.day));
            if is_over && half.status == AttendanceStatus::Unknown {
                unknown.insert((half.date, half.half == DayHalf::First));
            }
        }
        Ok(i32::try_from(unknown.len()).unwrap_or(i32::MAX))
    }
}
