//! What the facts of other services change here.

use crate::api;
use shared_database::Change;
use shared_events::Apply;
use shared_types::{Problem, event::Event, facts};

/// Takes facts: first what everybody knows, then what follows from it here.
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
        shared_projections::apply(change, event).await?;
        Ok(())
    }
}
