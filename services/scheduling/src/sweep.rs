//! What is due by itself: reserve dates that nobody needed lapse, and options that nobody
//! confirmed run out. Any number of replicas may sweep; each step takes the lock and looks again.

use crate::{
    State, bookings, plans,
    releases::{self, store::was_released},
    sessions,
};
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use shared_database::{Change, column, idempotency};
use shared_imports::forgetting;
use shared_types::{
    Actor, Problem, civil,
    scheduling::sessions::{NewSession, SessionState},
};
use shared_web::sweep::{self, Steps};
use std::time::Duration;

/// Sweeps in the background until the process ends.
pub async fn keep_sweeping(state: Data<State>, every: Duration) {
    let state = &state;
    sweep::again_and_again(crate::api::NAME, every, move || once(state)).await;
}

/// Does everything that is due. What fails keeps nothing else from being done; the first error
/// is the result.
pub async fn once(state: &State) -> Result<(), Problem> {
    let mut steps = Steps::default();
    let now = state.core.clock.now();
    // Every zone's yesterday is before tomorrow by UTC; each date is judged in its own zone.
    let tomorrow = now.date_naive().succ_opt().unwrap_or(NaiveDate::MAX);
    for reserve in sessions::store::due(state.database.read(), tomorrow).await? {
        steps.note("reserve date", lapse(state, &reserve).await);
    }
    for booking in bookings::store::due(state.database.read(), tomorrow).await? {
        steps.note("booking", run_out(state, &booking).await);
    }
    let forgotten = forgetting::forget_ended(&state.database, state.core.clock.now()).await;
    steps.note("imports", forgotten.map_err(Problem::from));
    let forgotten = idempotency::forget_expired(&state.database).await;
    steps.note("answers", forgotten.map_err(Problem::from));
    steps.end()
}

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

/// Whether the last day of something is over, by the clocks of a zone.
fn is_over(until: Option<NaiveDate>, zone: &str, now: DateTime<Utc>) -> bool {
    let zone = civil::zone(zone).unwrap_or(chrono_tz::UTC);
    until.is_some_and(|until| now >= civil::end_of_day(until, zone))
}

/// Lets a reserve date lapse whose last day is over. Where people hold it free they are told at
/// once, and of nothing else that stands in the draft.
async fn lapse(state: &State, reserve: &sessions::entity::Model) -> Result<(), Problem> {
    let work = async |change: &mut Change| {
        let (round, id) = (reserve.round_id.into(), reserve.id.into());
        let (plan, row) = sessions::steps::under_lock(change, round, id).await?;
        let content: NewSession = column::from_json(row.content.clone())?;
        let zone = content.time_zone.as_deref().unwrap_or(&plan.time_zone);
        let over = is_over(row.lapses_on, zone, change.actor.at);
        if !over || row.state != column::text(SessionState::Planned) {
            return Ok(());
        }
        sessions::steps::enter(change, row, SessionState::Lapsed, None).await?;
        if was_released(change.tx(), id).await? {
            releases::claims::lock(change, plan.round_id).await?;
            releases::steps::withdraw(change, plan, id).await
        } else {
            plans::store::save(change, plan).await?;
            Ok(())
        }
    };
    state.database.change(actor(state), work).await
}

/// Gives back an option that nobody confirmed in time.
async fn run_out(state: &State, booking: &bookings::entity::Model) -> Result<(), Problem> {
    let work = async |change: &mut Change| {
        bookings::steps::run_out(change, booking.id.into(), is_over).await
    };
    state.database.change(actor(state), work).await
}
