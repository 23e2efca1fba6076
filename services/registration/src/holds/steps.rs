//! What is done to a hold: each step in an open change, under the round's lock.

use super::{
    entity,
    model::{CONSUMPTION, Case, LAPSE, Who, takes_holds},
    store,
};
use crate::{
    admissions::queue,
    organisations,
    rounds::{
        model::Terms,
        seats::{self, Locked},
    },
};
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    HoldId, OrganisationId, Problem, codes,
    registration::{
        codes::{HOLD_UNKNOWN, ORGANISATION_UNKNOWN},
        holds::{HoldState, NewHold},
    },
};

/// Holds seats: they are taken at once, or the round is full.
pub async fn make(
    change: &mut Change,
    mut locked: Locked,
    body: NewHold,
) -> Result<entity::Model, Problem> {
    let terms = Terms::read(&locked.round)?;
    takes_holds(terms.state)?;
    if body.lapses_on < terms.today(change.actor.at) {
        let words = "The last day is over already.";
        return Err(Problem::invalid("/lapsesOn", "invalid", words));
    }
    organisations::store::find(change.tx(), body.organisation_id)
        .await?
        .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    seats::take(&mut locked, body.seats)?;
    let hold = entity::Model {
        id: HoldId::new().uuid(),
        round_id: locked.round.id,
        organiser_id: locked.round.organiser_id,
        organisation_id: body.organisation_id.uuid(),
        state: column::text(HoldState::Held),
        seats: body.seats,
        seats_used: 0,
        lapses_on: body.lapses_on,
        created_at: change.actor.at,
        ended_at: None,
        version: 1,
    };
    let hold = row::insert::<entity::Entity>(change.tx(), hold).await?;
    tell(change, &hold, "hold.created", Some(&body.reason));
    change.record("round", hold.round_id, "hold.created", Some(&body.reason));
    seats::settle(change, terms.id).await?;
    Ok(hold)
}

/// Turns seats of a hold into offers; whoever calls this makes them.
pub async fn consume(
    change: &mut Change,
    terms: &Terms,
    mut hold: entity::Model,
    seats: i32,
) -> Result<entity::Model, Problem> {
    let case = Case::of(&hold, terms, Who::Akademi, change.actor.at)?;
    CONSUMPTION.judge(&Case {
        wanted: seats,
        ..case
    })?;
    hold.seats_used += seats;
    if hold.left() == 0 {
        hold.state = column::text(HoldState::Consumed);
        hold.ended_at = Some(change.actor.at);
    }
    let hold = store::save(change, hold).await?;
    tell(change, &hold, "hold.consumed", None);
    Ok(hold)
}

/// A hold of this round from which seats can be asked now; `None` names no hold.
pub async fn usable(
    change: &Change,
    terms: &Terms,
    id: Option<HoldId>,
    seats: i32,
) -> Result<Option<entity::Model>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let hold = store::find_any(change.tx(), id)
        .await?
        .filter(|hold| hold.round_id == terms.id.uuid())
        .ok_or_else(|| Problem::of(&HOLD_UNKNOWN))?;
    let case = Case::of(&hold, terms, Who::Akademi, change.actor.at)?;
    CONSUMPTION.judge(&Case {
        wanted: seats,
        ..case
    })?;
    Ok(Some(hold))
}

/// Gives back what is left of a hold; the seats go to the queue.
pub async fn release(
    change: &mut Change,
    hold: entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let round = hold.round_id;
    let hold = end(change, hold, HoldState::Released, Some(reason)).await?;
    change.record("round", round, "hold.released", Some(reason));
    queue::advance(change, round.into()).await?;
    Ok(hold)
}

/// Lapses a hold whose last day is over; the seats go to the queue. Whoever finds that another
/// was first does nothing.
pub async fn lapse(change: &mut Change, id: HoldId) -> Result<(), Problem> {
    let Some(before) = store::find_any(change.tx(), id).await? else {
        return Ok(());
    };
    let locked = seats::lock(change, before.round_id.into()).await?;
    let terms = Terms::read(&locked.round)?;
    let hold = store::find_any(change.tx(), id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let case = Case::of(&hold, &terms, Who::Akademi, change.actor.at)?;
    if LAPSE.judge(&case).is_err() {
        return Ok(());
    }
    end(change, hold, HoldState::Lapsed, None).await?;
    queue::advance(change, terms.id).await
}

/// Ends the holds of a round that will not be held; its caller settles the seats.
pub async fn end_with_round(
    change: &mut Change,
    round: &crate::rounds::entity::Model,
    reason: Option<&str>,
) -> Result<(), Problem> {
    for hold in store::held(change.tx(), round.id.into()).await? {
        end(change, hold, HoldState::Released, reason).await?;
    }
    Ok(())
}

async fn end(
    change: &mut Change,
    mut hold: entity::Model,
    state: HoldState,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    hold.state = column::text(state);
    hold.ended_at = Some(change.actor.at);
    let hold = store::save(change, hold).await?;
    let edge = format!("hold.{}", hold.state);
    tell(change, &hold, &edge, reason);
    Ok(hold)
}

fn tell(change: &mut Change, hold: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("hold", hold.id, edge, reason);
    change.publish(
        edge,
        hold.id,
        json!({
            "holdId": hold.id, "roundId": hold.round_id, "organiserId": hold.organiser_id,
            "organisationId": OrganisationId::from(hold.organisation_id), "state": hold.state,
            "seats": hold.seats, "seatsUsed": hold.seats_used, "lapsesOn": hold.lapses_on,
        }),
    );
}
