//! Switches by which tests break the promises of one survey. The feature is switched on by tests
//! alone.

use std::{collections::HashSet, sync::Mutex};
use uuid::Uuid;

/// What is done wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A link is looked at, and used later.
    NoSingleUse,
    /// Sheets are kept in the order in which they come.
    NoMixing,
}

static BROKEN: Mutex<Option<HashSet<(Uuid, Fault)>>> = Mutex::new(None);

/// From now on this is done wrongly for a survey.
pub fn switch_on(survey: Uuid, fault: Fault) {
    if let Ok(mut broken) = BROKEN.lock() {
        broken.get_or_insert_default().insert((survey, fault));
    }
}

/// Whether this is done wrongly.
pub fn is_on(survey: Uuid, fault: Fault) -> bool {
    let broken = BROKEN.lock();
    broken.is_ok_and(|broken| {
        broken
            .as_ref()
            .is_some_and(|all| all.contains(&(survey, fault)))
    })
}
