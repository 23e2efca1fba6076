//! The queue: while it is not empty, a free seat goes to it.

use super::{inputs, propose, words::KeptReason};
use crate::{
    applications::{self, choices, steps},
    rounds::{model::Terms, seats},
};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use shared_database::{Change, DatabaseError, history};
use shared_types::{ApplicationId, Problem, RoundId};
use std::collections::HashMap;
use uuid::Uuid;

/// The edge under which a pass-over stands in the history.
const PASSED_OVER: &str = "queue.passed_over";

/// Gives every free seat of an announced round to the next in the queue whom ceilings and the
/// balance rule don't pass over, and notes whom they do. Settles the round's seats in any case,
/// so that it is the last step of whatever freed or took one.
pub async fn advance(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let mut locked = seats::lock(change, round).await?;
    let terms = Terms::read(&locked.round)?;
    if terms.announced && terms.seats_move() && locked.free() > 0 {
        let queue = applications::store::queue(change.tx(), round).await?;
        if !queue.is_empty() {
            move_on(change, &terms, &mut locked, queue).await?;
        }
    }
    Ok(seats::settle(change, round).await?)
}

async fn move_on(
    change: &mut Change,
    terms: &Terms,
    locked: &mut seats::Locked,
    queue: Vec<applications::entity::Model>,
) -> Result<(), Problem> {
    let rules = inputs::rules(terms, locked.free());
    let taken = inputs::taken(change.tx(), terms).await?;
    let barred = choices::barred(change.tx(), &queue).await?;
    let open: Vec<_> = queue
        .iter()
        .filter(|row| !barred.contains_key(&row.id))
        .cloned()
        .collect();
    let candidates = inputs::candidates(change.tx(), &open).await?;
    let movement = propose::move_queue(&rules, &taken, &candidates);
    let mut passed_over: Vec<_> = movement
        .passed_over
        .iter()
        .map(|(id, reason)| (*id, KeptReason::from(reason)))
        .collect();
    passed_over.extend(barred_ahead(&queue, &barred, &movement.offers));
    note_passed_over(change, &passed_over).await?;
    let mut by_id: HashMap<ApplicationId, applications::entity::Model> = queue
        .into_iter()
        .map(|row| (ApplicationId::from(row.id), row))
        .collect();
    for id in movement.offers {
        shared_web::metrics::count("queue_moves_total", crate::api::NAME);
        if let Some(application) = by_id.remove(&id) {
            seats::take(locked, 1)?;
            steps::offer(change, terms, application).await?;
        }
    }
    Ok(())
}

/// Who stood ahead of somebody who is offered a seat, and could not be offered it for what else
/// they applied to.
fn barred_ahead(
    queue: &[applications::entity::Model],
    barred: &HashMap<Uuid, choices::Bar>,
    offers: &[ApplicationId],
) -> Vec<(ApplicationId, KeptReason)> {
    let is_offered = |row: &applications::entity::Model| offers.contains(&row.id.into());
    let last = queue.iter().rposition(is_offered).unwrap_or(0);
    let ahead = queue.iter().take(last);
    ahead
        .filter_map(|row| Some((row.id.into(), KeptReason::bare(barred.get(&row.id)?.code()))))
        .collect()
}

/// Notes each pass-over once: as long as the reason stays the same it is not repeated.
async fn note_passed_over(
    change: &mut Change,
    passed_over: &[(ApplicationId, KeptReason)],
) -> Result<(), DatabaseError> {
    let ids: Vec<Uuid> = passed_over.iter().map(|(id, _)| id.uuid()).collect();
    let noted: HashMap<Uuid, String> = history::reasons_of(change.tx(), &ids, PASSED_OVER)
        .await?
        .into_iter()
        .collect();
    for (id, reason) in passed_over {
        let line = reason.line();
        if noted.get(&id.uuid()) != Some(&line) {
            change.record("application", *id, PASSED_OVER, Some(&line));
        }
    }
    Ok(())
}

/// Why people of the queue were passed over, by application, the latest last.
pub async fn passed_over(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<KeptReason>>, DatabaseError> {
    let mut noted: HashMap<Uuid, Vec<KeptReason>> = HashMap::new();
    for (id, line) in history::reasons_of(connection, ids, PASSED_OVER).await? {
        noted
            .entry(id)
            .or_default()
            .push(KeptReason::from_line(&line));
    }
    Ok(noted)
}

/// When and why one person was passed over, the latest last.
pub async fn passed_over_at(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Vec<(DateTime<Utc>, KeptReason)>, DatabaseError> {
    let entries = history::list(connection, id.uuid()).await?.into_iter();
    Ok(entries
        .filter(|entry| entry.edge == PASSED_OVER)
        .filter_map(|entry| Some((entry.at, KeptReason::from_line(&entry.reason?))))
        .collect())
}
