//! What the facts of other services change here.

use crate::{conflicts, experiments::periods, mentees, mentors, pairs, runs::guard};
use shared_database::{Change, column, history, idempotency};
use shared_events::{Apply, erasure};
use shared_projections::{participations, people, rounds};
use shared_types::{
    OrganisationId, PersonId, Problem, RoundId,
    event::Event,
    facts::{
        self, EndorserFact, OfficeFact, OrganisationFact, ParticipationFact, PersonErased,
        PersonFact, RoundFact,
    },
    registration::rounds::RoundState,
};
use uuid::Uuid;

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        let before = holder_before(change, event).await?;
        if shared_projections::apply(change, event).await? {
            return follow(change, event, before).await;
        }
        if event.r#type == periods::CHANGED {
            periods::keep(change, event.fact()?).await?;
        }
        Ok(())
    }
}

/// Who held an office until this event.
async fn holder_before(change: &Change, event: &Event) -> Result<Option<Uuid>, Problem> {
    if !event.r#type.starts_with("office.") || event.r#type.ends_with(".deleted") {
        return Ok(None);
    }
    let fact: OfficeFact = event.fact()?;
    let known = shared_projections::offices::find(change.tx(), fact.office_id).await?;
    Ok(known.and_then(|office| office.holder_id))
}

/// What follows here: participants come and go, pairs are looked at again.
async fn follow(change: &mut Change, event: &Event, before: Option<Uuid>) -> Result<(), Problem> {
    let (thing, what) = event.r#type.split_once('.').unwrap_or_default();
    match (thing, what) {
        ("person", _) if event.r#type == facts::PERSON_ERASED => {
            let erased: PersonErased = event.fact()?;
            forget(change, erased.person_id).await
        }
        ("person", _) => {
            let fact: PersonFact = event.fact()?;
            pairs::flags::review_people(change, &[fact.person_id.uuid()]).await
        }
        ("organisation", _) => {
            let fact: OrganisationFact = event.fact()?;
            review_employees(change, fact.organisation_id).await
        }
        ("office", _) => {
            let fact: OfficeFact = event.fact()?;
            let holders = before.into_iter().chain(fact.holder_id.map(Uuid::from));
            pairs::flags::review_people(change, &holders.collect::<Vec<_>>()).await
        }
        ("endorsement", "given") => {
            let fact: EndorserFact = event.fact()?;
            pairs::flags::review_mentee(change, fact.application_id.uuid()).await
        }
        ("round", _) => {
            let fact: RoundFact = event.fact()?;
            follow_round(change, fact.round_id).await
        }
        ("application" | "endorsement" | "offer" | "participation" | "substitution", _) => {
            let fact: ParticipationFact = event.fact()?;
            // The newest that is known decides, whatever came last.
            follow_participation(change, &fact).await
        }
        _ => Ok(()),
    }
}

async fn follow_participation(
    change: &mut Change,
    fact: &ParticipationFact,
) -> Result<(), Problem> {
    let newest = participations::by_id(change.tx(), fact.application_id).await?;
    let is_newest = newest.is_none_or(|known| known.version <= fact.version);
    if is_newest {
        mentees::steps::follow(change, fact).await?;
    }
    Ok(())
}

/// The pool of a round that will not be held ends. Its pairs end with their mentees' seats. What is
/// known now decides, not the event: a later one may have come before.
async fn follow_round(change: &mut Change, id: RoundId) -> Result<(), Problem> {
    let Some(round) = rounds::find(change.tx(), id).await? else {
        return Ok(());
    };
    if round.state != column::text(RoundState::Cancelled) {
        return Ok(());
    }
    guard::lock(change, id, round.organiser_id.into()).await?;
    mentors::steps::end_pool(change, id).await
}

/// Looks again at the pairs of everybody who works somewhere: it may belong elsewhere now.
async fn review_employees(
    change: &mut Change,
    organisation: OrganisationId,
) -> Result<(), Problem> {
    let people = people::of_organisation(change.tx(), organisation).await?;
    let people: Vec<Uuid> = people.into_iter().map(|person| person.id).collect();
    pairs::flags::review_people(change, &people).await
}

/// Forgets a person: the pairs end, what was written in them goes, and so does all that the person
/// said, wished and was declared to be. What stays are ids, and that something happened.
async fn forget(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    // Nobody makes a pair of whoever is being forgotten.
    guard::lock_rounds_of(change, &[person.uuid()]).await?;
    let mut things = mentors::steps::forget(change, person).await?;
    things.extend(mentees::steps::forget(change, person).await?);
    things.extend(conflicts::store::forget(change, person).await?);
    things.extend(pairs::steps::forget(change, person).await?);
    history::forget_reasons(change, &things).await?;
    shared_imports::forgetting::forget_person(change, person.uuid(), &[]).await?;
    idempotency::forget_answers_about(change, &things).await?;
    erasure::acknowledge(change, person);
    Ok(())
}
