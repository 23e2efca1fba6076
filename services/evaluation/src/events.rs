//! What the facts of other services change here.

use crate::{api, surveys};
use shared_database::Change;
use shared_envelope::Keys;
use shared_events::Apply;
use shared_types::{Problem, event::Event, facts};

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Debug)]
pub struct Facts {
    types: Vec<&'static str>,
    keys: Keys,
}

impl Facts {
    /// Takes what this service wants.
    pub fn new(keys: Keys) -> Self {
        Self {
            types: facts::wanted_by(api::NAME),
            keys,
        }
    }
}

impl Apply for Facts {
    fn types(&self) -> &[&str] {
        &self.types
    }

    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        shared_projections::apply(change, event).await?;
        surveys::facts::follow(change, &self.keys, event).await
    }
}
