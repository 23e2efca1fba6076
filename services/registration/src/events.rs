//! What the facts of other services change here.

use crate::{api, applications, mail, nominations, people};
use shared_database::Change;
use shared_events::Apply;
use shared_types::{
    Problem,
    evaluation::completion::COMPLETION_DECIDED,
    event::Event,
    facts::{self, MessageRequested},
    scheduling::cohorts::COHORT_PUBLISHED,
};

/// Takes the facts that registration wants.
#[derive(Clone, Debug)]
pub struct Facts {
    types: Vec<&'static str>,
}

impl Facts {
    /// Takes what this service wants.
    #[expect(
        clippy::new_without_default,
        reason = "there is nothing that it could be without"
    )]
    pub fn new() -> Self {
        Self {
            types: facts::wanted_by(api::NAME),
        }
    }
}

impl Apply for Facts {
    fn types(&self) -> &[&str] {
        &self.types
    }

    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        match event.r#type.as_str() {
            facts::MESSAGE_REQUESTED => say(change, event.fact()?).await,
            COMPLETION_DECIDED => applications::completion::complete(change, event.fact()?).await,
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
