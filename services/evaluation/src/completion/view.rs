//! How participants' completion is shown.

use super::{entity, model, record, rule_entity, steps, store, words};
use crate::{
    certificates,
    parts::{Round, Staff},
};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column, history};
use shared_projections::{participations, people};
use shared_types::{
    Links, Problem,
    evaluation::completion::{
        AttendanceTally, Completion, CompletionDecision, CompletionOutcome, NewCompletionRule,
    },
};
use shared_web::Context;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What is shown beside the participations of one round, read at once.
#[derive(Debug)]
pub struct Beside {
    rule: Option<(rule_entity::Model, NewCompletionRule)>,
    records: BTreeMap<Uuid, model::Record>,
    decisions: BTreeMap<Uuid, entity::Model>,
    reasons: BTreeMap<Uuid, String>,
    certificates: BTreeMap<Uuid, Uuid>,
    people: HashMap<Uuid, people::Model>,
}

impl Beside {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        round: &Round,
        rows: &[participations::Model],
        now: DateTime<Utc>,
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let rule = store::rule(connection, round.id).await?;
        let rule = rule.map(|row| Ok::<_, DatabaseError>((steps::rule_of(&row)?, row)));
        let rule = rule.transpose()?.map(|(rule, row)| (row, rule));
        let reasons = if ids.is_empty() {
            Vec::new()
        } else {
            history::reasons_of(connection, &ids, steps::DECIDED).await?
        };
        let persons: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
        Ok(Self {
            rule,
            records: record::of(connection, round.id, &ids, now).await?,
            decisions: store::decisions(connection, &ids).await?,
            // The oldest first: the last one stays.
            reasons: reasons.into_iter().collect(),
            certificates: certificates::store::valid(connection, &ids).await?,
            people: people::find_all(connection, persons).await?,
        })
    }
}

/// A participation as a caller sees it.
pub fn wire(
    row: &participations::Model,
    (round, staff, own): (&Round, Staff, bool),
    beside: &Beside,
    context: &Context,
) -> Result<Completion, Problem> {
    let empty = model::Record::default();
    let record = beside.records.get(&row.id).unwrap_or(&empty);
    let rule = beside.rule.as_ref().map(|(_, rule)| rule);
    let gaps = rule.map_or_else(Vec::new, |rule| model::gaps(rule, record));
    let tasks = rule.map_or(&[] as &[_], |rule| rule.tasks.as_slice());
    let language = context.language;
    let decided = beside.decisions.get(&row.id);
    let outcome: Option<CompletionOutcome> = decided
        .map(|decided| column::parse(&decided.outcome))
        .transpose()?;
    let reason = beside.reasons.get(&row.id);
    let decision = decided
        .zip(outcome)
        .map(|(decided, outcome)| CompletionDecision {
            outcome,
            decided_at: decided.decided_at,
            rule_number: decided.rule_number,
            reason: reason.filter(|_| staff.coordinator || own).cloned(),
        });
    let person = beside.people.get(&row.person_id);
    let person = person.filter(|person| !person.erased);
    let href = context.href(format!("completions/{}", row.id));
    let mut links = Links::to_self(&href)
        .with(
            "rules",
            "GET",
            context.href(format!("rounds/{}/completion-rules", round.id)),
        )
        .with(
            "credits",
            "GET",
            context.href(format!("participations/{}/credits", row.id)),
        );
    if staff.coordinator && outcome != Some(CompletionOutcome::Completed) {
        links = links.with("decision", "POST", format!("{href}/decision"));
    }
    let certificate = beside.certificates.get(&row.id);
    if let Some(id) = certificate {
        links = links.with(
            "certificate",
            "GET",
            context.href(format!("certificates/{id}")),
        );
    }
    Ok(Completion {
        id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        name: person.map(|person| person.name.clone()),
        standing: model::standing(rule, &gaps),
        gaps: gaps
            .iter()
            .map(|gap| words::gap(gap, tasks, own, language))
            .collect(),
        attendance: AttendanceTally {
            counted_quarters: record.counted_quarters,
            total_quarters: record.total_quarters,
            unknown_half_days: record.unknown_half_days,
        },
        done_task_keys: record.done.iter().cloned().collect(),
        // Others see whether the rule is met, and nothing that leads to a single answer.
        surveys: own.then_some(record.surveys),
        rule_number: beside.rule.as_ref().map(|(row, _)| row.number),
        decision,
        certificate_id: certificate.map(|id| (*id).into()),
        links,
    })
}
