//! Raising and clearing alarms.

use super::{entity, model::Case};
use crate::{
    known::{self, Round},
    mentors, pairs,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    sea_query::OnConflict,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{AlarmId, Problem, RoundId, civil, mentorship::alarms::AlarmKind};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Looks at a round's pairs and mentors; raises what is new and clears what is over.
pub async fn review(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let Some(round) = known::round(change.tx(), round).await? else {
        return Ok(());
    };
    let now = current(change, &round).await?;
    let raised = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.id.uuid()))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for row in &raised {
        if !now.contains(&(row.kind.clone(), row.thing_id)) {
            entity::Entity::delete_by_id(row.id)
                .exec(change.tx())
                .await
                .map_err(DatabaseError::from)?;
            change.record("alarm", row.id, "alarm.cleared", None);
        }
    }
    let known: BTreeSet<(String, Uuid)> = raised
        .into_iter()
        .map(|row| (row.kind, row.thing_id))
        .collect();
    for (kind, thing) in now.difference(&known) {
        raise(change, &round, kind, *thing).await?;
    }
    Ok(())
}

async fn current(change: &Change, round: &Round) -> Result<BTreeSet<(String, Uuid)>, Problem> {
    let mut alarms = BTreeSet::new();
    let at = change.actor.at;
    for pair in pairs::store::live_of_round(change.tx(), round.id.uuid()).await? {
        let flags: Vec<String> = column::from_json(pair.flags)?;
        let case = Case {
            state: column::parse(&pair.state)?,
            meetings_held: pair.meetings_held,
            is_flagged: !flags.is_empty(),
            proposed_at: pair.proposed_at,
            answers_end: civil::end_of_day(pair.answer_by, round.zone),
            midpoint: round.midpoint(),
            today: round.today(at),
            now: at,
        };
        let kinds = case.alarms().into_iter();
        alarms.extend(kinds.map(|kind| (column::text(kind), pair.id)));
    }
    let pool = mentors::store::of_round(change.tx(), round.id.uuid()).await?;
    let ids: Vec<Uuid> = pool.iter().map(|row| row.id).collect();
    let used = pairs::store::live_counts(change.tx(), &ids).await?;
    for mentor in pool {
        if used.get(&mentor.id).copied().unwrap_or(0) > mentor.capacity {
            alarms.insert((column::text(AlarmKind::MentorOverCapacity), mentor.id));
        }
    }
    Ok(alarms)
}

async fn raise(change: &mut Change, round: &Round, kind: &str, thing: Uuid) -> Result<(), Problem> {
    let alarm = entity::Model {
        id: AlarmId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        kind: kind.to_owned(),
        thing_id: thing,
        raised_at: change.actor.at,
    };
    // Somebody else may raise it at the same moment; it is told once.
    let mut known = OnConflict::columns([entity::Column::Kind, entity::Column::ThingId]);
    known.do_nothing();
    let raised = entity::Entity::insert(alarm.clone().into_active_model())
        .on_conflict(known)
        .exec_without_returning(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if raised == 0 {
        return Ok(());
    }
    change.record("alarm", alarm.id, "alarm.raised", None);
    change.publish(
        "alarm.raised",
        alarm.id,
        json!({
            "alarmId": alarm.id, "kind": alarm.kind, "thingId": alarm.thing_id,
            "roundId": alarm.round_id, "organiserId": alarm.organiser_id,
        }),
    );
    Ok(())
}
