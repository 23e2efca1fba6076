//! What is done to goals: each step in an open change.

use super::{entity, store};
use shared_database::{Change, column, row};
use shared_types::{
    OrganisationId, Problem, ProgrammeGoalId, ProgrammeId,
    evaluation::{
        codes::COMPLETION_SHARE_TOO_LARGE,
        goals::{GoalIndicator, GoalStatus, NewGoalAssessment, NewProgrammeGoal},
    },
};

/// The edge that carries the reason of a status.
pub const ASSESSED: &str = "goal.assessed";

/// Sets a goal.
pub async fn set(
    change: &mut Change,
    (programme, organiser): (ProgrammeId, OrganisationId),
    goal: &NewProgrammeGoal,
) -> Result<entity::Model, Problem> {
    check(goal)?;
    let row = entity::Model {
        id: ProgrammeGoalId::new().uuid(),
        programme_id: programme.uuid(),
        organiser_id: organiser.uuid(),
        goal: column::json(goal),
        status: column::text(GoalStatus::NotAssessed),
        assessed_at: None,
        modified_at: change.actor.at,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    change.record("goal", row.id, "goal.set", None);
    Ok(row)
}

/// Words a goal anew. What was said of it before is said of another goal: it is to be assessed
/// again.
pub async fn replace(
    change: &mut Change,
    mut row: entity::Model,
    goal: &NewProgrammeGoal,
) -> Result<entity::Model, Problem> {
    check(goal)?;
    row.goal = column::json(goal);
    row.status = column::text(GoalStatus::NotAssessed);
    row.assessed_at = None;
    change.record("goal", row.id, "goal.changed", None);
    Ok(store::save(change, row).await?)
}

/// Says how a goal stands, and why.
pub async fn assess(
    change: &mut Change,
    mut row: entity::Model,
    body: &NewGoalAssessment,
) -> Result<entity::Model, Problem> {
    row.status = column::text(body.status);
    row.assessed_at = Some(change.actor.at);
    change.record("goal", row.id, ASSESSED, Some(&body.reason));
    Ok(store::save(change, row).await?)
}

fn check(goal: &NewProgrammeGoal) -> Result<(), Problem> {
    let too_large = goal.indicators.iter().any(|indicator| match indicator {
        GoalIndicator::CompletionShare { at_least, .. } => {
            at_least.numerator > at_least.denominator
        }
        GoalIndicator::QuestionMean { .. }
        | GoalIndicator::NetworkMeasure { .. }
        | GoalIndicator::QuestionChange { .. }
        | GoalIndicator::NetworkChange { .. }
        | GoalIndicator::ThemeCount { .. } => false,
    });
    if too_large {
        return Err(Problem::of(&COMPLETION_SHARE_TOO_LARGE));
    }
    Ok(())
}
