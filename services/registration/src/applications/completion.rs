//! What becomes of a seat when evaluation tells that its holder completed the round.
//!
//! It is decided there; here the seat is taken to its end by the table of transitions. A decision
//! that somebody did not complete it changes nothing: a coordinator discontinues who leaves. News
//! about a seat that was given up meanwhile changes nothing either.

use super::{
    model::{COMPLETION, Case, Facts, Who},
    steps, store,
};
use crate::rounds::seats;
use shared_database::{Change, column};
use shared_types::{
    Problem,
    evaluation::completion::{CompletionFact, CompletionOutcome},
    registration::applications::SeatState,
};

/// Takes an accepted seat to its end.
pub async fn complete(change: &mut Change, told: CompletionFact) -> Result<(), Problem> {
    if told.outcome != CompletionOutcome::Completed {
        return Ok(());
    }
    let Some(before) = store::find_any(change.tx(), told.application_id).await? else {
        return Ok(());
    };
    let loaded = steps::load_again(change, &before).await?;
    let mut application = loaded.application;
    let is_theirs = application.organiser_id == told.organiser_id.uuid();
    let case = Case {
        facts: Facts::read(&application)?,
        terms: loaded.terms,
        who: Who {
            own: false,
            coordinator: is_theirs,
            office: false,
        },
        substitution_pending: false,
        now: change.actor.at,
    };
    if !(COMPLETION.who)(&case) || COMPLETION.judge(&case).is_err() {
        return Ok(());
    }
    application.seat = column::text(SeatState::Completed);
    application.settled_at = Some(change.actor.at);
    let application = store::save(change, application).await?;
    steps::tell(change, &application, "participation.completed", None);
    seats::settle(change, application.round_id.into()).await?;
    Ok(())
}
