//! What is due by itself: rounds open and close, endorsements and offers run out, the queue
//! moves, reminders are sent, needs are counted and erased. Nothing relies on the sweep being in
//! time: every request judges deadlines by its own clock. Any number of replicas may sweep; each
//! step takes the round's lock and looks again.

use crate::{
    State,
    admissions::queue,
    api_keys,
    applications::{self, model::Facts, steps},
    endorsements, erasures, holds, mail, needs, reminders, retention, rounds,
    rounds::model::Terms,
    webhooks,
};
use actix_web::web::Data;
use shared_database::{Change, column, feed, idempotency};
use shared_imports::forgetting;
use shared_types::{
    Actor, ApplicationId, Problem, RoundId, civil,
    registration::{
        applications::{EndorsementState, SeatState},
        rounds::RoundState,
    },
};
use shared_web::sweep::{self, Steps};
use std::time::Duration;

/// Sweeps again and again.
pub async fn keep_sweeping(state: Data<State>, every: Duration) {
    let state = &state;
    sweep::again_and_again(crate::api::NAME, every, move || once(state)).await;
}

/// Does everything that is due. What fails keeps nothing else from being done; the first error
/// is the result.
pub async fn once(state: &State) -> Result<(), Problem> {
    let mut steps = Steps::default();
    let turned = turn_rounds(state, &mut steps).await;
    steps.note("rounds", turned);
    steps.note("offers", expire_offers(state).await);
    steps.note("holds", lapse_holds(state).await);
    let reminded = reminders::steps::send_due(state, || actor(state)).await;
    steps.note("reminders", reminded);
    steps.note("needs", needs::steps::tidy(state, || actor(state)).await);
    let moved = move_queues(state, &mut steps).await;
    steps.note("queues", moved);
    let purged = retention::purge::purge_if_due(state, &mut steps).await;
    steps.note("retention", purged);
    steps.note("ledger", erasures::ledger::write(state).await);
    let deleted = mail::background::delete_forgotten(state).await;
    steps.note("files of mails", deleted);
    let written = api_keys::uses::write(state).await;
    steps.note("uses of keys", written.map_err(Problem::from));
    let kept_since = state.core.clock.now() - state.events_kept;
    let forgotten = feed::forget(&state.database, kept_since, state.is_relayed).await;
    steps.note("events", forgotten.map(|_| ()).map_err(Problem::from));
    let forgotten = webhooks::store::forget(&state.database, kept_since).await;
    steps.note("deliveries", forgotten.map_err(Problem::from));
    let forgotten = forgetting::forget_ended(&state.database, state.core.clock.now()).await;
    steps.note("imports", forgotten.map_err(Problem::from));
    let forgotten = idempotency::forget_expired(&state.database).await;
    steps.note("answers", forgotten.map_err(Problem::from));
    steps.end()
}

/// Opens and closes rounds, and ends what waits for an endorsement.
async fn turn_rounds(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let read = state.database.read();
    let active = [
        RoundState::Published,
        RoundState::Open,
        RoundState::Closed,
        RoundState::Running,
    ];
    for round in rounds::store::in_state(read, &active).await? {
        steps.note("round", turn_round(state, &round).await);
    }
    Ok(())
}

async fn turn_round(state: &State, round: &rounds::entity::Model) -> Result<(), Problem> {
    let terms = Terms::read(round)?;
    turn(state, &terms).await?;
    if terms.endorsing_is_over(state.core.clock.now()).is_some() {
        expire_endorsements(state, &terms).await?;
    }
    Ok(())
}

/// Gives free seats to the queues.
async fn move_queues(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let read = state.database.read();
    for round in rounds::store::in_state(
        read,
        &[RoundState::Closed, RoundState::Running, RoundState::Open],
    )
    .await?
    {
        steps.note("queue", move_queue(state, &round).await);
    }
    Ok(())
}

async fn move_queue(state: &State, round: &rounds::entity::Model) -> Result<(), Problem> {
    let free = round.seats + round.overbooking > round.seats_used;
    if free && round.admission_published_at.is_some() && has_queue(state, round.id.into()).await? {
        let work = async |change: &mut Change| queue::advance(change, round.id.into()).await;
        state.database.change(actor(state), work).await?;
    }
    Ok(())
}

async fn has_queue(state: &State, round: RoundId) -> Result<bool, Problem> {
    Ok(!applications::store::queue(state.database.read(), round)
        .await?
        .is_empty())
}

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

/// Opens a published round on its first day, closes an open one after its last.
async fn turn(state: &State, terms: &Terms) -> Result<(), Problem> {
    let now = state.core.clock.now();
    let Some(to) = due(terms, now) else {
        return Ok(());
    };
    state
        .database
        .change(actor(state), async |change: &mut Change| {
            let Some(row) = rounds::store::lock(change, terms.id).await? else {
                return Ok(());
            };
            if due(&Terms::read(&row)?, now) == Some(to) {
                rounds::routes::enter(change, row, to, None, &state.core.public_url).await?;
            }
            Ok::<_, Problem>(())
        })
        .await
}

fn due(terms: &Terms, now: chrono::DateTime<chrono::Utc>) -> Option<RoundState> {
    let (opens_on, closes_on) = terms.window?;
    let over = now >= civil::end_of_day(closes_on, terms.zone);
    match terms.state {
        RoundState::Published if terms.today(now) >= opens_on => Some(RoundState::Open),
        RoundState::Open if over => Some(RoundState::Closed),
        _ => None,
    }
}

async fn expire_endorsements(state: &State, terms: &Terms) -> Result<(), Problem> {
    let awaiting = column::text(EndorsementState::Awaiting);
    let waiting = applications::store::undecided(state.database.read(), terms.id).await?;
    for row in waiting
        .into_iter()
        .filter(|row| row.endorsement == awaiting && row.submitted_at.is_some())
    {
        state
            .database
            .change(actor(state), async |change: &mut Change| {
                let loaded = steps::load(change, ApplicationId::from(row.id)).await?;
                let facts = Facts::read(&loaded.application)?;
                let waits = facts.endorsement == EndorsementState::Awaiting;
                let over = loaded.terms.endorsing_is_over(change.actor.at).is_some();
                if waits && over && !facts.awaits_late(&loaded.terms) {
                    endorsements::steps::expire(change, loaded.application).await?;
                }
                Ok::<_, Problem>(())
            })
            .await?;
    }
    Ok(())
}

async fn lapse_holds(state: &State) -> Result<(), Problem> {
    let now = state.core.clock.now();
    // Every zone's yesterday is before tomorrow by UTC; each hold is judged in its own zone.
    let tomorrow = now
        .date_naive()
        .succ_opt()
        .unwrap_or(chrono::NaiveDate::MAX);
    for hold in holds::store::due(state.database.read(), tomorrow).await? {
        state
            .database
            .change(actor(state), async |change: &mut Change| {
                holds::steps::lapse(change, hold.id.into()).await
            })
            .await?;
    }
    Ok(())
}

async fn expire_offers(state: &State) -> Result<(), Problem> {
    let now = state.core.clock.now();
    // Every zone's yesterday is before tomorrow by UTC; each offer is judged in its own zone.
    let tomorrow = now
        .date_naive()
        .succ_opt()
        .unwrap_or(chrono::NaiveDate::MAX);
    for row in applications::store::offers_due(state.database.read(), tomorrow).await? {
        state
            .database
            .change(actor(state), async |change: &mut Change| {
                let loaded = steps::load(change, ApplicationId::from(row.id)).await?;
                let facts = Facts::read(&loaded.application)?;
                let over = facts
                    .answer_by
                    .is_some_and(|day| now >= civil::end_of_day(day, loaded.terms.zone));
                if facts.seat == SeatState::Offered && over {
                    steps::end_seat(change, loaded, SeatState::Expired, "offer.expired", None)
                        .await?;
                }
                Ok::<_, Problem>(())
            })
            .await?;
    }
    Ok(())
}
