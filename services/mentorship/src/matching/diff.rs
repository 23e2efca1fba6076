//! What changes between two outcomes: the preview of other weights, or of another pool.

use super::{Outcome, Totals};
use shared_types::PersonId;
use std::collections::{BTreeMap, BTreeSet};

/// The difference between two outcomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Mentees whose mentor changes, by id; also those who gain or lose one.
    pub changes: Vec<Change>,
    /// Mentees of both whose mentor stays (or who stay without).
    pub kept: u32,
    /// Sums of the first.
    pub before: Totals,
    /// Sums of the second.
    pub after: Totals,
}

/// One mentee's change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor in the first outcome, with the pair's score there.
    pub before: Option<(PersonId, u32)>,
    /// The mentor in the second outcome, with the pair's score there.
    pub after: Option<(PersonId, u32)>,
}

/// Compares two outcomes mentee by mentee. Who is in one of them alone counts as without a mentor in
/// the other.
pub fn diff(before: &Outcome, after: &Outcome) -> Diff {
    let mentors = |outcome: &Outcome| -> BTreeMap<PersonId, Option<(PersonId, u32)>> {
        let pairs = outcome
            .pairs
            .iter()
            .map(|pair| (pair.couple.mentee, Some((pair.couple.mentor, pair.score))));
        let unmatched = outcome.unmatched.iter().map(|one| (one.mentee, None));
        pairs.chain(unmatched).collect()
    };
    let (first, second) = (mentors(before), mentors(after));
    let everybody: BTreeSet<PersonId> = first.keys().chain(second.keys()).copied().collect();
    let mut changes = Vec::new();
    let mut kept = 0;
    for mentee in everybody {
        let before = first.get(&mentee).copied().flatten();
        let after = second.get(&mentee).copied().flatten();
        if before.map(|(mentor, _)| mentor) == after.map(|(mentor, _)| mentor) {
            kept += 1;
        } else {
            changes.push(Change {
                mentee,
                before,
                after,
            });
        }
    }
    Diff {
        changes,
        kept,
        before: before.totals,
        after: after.totals,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Couple, Pair, Unmatched};
    use uuid::Uuid;

    fn person(number: u128) -> PersonId {
        Uuid::from_u128(number).into()
    }

    fn outcome(pairs: &[(u128, u128, u32)], unmatched: &[u128]) -> Outcome {
        let pair = |&(mentee, mentor, score): &(u128, u128, u32)| Pair {
            couple: Couple {
                mentee: person(mentee),
                mentor: person(mentor),
            },
            score,
            parts: Vec::new(),
            is_locked: false,
            is_long_journey: false,
        };
        let without = |&mentee: &u128| Unmatched {
            mentee: person(mentee),
            blocking: 0,
        };
        Outcome {
            pairs: pairs.iter().map(pair).collect(),
            unmatched: unmatched.iter().map(without).collect(),
            blocking: Vec::new(),
            broken_locks: Vec::new(),
            totals: Totals {
                score: pairs.iter().map(|pair| u64::from(pair.2)).sum(),
                ..Totals::default()
            },
            digest: [0; 32],
        }
    }

    #[test]
    fn only_who_gets_another_mentor_gains_or_loses_one_has_changed() {
        let before = outcome(
            &[(1, 11, 40), (2, 12, 60), (3, 13, 20), (6, 16, 5)],
            &[4, 5],
        );
        let after = outcome(&[(1, 11, 80), (2, 13, 50), (4, 12, 10)], &[3, 5]);
        let diff = diff(&before, &after);
        let with = |mentor, score| Some((person(mentor), score));
        let expected = [
            (2, with(12, 60), with(13, 50)),
            (3, with(13, 20), None),
            (4, None, with(12, 10)),
            // In the first alone.
            (6, with(16, 5), None),
        ];
        let changes = expected.map(|(mentee, before, after)| Change {
            mentee: person(mentee),
            before,
            after,
        });
        assert_eq!(diff.changes, changes);
        assert_eq!(diff.kept, 2);
        assert_eq!((diff.before.score, diff.after.score), (125, 140));
    }
}
