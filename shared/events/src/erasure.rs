//! Telling that a person was forgotten.

use serde_json::json;
use shared_database::Change;
use shared_types::{
    PersonId,
    facts::{ERASURE_ACKNOWLEDGED, ErasureAcknowledged},
};

/// Tells, in the change in which a service forgets a person, that it has done so. Registration
/// counts these: a person is erased once every service has said so.
pub fn acknowledge(change: &mut Change, person: PersonId) {
    let fact = ErasureAcknowledged {
        person_id: person,
        service: change.source().to_owned(),
    };
    change.publish(ERASURE_ACKNOWLEDGED, person, json!(fact));
}
