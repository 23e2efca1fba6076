//! The canonical encoding of what a plan of rounds was computed from, and its hash.

use super::{Person, RULE_VERSION, Round};
use crate::dates::propose::Period;
use chrono::Datelike as _;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// SHA-256 over the rules' version and everything that a plan is computed from, whatever the order
/// of its rows. It tells whether two plans had the same inputs, and nothing of what they were.
pub fn inputs_hash(people: &[Person], rounds: &[Round]) -> [u8; 32] {
    let mut encoding = Encoding(Sha256::new());
    encoding.length(RULE_VERSION.len());
    encoding.0.update(RULE_VERSION.as_bytes());
    let people: BTreeMap<_, _> = people.iter().map(|person| (person.id, person)).collect();
    encoding.length(people.len());
    for person in people.values() {
        encoding.id(person.id.uuid());
        encoding.optional(person.department.map(Uuid::from));
        encoding.optional(person.leader.map(Uuid::from));
        encoding.periods(&person.away);
        encoding.optional(person.before.map(Uuid::from));
        encoding.0.update([u8::from(person.is_locked)]);
    }
    let rounds: BTreeMap<_, _> = rounds.iter().map(|round| (round.id, round)).collect();
    encoding.length(rounds.len());
    for round in rounds.values() {
        encoding.id(round.id.uuid());
        encoding.0.update(round.capacity.to_be_bytes());
        encoding.periods(&round.meets);
    }
    encoding.0.finalize().into()
}

/// Writes values so that no two questions share an encoding: fixed widths, and lengths before
/// lists.
struct Encoding(Sha256);

impl Encoding {
    fn periods(&mut self, periods: &[Period]) {
        let mut days: Vec<(i32, i32)> = periods
            .iter()
            .map(|one| (one.from.num_days_from_ce(), one.to.num_days_from_ce()))
            .collect();
        days.sort_unstable();
        self.length(days.len());
        for (from, to) in days {
            self.0.update(from.to_be_bytes());
            self.0.update(to.to_be_bytes());
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
