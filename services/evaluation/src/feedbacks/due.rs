//! What is due by itself: 360s whose last day is over close, those who have not answered are
//! reminded, groups are mixed, and addresses that were used are forgotten.

use super::{closing, entity, messages, steps, store};
use crate::{
    State,
    answers::{invitations, mixing, wiping},
    surveys::{gate, model::reminders_due},
};
use shared_database::{Change, column, outbox};
use shared_envelope::Keys;
use shared_types::{
    Actor, Problem, evaluation::feedbacks::FeedbackState, facts::MESSAGE_ADDRESSED,
};
use uuid::Uuid;

fn actor(state: &State) -> Actor {
    Actor::system(state.core.clock.now())
}

/// Closes those whose last day is over.
pub async fn close(state: &State) -> Result<(), Problem> {
    // Every zone's yesterday is before tomorrow by UTC; each 360 is judged in its own zone.
    let today = state.core.clock.now().date_naive();
    let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
    let mut closed = false;
    for feedback in store::open(state.database.read()).await? {
        if feedback.answer_until >= tomorrow {
            continue;
        }
        let keys = &state.answer_keys;
        let work = async |change: &mut Change| close_if_over(change, keys, feedback.id).await;
        closed |= state.database.change(actor(state), work).await?;
    }
    if closed {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}

async fn close_if_over(change: &mut Change, keys: &Keys, id: Uuid) -> Result<bool, Problem> {
    let loaded = steps::load(change, id).await?;
    let is_over = is_open(&loaded.feedback)
        && !store::is_open(&loaded.feedback, &loaded.round, change.actor.at);
    if is_over {
        closing::close(change, keys, loaded).await?;
    }
    Ok(is_over)
}

fn is_open(feedback: &entity::Model) -> bool {
    feedback.state == column::text(FeedbackState::Open)
}

/// Reminds those who have not answered, at half the time and two days before the end.
pub async fn remind(state: &State) -> Result<(), Problem> {
    let today = state.core.clock.now().date_naive();
    let tomorrow = today.succ_opt().unwrap_or(chrono::NaiveDate::MAX);
    for feedback in store::open(state.database.read()).await? {
        if due(&feedback, tomorrow) > feedback.reminders_sent {
            let keys = &state.answer_keys;
            let work = async |change: &mut Change| remind_if_due(change, keys, feedback.id).await;
            state.database.change(actor(state), work).await?;
        }
    }
    Ok(())
}

fn due(feedback: &entity::Model, today: chrono::NaiveDate) -> i32 {
    let days = (feedback.answer_until - feedback.opened_on).num_days() + 1;
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    reminders_due(feedback.opened_on, days, today)
}

async fn remind_if_due(change: &mut Change, keys: &Keys, id: Uuid) -> Result<(), Problem> {
    let mut loaded = steps::load(change, id).await?;
    let due = due(&loaded.feedback, loaded.round.today(change.actor.at));
    let takes = store::is_open(&loaded.feedback, &loaded.round, change.actor.at);
    if !takes || due <= loaded.feedback.reminders_sent {
        return Ok(());
    }
    loaded.feedback.reminders_sent = due;
    loaded.feedback = store::save(change, loaded.feedback).await?;
    let raters = store::raters(change.tx(), &[id]).await?;
    let mut silent = Vec::new();
    for group in loaded.groups.keys() {
        silent.extend(invitations::unanswered(change.tx(), *group).await?);
    }
    let silent = messages::beside(raters, &silent);
    messages::remind(change, keys, &loaded, &silent).await
}

/// Mixes the groups of which enough have answered.
pub async fn mix(state: &State) -> Result<(), Problem> {
    let connection = state.database.read();
    let open: Vec<Uuid> = store::open(connection)
        .await?
        .iter()
        .map(|row| row.id)
        .collect();
    let mut mixed = false;
    for (group, (feedback, _)) in store::groups(connection, &open).await? {
        if !mixing::is_due(connection, group).await? {
            continue;
        }
        let keys = &state.answer_keys;
        let work = async |change: &mut Change| {
            gate::alone(change, group).await?;
            let found = store::find_any(change.tx(), feedback).await?;
            if found.as_ref().is_some_and(is_open) {
                mixing::mix(change, keys, group, mixing::How::Enough).await?;
            }
            Ok::<_, Problem>(())
        };
        state.database.change(actor(state), work).await?;
        mixed = true;
    }
    if mixed {
        wiping::wipe(&state.database).await;
    }
    Ok(())
}

/// Forgets the addresses that registration has.
pub async fn forget_addresses(state: &State) -> Result<(), Problem> {
    Ok(outbox::forget_delivered(&state.database, MESSAGE_ADDRESSED).await?)
}
