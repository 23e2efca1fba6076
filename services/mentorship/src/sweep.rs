//! What is due by itself: proposals run out and the next best is proposed, pairs are flagged for
//! what nobody told of them, accepted pairs begin with their round, alarms are raised, what ended
//! pairs wrote is erased. Nothing relies on the sweep being in time: every request judges
//! deadlines by its own clock. Any number of replicas may sweep; each step takes its lock and
//! looks again.

use crate::{State, alarms, pairs};
use actix_web::web::Data;
use shared_database::{Change, idempotency};
use shared_imports::forgetting;
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
    let done = expire_proposals(state, &mut steps).await;
    steps.note("proposals", done);
    let done = review_flags(state, &mut steps).await;
    steps.note("flags", done);
    let done = begin_pairs(state, &mut steps).await;
    steps.note("pairs", done);
    let done = erase(state, &mut steps).await;
    steps.note("erasing", done);
    let done = review_alarms(state, &mut steps).await;
    steps.note("alarms", done);
    let forgotten = forgetting::forget_ended(&state.database, state.core.clock.now()).await;
    steps.note("imports", forgotten.map_err(Problem::from));
    let forgotten = idempotency::forget_expired(&state.database).await;
    steps.note("answers", forgotten.map_err(Problem::from));
    steps.end()
}

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

async fn expire_proposals(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    // Every zone's yesterday is before tomorrow by UTC; each proposal is judged in its own zone.
    let today = state.core.clock.now().date_naive();
    let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
    for pair in pairs::store::proposals_due(state.database.read(), tomorrow).await? {
        let work = async |change: &mut Change| pairs::steps::expire(change, pair.id).await;
        let done = state.database.change(actor(state), work).await;
        steps.note("a proposal", done);
    }
    Ok(())
}

async fn review_flags(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    for pair in pairs::flags::outdated(state.database.read()).await? {
        let work = async |change: &mut Change| pairs::flags::review_pair(change, pair).await;
        let done = state.database.change(actor(state), work).await;
        steps.note("a flag", done);
    }
    Ok(())
}

async fn begin_pairs(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    for pair in pairs::store::accepted(state.database.read()).await? {
        let round = crate::known::round(state.database.read(), pair.round_id.into()).await?;
        let now = state.core.clock.now();
        if round.is_some_and(|round| round.has_begun(now)) {
            let work = async |change: &mut Change| pairs::steps::begin(change, pair.id).await;
            let done = state.database.change(actor(state), work).await;
            steps.note("a pair", done);
        }
    }
    Ok(())
}

async fn erase(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let now = state.core.clock.now();
    for pair in pairs::store::erasable(state.database.read(), now).await? {
        let work = async |change: &mut Change| pairs::steps::erase(change, pair.id).await;
        let done = state.database.change(actor(state), work).await;
        steps.note("a writing", done);
    }
    Ok(())
}

async fn review_alarms(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    for round in pairs::store::live_rounds(state.database.read()).await? {
        let work = async |change: &mut Change| alarms::steps::review(change, round.into()).await;
        let done = state.database.change(actor(state), work).await;
        steps.note("a round", done);
    }
    Ok(())
}
