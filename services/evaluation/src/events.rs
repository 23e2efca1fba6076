//! What the facts of other services change here.

use crate::{certificates, credits, interviews, told};
use shared_database::Change;
use shared_events::Apply;
use shared_types::{
    PersonId, Problem,
    event::Event,
    facts::{self, PersonErased},
};

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        if !told::apply(change, event).await? {
            shared_projections::apply(change, event).await?;
        }
        if event.r#type == facts::PERSON_ERASED {
            let erased: PersonErased = event.fact()?;
            forget(change, erased.person_id).await?;
        }
        Ok(())
    }
}

/// Forgets a person: what says who it was, and what was written of the person alone.
async fn forget(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    credits::store::forget(change, person).await?;
    certificates::steps::forget(change, person).await?;
    interviews::steps::forget(change, person).await
}
