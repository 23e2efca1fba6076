//! Tasks that make up for half days, and who has done them.

use super::{make_up_entity, states, task_entity};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::participations;
use shared_types::{
    FieldProblem, Language, MakeUpTaskId, OrganisationId, Problem, RoundId,
    scheduling::{
        attendance::{NewCompletion, NewMakeUpTask},
        codes::{ATTENDANCE_NOT_PARTICIPANT, MAKE_UP_REFUSED},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Offers a task.
pub async fn add(
    change: &mut Change,
    round: RoundId,
    organiser: OrganisationId,
    body: NewMakeUpTask,
) -> Result<task_entity::Model, DatabaseError> {
    let id = MakeUpTaskId::new();
    let task = task_entity::Model {
        id: id.uuid(),
        round_id: round.uuid(),
        organiser_id: organiser.uuid(),
        title: column::json(&body.title),
        description: body.description.as_ref().map(column::json),
        half_days: body.half_days,
        due_on: body.due_on,
        version: 1,
    };
    change.record("make_up_task", id, "make_up_task.offered", None);
    row::insert::<task_entity::Entity>(change.tx(), task).await
}

/// Notes who has done a task, or takes it back; whoever stands so already changes nothing.
pub async fn complete(
    change: &mut Change,
    task: task_entity::Model,
    body: &NewCompletion,
    language: Language,
) -> Result<task_entity::Model, Problem> {
    let round = RoundId::from(task.round_id);
    let taking_part = participations::of_round(change.tx(), round).await?;
    let taking_part: BTreeSet<Uuid> = taking_part.iter().map(|row| row.person_id).collect();
    let words = ATTENDANCE_NOT_PARTICIPANT.detail.get(language);
    let strangers = body.person_ids.iter().enumerate();
    let errors: Vec<FieldProblem> = strangers
        .filter(|(_, person)| !taking_part.contains(&person.uuid()))
        .map(|(index, _)| {
            let pointer = format!("/personIds/{index}");
            FieldProblem::pointer(pointer, ATTENDANCE_NOT_PARTICIPANT.name, words)
        })
        .collect();
    if !errors.is_empty() {
        return Err(Problem::of(&MAKE_UP_REFUSED)
            .value("count", errors.len())
            .errors(errors));
    }
    let wanted: BTreeSet<Uuid> = body.person_ids.iter().map(|person| person.uuid()).collect();
    let done = of_task(change, task.id).await?;
    let changed: BTreeSet<Uuid> = if body.done {
        wanted.difference(&done).copied().collect()
    } else {
        wanted.intersection(&done).copied().collect()
    };
    if changed.is_empty() {
        return Ok(task);
    }
    write(change, &task, &changed, body.done).await?;
    let task = task_entity::Model {
        version: task.version + 1,
        ..task
    };
    let task = row::update::<task_entity::Entity>(change.tx(), task).await?;
    states::publish(change, round, &changed).await?;
    Ok(task)
}

async fn of_task(change: &Change, task: Uuid) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let rows = make_up_entity::Entity::find()
        .filter(make_up_entity::Column::TaskId.eq(task))
        .all(change.tx())
        .await?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}

async fn write(
    change: &mut Change,
    task: &task_entity::Model,
    people: &BTreeSet<Uuid>,
    done: bool,
) -> Result<(), DatabaseError> {
    let edge = if done {
        "make_up_task.done"
    } else {
        "make_up_task.not_done"
    };
    change.record("make_up_task", task.id, edge, None);
    if !done {
        make_up_entity::Entity::delete_many()
            .filter(make_up_entity::Column::TaskId.eq(task.id))
            .filter(make_up_entity::Column::PersonId.is_in(people.iter().copied()))
            .exec(change.tx())
            .await?;
        return Ok(());
    }
    let rows = people.iter().map(|person| make_up_entity::Model {
        task_id: task.id,
        person_id: *person,
        round_id: task.round_id,
        half_days: task.half_days,
        done_at: change.actor.at,
    });
    row::insert_all::<make_up_entity::Entity>(change.tx(), rows).await
}
