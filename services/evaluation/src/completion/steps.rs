//! What is done to a round's completion: each step in an open change, under the round's lock.

use super::{
    entity, model,
    model::{Gap, Record},
    record, rule_entity, store,
};
use crate::parts::Round;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::participations;
use shared_types::{
    ApplicationId, CompletionRuleId, Problem,
    evaluation::{
        codes::{
            COMPLETION_DECIDED_ALREADY, COMPLETION_RULE_MISSING, COMPLETION_RULE_UNKNOWN_TASK,
            PARTICIPATION_UNKNOWN,
        },
        completion::{
            COMPLETION_DECIDED, CompletionFact, CompletionOutcome, NewCompletionRule, NewTaskNotes,
        },
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The edge that carries the reason of a decision.
pub const DECIDED: &str = "completion.decided";

/// How somebody stood when it was decided, kept beside the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stood {
    counted_quarters: i32,
    total_quarters: i32,
    unknown_half_days: i32,
    done_task_keys: BTreeSet<String>,
    surveys: shared_types::evaluation::completion::SurveyTally,
    gaps: Vec<Gap>,
}

/// The rule of a row.
pub fn rule_of(row: &rule_entity::Model) -> Result<NewCompletionRule, DatabaseError> {
    column::from_json(row.rule.clone())
}

/// Sets the next version of a round's rule.
pub async fn set_rule(
    change: &mut Change,
    round: &Round,
    rule: &NewCompletionRule,
) -> Result<rule_entity::Model, Problem> {
    model::check(rule).map_err(|error| Problem::of(error.code()))?;
    store::lock(change, round.id).await?;
    let before = store::rule(change.tx(), round.id).await?;
    let row = rule_entity::Model {
        id: CompletionRuleId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        number: before.map_or(1, |before| before.number + 1),
        rule: column::json(rule),
        made_at: change.actor.at,
    };
    let row = row::insert::<rule_entity::Entity>(change.tx(), row).await?;
    change.record("round", round.id, "completion_rule.set", None);
    Ok(row)
}

/// Notes who has done a task, or takes it back.
pub async fn note_task(
    change: &mut Change,
    round: &Round,
    notes: &NewTaskNotes,
) -> Result<(), Problem> {
    store::lock(change, round.id).await?;
    let rule = store::rule(change.tx(), round.id).await?;
    let rule = rule.ok_or_else(|| Problem::of(&COMPLETION_RULE_MISSING))?;
    let known = rule_of(&rule)?;
    if !known.tasks.iter().any(|task| task.key == notes.task_key) {
        return Err(Problem::of(&COMPLETION_RULE_UNKNOWN_TASK));
    }
    let asked: BTreeSet<Uuid> = notes.application_ids.iter().map(|id| id.uuid()).collect();
    let of_round = participations::of_round(change.tx(), round.id).await?;
    let of_round: BTreeSet<Uuid> = of_round.into_iter().map(|row| row.id).collect();
    if !asked.is_subset(&of_round) {
        return Err(Problem::of(&PARTICIPATION_UNKNOWN));
    }
    let edge = if notes.done {
        store::note(change, round.id, &notes.task_key, &asked).await?;
        "completion_task.done"
    } else {
        store::unnote(change, &notes.task_key, &asked).await?;
        "completion_task.undone"
    };
    for id in asked {
        change.record("completion", id, edge, None);
    }
    Ok(())
}

/// What became of deciding about everybody at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Completed by this.
    pub completed: Vec<ApplicationId>,
    /// Something is missing.
    pub open: Vec<ApplicationId>,
}

/// Decides about everybody that fulfils the rule and is not completed yet.
pub async fn decide_all(change: &mut Change, round: &Round) -> Result<Decided, Problem> {
    store::lock(change, round.id).await?;
    let rule_row = store::rule(change.tx(), round.id).await?;
    let rule_row = rule_row.ok_or_else(|| Problem::of(&COMPLETION_RULE_MISSING))?;
    let rule = rule_of(&rule_row)?;
    let rows = participations::of_round(change.tx(), round.id).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut records = record::of(change.tx(), round.id, &ids, change.actor.at).await?;
    let mut before = store::decisions(change.tx(), &ids).await?;
    let mut decided = Decided::default();
    for row in rows {
        let known = before.remove(&row.id);
        // Who was decided about alone keeps that decision until somebody changes it.
        if known.is_some() {
            continue;
        }
        let record = records.remove(&row.id).unwrap_or_default();
        let gaps = model::gaps(&rule, &record);
        let id = ApplicationId::from(row.id);
        if gaps.is_empty() {
            let ruled = Ruled {
                number: Some(rule_row.number),
                record,
                gaps,
            };
            let outcome = CompletionOutcome::Completed;
            write(change, round, &row, (known, outcome, None), ruled).await?;
            decided.completed.push(id);
        } else {
            decided.open.push(id);
        }
    }
    Ok(decided)
}

/// Decides about one participant, whatever the rule says. Who is completed stays so.
pub async fn decide_one(
    change: &mut Change,
    round: &Round,
    row: &participations::Model,
    (outcome, reason): (CompletionOutcome, &str),
) -> Result<entity::Model, Problem> {
    store::lock(change, round.id).await?;
    let known = store::decision(change.tx(), row.id).await?;
    let completed = column::text(CompletionOutcome::Completed);
    if known
        .as_ref()
        .is_some_and(|known| known.outcome == completed)
    {
        return Err(Problem::of(&COMPLETION_DECIDED_ALREADY));
    }
    let rule = store::rule(change.tx(), round.id).await?;
    let mut records: BTreeMap<Uuid, Record> =
        record::of(change.tx(), round.id, &[row.id], change.actor.at).await?;
    let record = records.remove(&row.id).unwrap_or_default();
    let known_rule = rule.as_ref().map(rule_of).transpose()?;
    let gaps = known_rule.map_or_else(Vec::new, |rule| model::gaps(&rule, &record));
    let ruled = Ruled {
        number: rule.map(|rule| rule.number),
        record,
        gaps,
    };
    write(change, round, row, (known, outcome, Some(reason)), ruled).await
}

/// How somebody stood, by which version.
struct Ruled {
    number: Option<i32>,
    record: Record,
    gaps: Vec<Gap>,
}

async fn write(
    change: &mut Change,
    round: &Round,
    part: &participations::Model,
    (before, outcome, reason): (Option<entity::Model>, CompletionOutcome, Option<&str>),
    ruled: Ruled,
) -> Result<entity::Model, Problem> {
    let stood = Stood {
        counted_quarters: ruled.record.counted_quarters,
        total_quarters: ruled.record.total_quarters,
        unknown_half_days: ruled.record.unknown_half_days,
        done_task_keys: ruled.record.done,
        surveys: ruled.record.surveys,
        gaps: ruled.gaps,
    };
    let row = entity::Model {
        id: part.id,
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        person_id: part.person_id,
        outcome: column::text(outcome),
        rule_number: ruled.number,
        standing: column::json(&stood),
        decided_at: change.actor.at,
        version: before.map_or(1, |before| before.version + 1),
    };
    let row = store::put(change, row).await?;
    change.record("completion", row.id, DECIDED, reason);
    let fact = CompletionFact {
        application_id: row.id.into(),
        round_id: round.id,
        person_id: row.person_id.into(),
        organiser_id: round.organiser_id,
        outcome,
        decided_on: round.today(change.actor.at),
        version: row.version,
    };
    change.publish(COMPLETION_DECIDED, row.id, json!(fact));
    Ok(row)
}
