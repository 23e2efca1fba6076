//! Released sessions: when they are, whether they were held, and whether their days count.

use chrono::{DateTime, Utc};
use sea_orm::{QueryFilter as _, QueryOrder as _, entity::prelude::*};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, column};
use shared_projections::keep;
use shared_types::{
    LocalizedText, OrganisationId, RoundId, SessionId,
    scheduling::{
        releases::{ReleasedDay, SessionStatus},
        sessions::{Audience, SessionKind},
    },
};

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "told_sessions")]
#[expect(missing_docs, reason = "the columns are the members of the fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub kind: String,
    pub name: Json,
    pub status: String,
    pub days: Json,
    pub audience: Json,
    pub counts: bool,
    pub ends_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What an event tells of a session.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionFact {
    session_id: SessionId,
    round_id: RoundId,
    organiser_id: OrganisationId,
    kind: SessionKind,
    name: LocalizedText,
    status: SessionStatus,
    days: Vec<ReleasedDay>,
    audience: Vec<Audience>,
    counts: bool,
    version: i32,
}

impl SessionFact {
    /// The end of its last day.
    fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.days.iter().map(|day| day.ends).max()
    }
}

pub(super) async fn keep(change: &Change, fact: SessionFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.session_id.uuid(),
        round_id: fact.round_id.uuid(),
        organiser_id: fact.organiser_id.uuid(),
        kind: column::text(fact.kind),
        name: column::json(&fact.name),
        status: column::text(fact.status),
        ends_at: fact.ends_at(),
        days: column::json(&fact.days),
        audience: column::json(&fact.audience),
        counts: fact.counts,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

impl Model {
    /// Whether it will not be held.
    pub fn is_cancelled(&self) -> bool {
        self.status == column::text(SessionStatus::Cancelled)
    }

    /// Its days.
    pub fn days(&self) -> Result<Vec<ReleasedDay>, DatabaseError> {
        column::from_json(self.days.clone())
    }

    /// For whom it is.
    pub fn audience(&self) -> Result<Vec<Audience>, DatabaseError> {
        column::from_json(self.audience.clone())
    }
}

/// One session.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<Model>, DatabaseError> {
    Ok(Entity::find_by_id(id.uuid()).one(connection).await?)
}

/// Every released session of a round that is not cancelled, in the order of their ends.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Status.ne(column::text(SessionStatus::Cancelled)))
        .order_by_asc(Column::EndsAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

/// Confirmed sessions of any round whose last day ended in a span of time, its start left out.
pub async fn held(
    connection: &impl ConnectionTrait,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Model>, DatabaseError> {
    Ok(Entity::find()
        .filter(Column::Status.eq(column::text(SessionStatus::Confirmed)))
        .filter(Column::EndsAt.gt(after))
        .filter(Column::EndsAt.lte(until))
        .order_by_asc(Column::EndsAt)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_with_its_last_day_in_its_zone() {
        let fact: SessionFact = serde_json::from_value(serde_json::json!({
            "sessionId": Uuid::nil(), "roundId": Uuid::nil(), "organiserId": Uuid::nil(),
            "kind": "seminar", "name": { "sv": "Ett" }, "status": "confirmed",
            "timeZone": "Europe/Stockholm", "audience": [], "counts": true, "version": 2,
            "days": [
                {
                    "number": 2, "date": "2022-09-02", "startsAt": "09:00", "endsAt": "15:00",
                    "starts": "2022-09-02T07:00:00Z", "ends": "2022-09-02T13:00:00Z",
                },
                {
                    "number": 1, "date": "2022-09-01", "startsAt": "10:00", "endsAt": "17:00",
                    "starts": "2022-09-01T08:00:00Z", "ends": "2022-09-01T15:00:00Z",
                },
            ],
        }))
        .unwrap();
        let expected: DateTime<Utc> = "2022-09-02T13:00:00Z".parse().unwrap();
        assert_eq!(fact.ends_at(), Some(expected));
    }
}
