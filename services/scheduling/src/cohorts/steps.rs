//! What is done to a plan of who goes in which round: computed apart from any change, then kept,
//! published, and answered by registration.

use super::{
    assign::{self, Assignment, Cost},
    assignment, entity,
    inputs::{Inputs, KnownRound},
    store,
    words::KeptReason,
};
use actix_web::web;
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    CohortAssignmentId, CohortPlanId, OrganisationId, PersonId, Problem, ProgrammeId,
    scheduling::{
        codes::COHORT_CHANGED,
        cohorts::{
            COHORT_PUBLISHED, CohortCost, CohortPlanState, CohortPublished, CohortRefused,
            CohortRound, CohortRoundPeople,
        },
    },
};
use shared_web::command::hex;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What was computed.
#[derive(Clone, Debug)]
pub struct Computed {
    inputs: Inputs,
    inputs_hash: [u8; 32],
    assignment: Assignment,
}

/// Computes a plan, apart from the threads that serve.
pub async fn compute(inputs: Inputs) -> Result<Computed, Problem> {
    let computing = web::block(move || {
        let rounds: Vec<_> = inputs.rounds.iter().map(|one| one.round.clone()).collect();
        let assignment = assign::assign(&inputs.people, &rounds);
        Computed {
            inputs_hash: assign::inputs_hash(&inputs.people, &rounds),
            inputs,
            assignment,
        }
    });
    computing.await.map_err(Problem::internal)
}

/// Keeps a new plan.
pub async fn make(
    change: &mut Change,
    programme: ProgrammeId,
    organiser: OrganisationId,
    computed: &Computed,
) -> Result<entity::Model, Problem> {
    let blank = entity::Model {
        id: CohortPlanId::new().uuid(),
        organiser_id: organiser.uuid(),
        programme_id: programme.uuid(),
        state: column::text(CohortPlanState::Proposed),
        rounds: json!([]),
        cost: json!({}),
        bound: json!({}),
        is_optimal: false,
        rule_version: None,
        inputs_hash: None,
        people_count: 0,
        refused_count: 0,
        open_count: 0,
        created_at: change.actor.at,
        published_at: None,
        version: 1,
    };
    let rows = computed.rows(&blank, &[]);
    let plan = computed.fill(blank, &rows);
    let plan = row::insert::<entity::Entity>(change.tx(), plan).await?;
    row::insert_all::<assignment::Entity>(change.tx(), rows).await?;
    change.record("cohort_plan", plan.id, "cohort.proposed", None);
    Ok(plan)
}

/// Keeps a plan that was computed from one that has not changed since.
pub async fn replan(
    change: &mut Change,
    from: &entity::Model,
    before: &[assignment::Model],
    computed: &Computed,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let id: CohortPlanId = from.id.into();
    let now = store::lock(change, id).await?;
    if now.is_none_or(|now| now.version != from.version) {
        return Err(Problem::of(&COHORT_CHANGED));
    }
    let rows = computed.rows(from, before);
    let mut plan = computed.fill(from.clone(), &rows);
    plan.state = column::text(CohortPlanState::Proposed);
    store::replace(change, id, rows).await?;
    let plan = store::save(change, plan).await?;
    change.record("cohort_plan", plan.id, "cohort.replanned", Some(reason));
    Ok(plan)
}

/// Publishes those with a round who are not published yet.
pub async fn publish(
    change: &mut Change,
    mut plan: entity::Model,
) -> Result<entity::Model, Problem> {
    let id: CohortPlanId = plan.id.into();
    let mut rounds: BTreeMap<Uuid, Vec<PersonId>> = BTreeMap::new();
    for row in store::assignments(change.tx(), id).await? {
        if let (Some(round), false) = (row.round_id, row.published) {
            rounds.entry(round).or_default().push(row.person_id.into());
        }
    }
    let rounds = rounds
        .into_iter()
        .map(|(round, person_ids)| CohortRoundPeople {
            round_id: round.into(),
            person_ids,
        });
    let told = CohortPublished {
        cohort_plan_id: id,
        programme_id: plan.programme_id.into(),
        organiser_id: plan.organiser_id.into(),
        rounds: rounds.collect(),
    };
    store::publish(change, id).await?;
    plan.state = column::text(CohortPlanState::Published);
    plan.published_at = Some(change.actor.at);
    plan.open_count = 0;
    let plan = store::save(change, plan).await?;
    change.record("cohort_plan", plan.id, COHORT_PUBLISHED, None);
    change.publish(COHORT_PUBLISHED, plan.id, column::json(&told));
    Ok(plan)
}

/// Notes whom registration has refused.
pub async fn refuse(change: &mut Change, refused: CohortRefused) -> Result<(), Problem> {
    let id = refused.cohort_plan_id;
    let Some(mut plan) = store::lock(change, id).await? else {
        return Ok(());
    };
    let mut count = 0;
    for one in refused.people {
        let refusal = (one.person_id, one.code);
        let is_noted = store::refuse(change, id, refused.round_id.uuid(), refusal).await?;
        count += i32::from(is_noted);
    }
    if count > 0 {
        plan.refused_count += count;
        let plan = store::save(change, plan).await?;
        change.record("cohort_plan", plan.id, "cohort.refused", None);
    }
    Ok(())
}

/// Forgets where somebody was put; the plan keeps its numbers, which name nobody.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    store::forget(change, person).await
}

impl Computed {
    fn rows(&self, plan: &entity::Model, before: &[assignment::Model]) -> Vec<assignment::Model> {
        let before: HashMap<Uuid, &assignment::Model> =
            before.iter().map(|row| (row.person_id, row)).collect();
        let departments: HashMap<PersonId, Option<Uuid>> = self
            .inputs
            .people
            .iter()
            .map(|person| (person.id, person.department.map(Uuid::from)))
            .collect();
        let row = |row: &assign::Row| {
            let known = before.get(&row.person.uuid());
            let reasons: Vec<_> = row.reasons.iter().map(KeptReason::from).collect();
            assignment::Model {
                id: known.map_or_else(|| CohortAssignmentId::new().uuid(), |known| known.id),
                plan_id: plan.id,
                person_id: row.person.uuid(),
                round_id: row.round.map(Uuid::from),
                department_id: departments.get(&row.person).copied().flatten(),
                reasons: column::json(&reasons),
                published: known.is_some_and(|known| known.is_settled()),
                refusal_code: None,
            }
        };
        self.assignment.rows.iter().map(row).collect()
    }

    fn fill(&self, plan: entity::Model, rows: &[assignment::Model]) -> entity::Model {
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let is_open = |row: &&assignment::Model| row.round_id.is_some() && !row.published;
        let rounds: Vec<CohortRound> = self
            .inputs
            .rounds
            .iter()
            .map(|known| round(known, rows))
            .collect();
        entity::Model {
            rounds: column::json(&rounds),
            cost: column::json(&cost(self.assignment.cost)),
            bound: column::json(&cost(self.assignment.bound)),
            is_optimal: self.assignment.is_optimal,
            rule_version: Some(assign::RULE_VERSION.to_owned()),
            inputs_hash: Some(hex(&self.inputs_hash)),
            people_count: count(rows.len()),
            refused_count: 0,
            open_count: count(rows.iter().filter(is_open).count()),
            ..plan
        }
    }
}

const fn cost(cost: Cost) -> CohortCost {
    CohortCost {
        unplaced_count: cost.unplaced,
        moved_count: cost.moved,
        colleague_pairs_count: cost.together,
        pairs_count: cost.uneven,
    }
}

fn round(known: &KnownRound, rows: &[assignment::Model]) -> CohortRound {
    let here = || {
        rows.iter()
            .filter(|row| row.round_id == Some(known.round.id.uuid()))
    };
    let mut departments: BTreeMap<Uuid, i32> = BTreeMap::new();
    for department in here().filter_map(|row| row.department_id) {
        *departments.entry(department).or_default() += 1;
    }
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    CohortRound {
        round_id: known.round.id,
        capacity: i32::try_from(known.round.capacity).unwrap_or(i32::MAX),
        meets: known.meets.clone(),
        people_count: count(here().count()),
        departments_count: count(departments.len()),
        largest_department_count: departments.values().copied().max().unwrap_or(0),
    }
}
