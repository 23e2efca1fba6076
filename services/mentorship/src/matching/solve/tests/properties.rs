//! Properties over random runs: the best of all sets, whatever the order of rows; true reasons.

use super::oracle::{OURS, Oracle, Worth};
use super::people::whom;
use super::*;
use crate::matching::{Form, Mentee, Mentor, Terms, scores};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;

const MUNICIPALITIES: u32 = 4;

pub(super) fn any_level() -> impl Strategy<Value = Level> {
    proptest::sample::select(Level::ALL.to_vec())
}

pub(super) fn any_weights() -> impl Strategy<Value = Weights> {
    vec(any_level(), 7).prop_map(|levels| {
        let each = Criterion::ALL.into_iter().zip(levels);
        each.fold(Weights::default(), |weights, (criterion, level)| {
            // A wish cannot be mandatory.
            let high = weights.with(criterion, level.min(Level::High)).unwrap();
            high.with(criterion, level).unwrap_or(high)
        })
    })
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let language = prop_oneof![Just("sv"), Just("da"), Just("en")].prop_map(String::from);
    let form = prop_oneof![
        Just(Form::InPerson),
        Just(Form::Digital),
        Just(Form::Telephone)
    ];
    let sector = prop_oneof![Just("care"), Just("school")].prop_map(String::from);
    (vec(language, 0..3), vec(form, 0..3), option::of(sector)).prop_map(
        |(languages, forms, sector)| Terms {
            languages,
            forms,
            sector,
        },
    )
}

fn any_competence() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["budget", "crisis", "politics", "staff"]).prop_map(String::from)
}

/// Mentees 1 to 5, mentors 101 to 105, and 6 and 106 who are nobody here.
fn any_mentee_id() -> impl Strategy<Value = PersonId> {
    (1..7_u32).prop_map(person)
}

fn any_mentor_id() -> impl Strategy<Value = PersonId> {
    (101..107_u32).prop_map(person)
}

fn any_mentee(id: u32) -> impl Strategy<Value = Mentee> {
    (
        0..MUNICIPALITIES,
        btree_set(any_mentor_id(), 0..2),
        btree_set(any_mentor_id(), 0..2),
        vec(any_mentor_id(), 0..7),
        vec(any_competence(), 0..4),
        any_terms(),
    )
        .prop_map(
            move |(of, endorsers, managers, wishes, competences, terms)| Mentee {
                endorsers,
                managers,
                wishes,
                competences,
                terms,
                ..mentee(id, of)
            },
        )
}

fn any_mentor(id: u32) -> impl Strategy<Value = Mentor> {
    (
        (0..MUNICIPALITIES, prop::bool::weighted(0.9)),
        btree_set(any_mentee_id(), 0..2),
        (1..4_u32, 0..3_u32),
        vec(any_mentee_id(), 0..7),
        btree_set(any_competence(), 0..4),
        any_terms(),
    )
        .prop_map(
            move |((of, holds_office), managers, (capacity, taken), wishes, competences, terms)| {
                Mentor {
                    holds_office,
                    managers,
                    capacity,
                    taken,
                    wishes,
                    competences,
                    terms,
                    ..mentor(id, of)
                }
            },
        )
}

fn any_couple() -> impl Strategy<Value = Couple> {
    (any_mentee_id(), any_mentor_id()).prop_map(|(mentee, mentor)| Couple { mentee, mentor })
}

fn any_bar() -> impl Strategy<Value = Bar> {
    prop_oneof![
        Just(Bar::Conflict),
        Just(Bar::Disagreement),
        Just(Bar::Forbidden)
    ]
}

/// Runs small enough to try every set.
pub(super) fn any_input() -> impl Strategy<Value = Input> {
    let mentees = (0..6_u32).prop_flat_map(|count| (1..=count).map(any_mentee).collect::<Vec<_>>());
    let mentors =
        (0..6_u32).prop_flat_map(|count| (101..101 + count).map(any_mentor).collect::<Vec<_>>());
    let barred = (any_couple(), any_bar()).prop_map(|(couple, bar)| Barred { couple, bar });
    let kilometres = vec(0..400_i32, MUNICIPALITIES as usize - 1);
    (
        mentees,
        mentors,
        any_weights(),
        btree_set(any_couple(), 0..6),
        btree_set(barred, 0..5),
        kilometres,
    )
        .prop_map(|(mentees, mentors, weights, locks, barred, kilometres)| {
            let places: Vec<(u32, i32)> = (0..).zip(kilometres).collect();
            Input {
                mentees,
                mentors,
                weights,
                locks,
                barred,
                places: people::places(&places),
                long_journey_minutes: 90,
            }
        })
}

/// What an outcome is worth by its own account, ties aside.
fn worth(outcome: &Outcome) -> (u32, u32, u64, u32) {
    let Totals {
        pairs,
        locks_kept,
        score,
        long_journeys,
        ..
    } = outcome.totals;
    (pairs, locks_kept, score, long_journeys)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_outcome_is_the_best_of_all_sets(input in any_input()) {
        let outcome = solve(&input).unwrap();
        let (best, whom_each) = Oracle::new(&input, OURS).best();
        prop_assert_eq!(whom(&outcome, &input), whom_each);
        let Worth { pairs, locks, score, long_journeys, .. } = best;
        prop_assert_eq!(worth(&outcome), (pairs, locks, score, long_journeys.0));
    }

    #[test]
    fn the_order_of_rows_plays_no_part(
        (input, shuffled) in any_input().prop_flat_map(|input| {
            let mentees = Just(input.mentees.clone()).prop_shuffle();
            let mentors = Just(input.mentors.clone()).prop_shuffle();
            (Just(input), mentees, mentors).prop_map(|(input, mentees, mentors)| {
                let shuffled = Input { mentees, mentors, ..input.clone() };
                (input, shuffled)
            })
        })
    ) {
        prop_assert_eq!(solve(&input), solve(&shuffled));
    }

    #[test]
    fn the_table_says_what_the_rules_and_the_score_say(input in any_input()) {
        let oracle = Oracle::new(&input, OURS);
        let scores = scores(&input).unwrap();
        let mentors: Vec<PersonId> = scores.mentors().collect();
        for mentee in &oracle.mentees {
            let row: Vec<_> = scores.of(mentee.id).collect();
            for mentor in &oracle.mentors {
                let column = mentors.iter().position(|id| *id == mentor.id);
                let told = column.and_then(|column| row[column]);
                let expected = oracle.may_be(mentee, mentor).then(|| {
                    let worth = oracle.worth(mentee, mentor);
                    (u32::try_from(worth.score).unwrap(), worth.long_journeys.0 == 1)
                });
                prop_assert_eq!(told, expected);
            }
        }
    }

    #[test]
    fn parts_add_up_and_no_pair_breaks_a_rule_or_a_capacity(input in any_input()) {
        let outcome = solve(&input).unwrap();
        let oracle = Oracle::new(&input, OURS);
        for pair in &outcome.pairs {
            let mentee = oracle.mentees.iter().find(|one| one.id == pair.couple.mentee).unwrap();
            let mentor = oracle.mentors.iter().find(|one| one.id == pair.couple.mentor).unwrap();
            prop_assert_eq!(refusals(&input, mentee, mentor), []);
            prop_assert_eq!(pair.score, oracle.score(mentee, mentor));
            prop_assert_eq!(pair.score, pair.parts.iter().map(|part| part.score).sum::<u32>());
        }
        for mentor in &input.mentors {
            let pairs = outcome.pairs.iter().filter(|pair| pair.couple.mentor == mentor.id);
            prop_assert!(pairs.count() <= mentor.free() as usize);
        }
    }

    #[test]
    fn a_blocking_set_blocks_and_none_of_one_mentee_is_smaller(input in any_input()) {
        let outcome = solve(&input).unwrap();
        let oracle = Oracle::new(&input, OURS);
        let mut told = BTreeSet::new();
        for (index, set) in outcome.blocking.iter().enumerate() {
            prop_assert_eq!(set.mentees.len(), set.places as usize + set.unmatched.len());
            let mentors = neighbours(&oracle, &set.mentees);
            prop_assert_eq!(&set.mentors, &mentors.keys().copied().collect::<Vec<_>>());
            prop_assert_eq!(set.places, mentors.values().sum::<u32>());
            for &mentee in &set.unmatched {
                prop_assert!(told.insert((mentee, index)));
                prop_assert!(set.mentees.contains(&mentee));
            }
            if let [only] = set.unmatched.as_slice() {
                check_smallest(&oracle, &outcome, set, *only)?;
            }
        }
        let unmatched = outcome.unmatched.iter().map(|one| (one.mentee, one.blocking));
        prop_assert_eq!(told, unmatched.collect::<BTreeSet<_>>());
        prop_assert_eq!(outcome.pairs.len() + outcome.unmatched.len(), input.mentees.len());
    }
}

/// The mentors whom the rules leave to any of these mentees, with their free places.
fn neighbours(oracle: &Oracle, mentees: &[PersonId]) -> BTreeMap<PersonId, u32> {
    let mentees = oracle
        .mentees
        .iter()
        .filter(|one| mentees.contains(&one.id));
    let mentees: Vec<_> = mentees.collect();
    let mentors = oracle.mentors.iter();
    mentors
        .filter(|mentor| mentees.iter().any(|mentee| oracle.may_be(mentee, mentor)))
        .map(|mentor| (mentor.id, mentor.free()))
        .collect()
}

/// No set blocks `only`, and nobody else without a mentor, with fewer mentees.
fn check_smallest(
    oracle: &Oracle,
    outcome: &Outcome,
    set: &Blocking,
    only: PersonId,
) -> Result<(), TestCaseError> {
    let paired: Vec<PersonId> = outcome
        .pairs
        .iter()
        .map(|pair| pair.couple.mentee)
        .collect();
    for mask in 0_u32..1 << paired.len() {
        let chosen = (0..).zip(&paired).filter(|(bit, _)| mask >> bit & 1 == 1);
        let mut mentees: Vec<PersonId> = chosen.map(|(_, id)| *id).collect();
        mentees.push(only);
        let places: u32 = neighbours(oracle, &mentees).values().sum();
        if mentees.len() > places as usize {
            prop_assert!(mentees.len() >= set.mentees.len());
        }
    }
    Ok(())
}

#[test]
fn random_runs_contain_what_matters() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut blocked, mut locks, mut broken, mut long) = (0, 0, 0, 0);
    for _ in 0..1_000 {
        let input = any_input().new_tree(&mut runner).unwrap().current();
        let outcome = solve(&input).unwrap();
        blocked += usize::from(!outcome.blocking.iter().all(|set| set.mentors.is_empty()));
        locks += outcome.totals.locks_kept;
        let outweighed = |lock: &&BrokenLock| lock.because == LockRefusal::Outweighed;
        broken += outcome.broken_locks.iter().filter(outweighed).count();
        long += outcome.totals.long_journeys;
    }
    assert!(
        blocked > 20 && locks > 20 && broken > 10 && long > 20,
        "{blocked} {locks} {broken} {long}"
    );
}
