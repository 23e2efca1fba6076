//! What is due by itself: surveys open and close, 360s close, people are reminded, answers are
//! mixed. Nothing relies on the sweep being in time: every request judges dates by
//! its own clock. Any number of replicas may sweep; each step takes its lock and looks again.

use crate::{
    State,
    answers::{mixing, wiping},
    feedbacks::due,
    interviews, networks, reports,
    surveys::{self, reminders, steps as course},
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
    let done = open_surveys(state, &mut steps).await;
    steps.note("opening", done);
    let done = close_surveys(state, &mut steps).await;
    steps.note("closing", done);
    let done = remind(state, &mut steps).await;
    steps.note("reminders", done);
    let done = mix(state, &mut steps).await;
    steps.note("mixing", done);
    steps.note("closing of 360s", due::close(state).await);
    steps.note("reminders of 360s", due::remind(state).await);
    steps.note("mixing of 360s", due::mix(state).await);
    steps.note("addresses", due::forget_addresses(state).await);
    let forgotten = idempotency::forget_expired(&state.database).await;
    steps.note("answers", forgotten.map_err(Problem::from));
    steps.note("municipalities", reports::reserve::release_all(state).await);
    steps.note("themes", interviews::counts::sweep(state).await);
    steps.note("networks", networks::forgetting::sweep(state).await);
    steps.end()
}

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

async fn open_surveys(state: &State, steps: &mut Steps) -> Result<(), Problem> {
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
                async |change: &mut Change| course::open_if_due(change, keys, survey.id).await;
            let done = state.database.change(actor(state), work).await;
            steps.note("a survey that opens", done);
        }
    }
    Ok(())
}

async fn close_surveys(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    // Every zone's yesterday is before tomorrow by UTC; each survey is judged in its own zone.
    let today = state.core.clock.now().date_naive();
    let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
    let ending = surveys::store::ending(state.database.read(), tomorrow).await?;
    for survey in &ending {
        let keys = &state.answer_keys;
        let work = async |change: &mut Change| course::close_if_over(change, keys, survey.id).await;
        let done = state.database.change(actor(state), work).await;
        steps.note("a survey that closes", done);
    }
    if !ending.is_empty() {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}

async fn remind(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    for survey in surveys::store::open(state.database.read()).await? {
        let today = state.core.clock.now().date_naive();
        let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
        let due = survey.opens_on.map_or(0, |opens_on| {
            surveys::model::reminders_due(opens_on, survey.open_days, tomorrow)
        });
        if due > survey.reminders_sent {
            let work =
                async |change: &mut Change| reminders::remind_if_due(change, survey.id).await;
            let done = state.database.change(actor(state), work).await;
            steps.note("a reminder", done);
        }
    }
    Ok(())
}

async fn mix(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let mut mixed = false;
    for survey in surveys::store::open(state.database.read()).await? {
        if mixing::is_due(state.database.read(), survey.id).await? {
            let keys = &state.answer_keys;
            let work =
                async |change: &mut Change| mixing::mix_if_due(change, keys, survey.id).await;
            let done = state.database.change(actor(state), work).await;
            steps.note("a survey that is mixed", done);
            mixed = true;
        }
    }
    if mixed {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}
