//! What is due by itself: surveys open and close, people are reminded, answers are mixed. Nothing
//! relies on the sweep being in time: every request judges dates by
//! its own clock. Any number of replicas may sweep; each step takes its lock and looks again.

use crate::{
    State,
    answers::{mixing, wiping},
    reports,
    surveys::{self, reminders, steps},
};
use actix_web::web::Data;
use shared_database::{Change, idempotency};
use shared_types::{Actor, Problem};
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
    steps.note("opening", open_surveys(state).await);
    steps.note("closing", close_surveys(state).await);
    steps.note("reminders", remind(state).await);
    steps.note("mixing", mix(state).await);
    let forgotten = idempotency::forget_expired(&state.database).await;
    steps.note("answers", forgotten.map_err(Problem::from));
    steps.note("municipalities", reports::reserve::release_all(state).await);
    steps.end()
}

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

async fn open_surveys(state: &State) -> Result<(), Problem> {
    let connection = state.database.read();
    for survey in surveys::store::planned(connection).await? {
        let Some(round) = surveys::known::round(connection, survey.round_id.into()).await? else {
            continue;
        };
        let now = state.core.clock.now();
        let due = surveys::occasions::due(connection, &survey, &round, now).await?;
        if due.is_some() {
            let keys = &state.answer_keys;
            let work =
                async |change: &mut Change| steps::open_if_due(change, keys, survey.id).await;
            state.database.change(actor(state), work).await?;
        }
    }
    Ok(())
}

async fn close_surveys(state: &State) -> Result<(), Problem> {
    // Every zone's yesterday is before tomorrow by UTC; each survey is judged in its own zone.
    let today = state.core.clock.now().date_naive();
    let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
    let ending = surveys::store::ending(state.database.read(), tomorrow).await?;
    for survey in &ending {
        let keys = &state.answer_keys;
        let work = async |change: &mut Change| steps::close_if_over(change, keys, survey.id).await;
        state.database.change(actor(state), work).await?;
    }
    if !ending.is_empty() {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}

async fn remind(state: &State) -> Result<(), Problem> {
    for survey in surveys::store::open(state.database.read()).await? {
        let today = state.core.clock.now().date_naive();
        let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
        let due = survey.opens_on.map_or(0, |opens_on| {
            surveys::model::reminders_due(opens_on, survey.open_days, tomorrow)
        });
        if due > survey.reminders_sent {
            let work =
                async |change: &mut Change| reminders::remind_if_due(change, survey.id).await;
            state.database.change(actor(state), work).await?;
        }
    }
    Ok(())
}

async fn mix(state: &State) -> Result<(), Problem> {
    let mut mixed = false;
    for survey in surveys::store::open(state.database.read()).await? {
        if mixing::is_due(state.database.read(), survey.id).await? {
            let keys = &state.answer_keys;
            let work =
                async |change: &mut Change| mixing::mix_if_due(change, keys, survey.id).await;
            state.database.change(actor(state), work).await?;
            mixed = true;
        }
    }
    if mixed {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}
