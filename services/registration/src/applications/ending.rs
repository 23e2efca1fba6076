//! What the end of a round does to its applications: all of it in the change that ends the
//! round, under its lock, or none of it.

use super::{
    choices, entity,
    model::{Case, ENDINGS, Facts, Who},
    steps, store,
};
use crate::{
    endorsements::links,
    interests,
    mail::{self, NewMessage, Template},
    people,
    rounds::{self, model::Terms, seats},
};
use serde_json::json;
use shared_database::{Change, column};
use shared_types::{
    Language, Problem,
    registration::applications::{AdmissionVerdict, SeatState},
    transition,
};

/// Ends everything of a round that will not be held: offers are rescinded, accepted seats
/// discontinued, whoever waits is rejected, links are revoked; everybody is told why. `round`
/// is the round as it was before it was cancelled.
pub async fn cancel(
    change: &mut Change,
    round: &rounds::entity::Model,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let terms = Terms::read(round)?;
    let live = store::all_live(change.tx(), terms.id).await?;
    let mut people =
        people::store::of_ids(change.tx(), live.iter().map(|row| row.person_id)).await?;
    let mut messages = Vec::with_capacity(live.len());
    for application in live {
        let application = end(change, &terms, application, reason).await?;
        let Some(person) = people.remove(&application.person_id) else {
            continue;
        };
        messages.push(NewMessage {
            template: Template::RoundCancelled,
            to: people::store::recipient(&person)?,
            organiser: Some(round.organiser_id.into()),
            facts: json!({
                "personName": person.name, "roundName": round.name, "reason": reason,
            }),
            link: None,
        });
    }
    mail::store::queue_all(change.tx(), change.actor.at, messages).await?;
    interests::store::tell_cancelled(change, round, reason).await?;
    links::revoke_of_round(change, terms.id).await?;
    seats::settle(change, terms.id).await?;
    choices::unblock_all(change, &terms).await
}

/// Ends the offers of a round that is over, and rejects whoever was not decided on or still waits
/// in the queue: nobody can take a seat in it any more. `round` is the round as it was before.
pub async fn finish(change: &mut Change, round: &rounds::entity::Model) -> Result<(), Problem> {
    const UNANSWERED: &str = "The round ended before the offer was answered.";
    const WAITING: &str = "The round ended before a seat became free.";
    const UNDECIDED: &str = "The round ended before the application was decided on.";
    let terms = Terms::read(round)?;
    for application in store::all_live(change.tx(), terms.id).await? {
        let facts = Facts::read(&application)?;
        let reason = match (facts.seat, facts.admission) {
            (SeatState::Offered, _) => UNANSWERED,
            (SeatState::None, AdmissionVerdict::Pending) => UNDECIDED,
            (SeatState::None, AdmissionVerdict::Waitlisted) => WAITING,
            _ => continue,
        };
        let application = end(change, &terms, application, Some(reason)).await?;
        steps::say_no(change, &application, None).await?;
    }
    seats::settle(change, terms.id).await?;
    choices::unblock_all(change, &terms).await
}

/// Ends one application by the edge that its seat has.
async fn end(
    change: &mut Change,
    terms: &Terms,
    mut application: entity::Model,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let facts = Facts::read(&application)?;
    let (edge, event) = match facts.seat {
        SeatState::Offered => ("rescission", "offer.rescinded"),
        SeatState::Accepted => ("discontinuation", "participation.discontinued"),
        _ => ("rejection", "application.rejected"),
    };
    let case = Case {
        facts,
        terms: terms.clone(),
        who: Who {
            own: false,
            coordinator: true,
            office: false,
        },
        substitution_pending: false,
        now: change.actor.at,
    };
    transition::judge(&ENDINGS, edge, &case, Language::English)?;
    match facts.seat {
        SeatState::Offered => application.seat = column::text(SeatState::Rescinded),
        SeatState::Accepted => application.seat = column::text(SeatState::Discontinued),
        _ => {
            application.admission = column::text(AdmissionVerdict::Rejected);
            application.admission_published_at = Some(change.actor.at);
        }
    }
    if facts.seat != SeatState::None {
        application.settled_at = Some(change.actor.at);
    }
    let application = store::save(change, application).await?;
    steps::tell(change, &application, event, reason);
    Ok(application)
}
