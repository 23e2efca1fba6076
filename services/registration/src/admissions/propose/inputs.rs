//! The canonical encoding of a proposal's inputs and its hash.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use shared_types::{Gender, OrganisationId};

use super::{Balance, Candidate, RULE_VERSION, Rules, Taken, in_canonical_order};

/// SHA-256 over every input of a proposal; the order of rows plays no part.
pub(super) fn hash(rules: &Rules, taken: &[Taken], candidates: &[Candidate]) -> [u8; 32] {
    let mut encoding = Encoding(Sha256::new());
    encoding.bytes(RULE_VERSION.as_bytes());
    encoding.rules(rules);

    let mut taken = taken.to_vec();
    taken.sort();
    encoding.list(&taken, |encoding, seat| {
        encoding.organisation(seat.municipality);
        encoding.gender(seat.gender);
    });

    encoding.list(&in_canonical_order(candidates), Encoding::candidate);
    encoding.0.finalize().into()
}

/// Writes values so that no two inputs share an encoding: fixed widths, and lengths before lists.
struct Encoding(Sha256);

impl Encoding {
    fn rules(&mut self, rules: &Rules) {
        self.number(rules.seats);
        self.number(rules.floor);
        self.optional(rules.ceiling);
        self.overrides(&rules.floors);
        self.overrides(&rules.ceilings);
        match rules.balance {
            Balance::Off => self.0.update([0]),
            Balance::TieBreak => self.0.update([1]),
            Balance::Target {
                women_permille,
                tolerance_permille,
            } => {
                self.0.update([2]);
                self.number(women_permille);
                self.number(tolerance_permille);
            }
        }
    }

    fn overrides(&mut self, overrides: &BTreeMap<OrganisationId, u32>) {
        self.length(overrides.len());
        for (&municipality, &count) in overrides {
            self.organisation(municipality);
            self.number(count);
        }
    }

    fn candidate(&mut self, candidate: &Candidate) {
        self.0.update(candidate.id.uuid().as_bytes());
        self.organisation(candidate.municipality);
        self.gender(candidate.gender);
        self.optional(candidate.rank);
        self.0
            .update(candidate.submitted_at.timestamp().to_be_bytes());
        self.number(candidate.submitted_at.timestamp_subsec_nanos());
    }

    fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.length(items.len());
        for item in items {
            write(self, item);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.update(bytes);
    }

    /// Eight bytes whatever the machine's word, so that the hash is the same everywhere.
    fn length(&mut self, length: usize) {
        self.0.update((length as u64).to_be_bytes());
    }

    fn optional(&mut self, number: Option<u32>) {
        self.0.update([u8::from(number.is_some())]);
        self.number(number.unwrap_or(0));
    }

    fn number(&mut self, number: u32) {
        self.0.update(number.to_be_bytes());
    }

    fn organisation(&mut self, id: OrganisationId) {
        self.0.update(id.uuid().as_bytes());
    }

    fn gender(&mut self, gender: Gender) {
        // Not the enum's own numbers: those may change with a variant's place in the source.
        self.0.update([match gender {
            Gender::Woman => 0,
            Gender::Man => 1,
            Gender::Other => 2,
            Gender::Undisclosed => 3,
        }]);
    }
}
