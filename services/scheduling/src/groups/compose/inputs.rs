//! The canonical encoding of a task and its hash.

use super::{Member, Pair, RULE_VERSION, Task};
use sha2::{Digest as _, Sha256};
use shared_types::{Gender, PersonId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// SHA-256 over the rules' version and everything in a task, whatever the order of its rows.
pub fn inputs_hash(task: &Task) -> [u8; 32] {
    let mut encoding = Encoding(Sha256::new());
    encoding.length(RULE_VERSION.len());
    encoding.0.update(RULE_VERSION.as_bytes());
    let members: BTreeMap<PersonId, &Member> = task
        .members
        .iter()
        .map(|member| (member.person, member))
        .collect();
    encoding.length(members.len());
    for member in members.values() {
        encoding.member(member);
    }
    encoding.length(task.managers.len());
    for (&person, &manager) in &task.managers {
        encoding.id(person.uuid());
        encoding.id(manager.uuid());
    }
    encoding.length(task.met.len());
    for (&pair, &times) in &task.met {
        encoding.pair(pair);
        encoding.0.update(times.to_be_bytes());
    }
    encoding.length(task.apart.len());
    for &pair in &task.apart {
        encoding.pair(pair);
    }
    encoding.length(task.locks.len());
    for (&person, &group) in &task.locks {
        encoding.id(person.uuid());
        encoding.length(group);
    }
    encoding.length(task.groups);
    let weights = task.weights;
    for weight in [
        weights.met_before,
        weights.municipality,
        weights.department,
        weights.gender,
    ] {
        encoding.0.update(weight.to_be_bytes());
    }
    encoding.0.update(task.seed.to_be_bytes());
    encoding.0.finalize().into()
}

/// Writes values so that no two tasks share an encoding: fixed widths, and lengths before lists.
struct Encoding(Sha256);

impl Encoding {
    fn member(&mut self, member: &Member) {
        self.id(member.person.uuid());
        self.optional(member.municipality.map(Uuid::from));
        self.optional(member.department.map(Uuid::from));
        // Not the enum's own numbers: those may change with a variant's place in the source.
        self.0.update([match member.gender {
            Gender::Woman => 0,
            Gender::Man => 1,
            Gender::Other => 2,
            Gender::Undisclosed => 3,
        }]);
    }

    fn pair(&mut self, pair: Pair) {
        for person in pair.people() {
            self.id(person.uuid());
        }
    }

    fn optional(&mut self, id: Option<Uuid>) {
        self.0.update([u8::from(id.is_some())]);
        self.id(id.unwrap_or_default());
    }

    fn id(&mut self, id: Uuid) {
        self.0.update(id.as_bytes());
    }

    /// Eight bytes whatever the machine's word, so that the hash is the same everywhere.
    fn length(&mut self, length: usize) {
        self.0.update((length as u64).to_be_bytes());
    }
}
