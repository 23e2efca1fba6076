//! What the facts of other services change here.

use crate::{
    applications, erasures, feeds,
    mail::{self, Recipient},
    nominations, people,
};
use shared_database::Change;
use shared_events::Apply;
use shared_types::{
    Problem,
    evaluation::completion::COMPLETION_DECIDED,
    event::Event,
    facts::{self, MessageAddressed, MessageRequested},
    scheduling::cohorts::COHORT_PUBLISHED,
};

/// Takes the facts that registration wants.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        feeds::heard::keep(change, event).await?;
        match event.r#type.as_str() {
            facts::MESSAGE_REQUESTED => say(change, event.fact()?).await,
            facts::MESSAGE_ADDRESSED => write(change, event.fact()?).await,
            COMPLETION_DECIDED => applications::completion::complete(change, event.fact()?).await,
            facts::ERASURE_ACKNOWLEDGED => {
                erasures::steps::acknowledge(change, event.fact()?).await
            }
            COHORT_PUBLISHED => nominations::cohorts::nominate(change, event.fact()?).await,
            // Told for others; nothing follows from it here.
            _ => Ok(()),
        }
    }
}

/// Queues what another service wants said; nobody writes to a person who is not here any more.
async fn say(change: &Change, said: MessageRequested) -> Result<(), Problem> {
    let person = people::store::find(change.tx(), said.person_id).await?;
    let Some(person) = person.filter(|person| person.active) else {
        return Ok(());
    };
    let to = people::store::recipient(&person)?;
    Ok(mail::queue_told(change.tx(), change.actor.at, to, said).await?)
}

/// Queues what is said to somebody whose address another service was given, for a person who is
/// here still.
async fn write(change: &Change, said: MessageAddressed) -> Result<(), Problem> {
    let person = people::store::find(change.tx(), said.message.person_id).await?;
    if person.is_none_or(|person| !person.active) {
        return Ok(());
    }
    let to = Recipient {
        person: None,
        name: said.name,
        email: said.email,
        language: said.language,
    };
    Ok(mail::queue_told(change.tx(), change.actor.at, to, said.message).await?)
}
