//! What the facts of other services change here.

use shared_database::Change;
use shared_events::Apply;
use shared_types::{Problem, event::Event};

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Copy, Debug)]
pub struct Facts;

impl Apply for Facts {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        shared_projections::apply(change, event).await?;
        Ok(())
    }
}
