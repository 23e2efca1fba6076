//! What the facts of other services change here.

use crate::{certificates, completion, credits, feedbacks, interviews, networks, surveys, told};
use shared_database::{Change, history, idempotency};
use shared_envelope::Keys;
use shared_events::{Apply, erasure};
use shared_projections::participations;
use shared_types::{
    PersonId, Problem,
    event::Event,
    facts::{self, PersonErased},
};

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Open what of an answer is still sealed, where its person is forgotten.
    pub keys: Keys,
}

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        if !told::apply(change, event).await? {
            shared_projections::apply(change, event).await?;
        }
        surveys::facts::follow(change, &self.keys, event).await?;
        if event.r#type == facts::PERSON_ERASED {
            let erased: PersonErased = event.fact()?;
            feedbacks::erasing::forget(change, &self.keys, erased.person_id).await?;
            networks::forgetting::forget(change, &self.keys, erased.person_id).await?;
            forget(change, erased.person_id).await?;
        }
        Ok(())
    }
}

/// Forgets a person: what says who it was, and what was written of the person alone.
async fn forget(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    // What was decided of the person and why: completion, credits and certificates.
    let mut things = completion::store::of_person(change.tx(), person).await?;
    things.extend(credits::store::forget(change, person).await?);
    things.extend(certificates::steps::forget(change, person).await?);
    interviews::steps::forget(change, person).await?;
    history::forget_reasons(change, &things).await?;
    let parts = participations::of_person(change.tx(), person).await?;
    things.extend(parts.into_iter().map(|part| part.id));
    idempotency::forget_answers_about(change, &things).await?;
    erasure::acknowledge(change, person);
    Ok(())
}
