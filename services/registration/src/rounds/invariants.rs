//! The invariants of a round, recounted from its rows: for operators, the demo and tests.

use super::{entity, model::Terms};
use crate::{
    applications::{self, choices, model::Facts},
    holds,
};
use sea_orm::ConnectionTrait;
use shared_database::DatabaseError;
use shared_types::registration::{
    applications::{AdmissionVerdict, SeatState},
    rounds::{Invariant, RoundState},
};
use std::collections::HashSet;

/// Checks every invariant.
pub async fn check(
    connection: &impl ConnectionTrait,
    round: &entity::Model,
) -> Result<Vec<Invariant>, DatabaseError> {
    let terms = Terms::read(round)?;
    let rows = applications::store::of_round(terms.id)
        .all(connection)
        .await?;
    let mut known = Vec::with_capacity(rows.len());
    for row in &rows {
        known.push((row, Facts::read(row)?));
    }
    let queue = applications::store::queue(connection, terms.id).await?;
    let held = holds::store::held(connection, terms.id).await?;
    let held = held.iter().map(holds::entity::Model::left).sum();
    let used = used(&known).saturating_add(held);
    Ok(vec![
        seats_not_oversold(round, &terms, used),
        one_live_application(&known),
        endorsed_before_anything(&known),
        live_as_stated(&known),
        announced_at_once(&terms, &known),
        free_seat_goes_to_queue(connection, &terms, used, queue).await?,
        one_seat_in_programme(connection, &known).await?,
    ])
}

type Known<'a> = [(&'a applications::entity::Model, Facts)];

fn used(known: &Known<'_>) -> i32 {
    let holds = |facts: &Facts| {
        use SeatState::{Accepted, Completed, Offered};
        matches!(facts.seat, Accepted | Completed | Offered)
    };
    i32::try_from(known.iter().filter(|(_, facts)| holds(facts)).count()).unwrap_or(i32::MAX)
}

fn invariant(name: &str, holds: bool, detail: String) -> Invariant {
    Invariant {
        name: name.to_owned(),
        holds,
        detail,
    }
}

fn seats_not_oversold(round: &entity::Model, terms: &Terms, used: i32) -> Invariant {
    let holds = used <= terms.seats && used == round.seats_used;
    invariant(
        "seats_not_oversold",
        holds,
        format!(
            "{used} of {} seats used, {} noted",
            terms.seats, round.seats_used
        ),
    )
}

fn one_live_application(known: &Known<'_>) -> Invariant {
    let mut people = HashSet::new();
    let doubled = known
        .iter()
        .filter(|(row, facts)| facts.live() && !people.insert(row.person_id))
        .count();
    invariant(
        "one_live_application_per_person",
        doubled == 0,
        format!("{doubled} people have more than one"),
    )
}

fn endorsed_before_anything(known: &Known<'_>) -> Invariant {
    let holds_something = |facts: &Facts| {
        let queued =
            facts.admission == AdmissionVerdict::Waitlisted && facts.seat == SeatState::None;
        facts.live() && (queued || matches!(facts.seat, SeatState::Offered | SeatState::Accepted))
    };
    let wrong = known
        .iter()
        .filter(|(_, facts)| holds_something(facts) && !facts.endorsed())
        .count();
    invariant(
        "endorsed_before_queue_or_seat",
        wrong == 0,
        format!("{wrong} without a valid endorsement"),
    )
}

fn live_as_stated(known: &Known<'_>) -> Invariant {
    let wrong = known
        .iter()
        .filter(|(row, facts)| row.live != facts.live())
        .count();
    invariant(
        "live_follows_from_facts",
        wrong == 0,
        format!("{wrong} rows disagree"),
    )
}

fn announced_at_once(terms: &Terms, known: &Known<'_>) -> Invariant {
    // The end of a round rejects whoever still waits, announced or not.
    let ended = matches!(
        terms.state,
        RoundState::Cancelled | RoundState::Finished | RoundState::Archived
    );
    let decided = |facts: &Facts| facts.admission != AdmissionVerdict::Pending && !ended;
    let early = known
        .iter()
        .filter(|(_, facts)| decided(facts) && !terms.announced)
        // Held seats are given before, and a substitute takes over what was given.
        .filter(|(row, _)| row.hold_id.is_none() && row.replaces.is_none())
        .count();
    invariant(
        "nothing_before_announcement",
        early == 0,
        format!("{early} decided before the announcement"),
    )
}

async fn one_seat_in_programme(
    connection: &impl ConnectionTrait,
    known: &Known<'_>,
) -> Result<Invariant, DatabaseError> {
    let seated: Vec<_> = known
        .iter()
        .filter(|(_, facts)| matches!(facts.seat, SeatState::Offered | SeatState::Accepted))
        .map(|(row, _)| (*row).clone())
        .collect();
    let barred = choices::barred(connection, &seated).await?;
    let twice = barred
        .values()
        .filter(|bar| **bar == choices::Bar::Seat)
        .count();
    Ok(invariant(
        "one_seat_in_programme",
        twice == 0,
        format!("{twice} people have a seat in another round too"),
    ))
}

async fn free_seat_goes_to_queue(
    connection: &impl ConnectionTrait,
    terms: &Terms,
    used: i32,
    queue: Vec<applications::entity::Model>,
) -> Result<Invariant, DatabaseError> {
    use crate::admissions::{inputs, propose};
    let free = terms.seats - used;
    let waiting = queue.len();
    let could = if terms.announced && terms.seats_move() && free > 0 {
        let taken = inputs::taken(connection, terms).await?;
        let barred = choices::barred(connection, &queue).await?;
        let open: Vec<_> = queue
            .into_iter()
            .filter(|row| !barred.contains_key(&row.id))
            .collect();
        let candidates = inputs::candidates(connection, &open).await?;
        propose::move_queue(&inputs::rules(terms, free), &taken, &candidates)
            .offers
            .len()
    } else {
        0
    };
    let detail = format!("{free} free, {waiting} waiting, {could} could be offered a seat");
    Ok(invariant("free_seat_goes_to_queue", could == 0, detail))
}
