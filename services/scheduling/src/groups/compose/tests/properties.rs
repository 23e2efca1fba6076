//! Properties over generated tasks, with a brute-force oracle for the small ones.

use super::super::{
    costs::{Ground, HARD, Table},
    search,
    shape::Shape,
};
use super::{super::*, oracle, person};
use proptest::prelude::*;
use uuid::Uuid;

fn members(people: usize) -> impl Strategy<Value = Vec<Member>> {
    let gender = prop_oneof![
        3 => Just(Gender::Woman),
        3 => Just(Gender::Man),
        1 => Just(Gender::Other),
        1 => Just(Gender::Undisclosed),
    ];
    let member = (
        proptest::option::weighted(0.9, 0_u128..4),
        0_u128..3,
        gender,
    );
    proptest::collection::vec(member, people).prop_map(|members| {
        (0..)
            .zip(members)
            .map(|(number, (municipality, department, gender))| Member {
                person: person(number),
                municipality: municipality.map(|id| Uuid::from_u128(1000 + id).into()),
                department: municipality
                    .map(|id| Uuid::from_u128(2000 + 10 * id + department).into()),
                gender,
            })
            .collect()
    })
}

prop_compose! {
    fn tasks(most: usize)(people in 2..=most)(
        members in members(people),
        managers in proptest::collection::btree_map(0..people, 0..people, 0..=people / 2),
        met in proptest::collection::btree_map((0..people, 0..people), 1_u32..4, 0..=people * 2),
        apart in proptest::collection::btree_set((0..people, 0..people), 0..=2),
        groups in 1..=people.min(4),
        locks in proptest::collection::btree_map(0..people, 0_usize..4, 0..=2),
        weights in [0_u32..=20, 0_u32..=20, 0_u32..=20, 0_u32..=20],
        seed in any::<u64>(),
    ) -> Task {
        let pair = |(one, other)| Pair::of(person(one), person(other));
        let differ = |one: usize, other: usize| one != other;
        Task {
            members,
            managers: managers.into_iter().map(|(one, other)| (person(one), person(other))).collect(),
            met: met.into_iter().filter(|&((a, b), _)| differ(a, b)).map(|(two, times)| (pair(two), times)).collect(),
            apart: apart.into_iter().filter(|&(a, b)| differ(a, b)).map(pair).collect(),
            locks: locks.into_iter().map(|(one, group)| (person(one), group % groups)).collect(),
            groups,
            weights: Weights {
                met_before: weights[0],
                municipality: weights[1],
                department: weights[2],
                gender: weights[3],
            },
            seed,
        }
    }
}

/// What the search alone finds, before anything is enumerated: broken rules and penalty.
fn searched(task: &Task) -> (i64, i64) {
    let ground = Ground::new(task);
    let shape = Shape::new(&ground);
    let table = Table::new(&ground, &shape);
    let least = score::bound(&ground, &table, &shape);
    let found = search::search(&table, &shape, least, task);
    let total = exact::total(&table, &found);
    (total / HARD, total % HARD)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_small_task_is_composed_exactly(task in tasks(8)) {
        let score = compose(&task).score;
        prop_assert!(score.optimal);
        prop_assert_eq!((score.broken, score.penalty), oracle::best(&task));
        prop_assert_eq!(score.unevenness, 0);
    }

    #[test]
    fn the_search_alone_is_within_a_hundredth_of_the_best(task in tasks(9)) {
        let (broken, penalty) = searched(&task);
        let (fewest, lowest) = oracle::best(&task);
        prop_assert_eq!(broken, i64::from(fewest));
        prop_assert!(penalty * 100 <= lowest * 101, "{} of {}", penalty, lowest);
    }

    #[test]
    fn nothing_goes_below_the_bounds(task in tasks(8)) {
        let score = compose(&task).score;
        prop_assert!(score.broken >= score.least_broken);
        prop_assert!(score.penalty >= score.least);
        for part in score.parts {
            prop_assert!(part.count >= part.least, "{:?}", part);
        }
    }

    #[test]
    fn names_of_people_do_not_matter_to_how_good_groups_are(task in tasks(8), turn in 1_u128..1000) {
        // Other ids, in another order: the best has the same score.
        let other = |id: PersonId| PersonId::from(Uuid::from_u128(
            (id.uuid().as_u128() * 7919 * turn) % 1_000_003,
        ));
        let other_pair = |pair: &Pair| {
            let [one, two] = pair.people();
            Pair::of(other(one), other(two))
        };
        let renamed = Task {
            members: task.members.iter().map(|member| Member { person: other(member.person), ..*member }).collect(),
            managers: task.managers.iter().map(|(one, two)| (other(*one), other(*two))).collect(),
            met: task.met.iter().map(|(pair, times)| (other_pair(pair), *times)).collect(),
            apart: task.apart.iter().map(other_pair).collect(),
            locks: task.locks.iter().map(|(one, group)| (other(*one), *group)).collect(),
            ..task.clone()
        };
        let (score, renamed) = (compose(&task).score, compose(&renamed).score);
        prop_assert_eq!((score.broken, score.penalty), (renamed.broken, renamed.penalty));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn everybody_has_one_group_the_locked_theirs_and_a_judgement_says_the_same(task in tasks(30)) {
        let composition = compose(&task);
        let mut all = composition.groups.concat();
        all.sort_unstable();
        let everybody: Vec<PersonId> = task.members.iter().map(|member| member.person).collect();
        prop_assert_eq!(all, everybody);
        for (person, &group) in &task.locks {
            prop_assert!(composition.groups[group].contains(person));
        }
        let judged = judge(&task, &composition.groups, composition.score.optimal);
        prop_assert_eq!(&judged.score, &composition.score);
        prop_assert_eq!(judged.score.unevenness, 0);
        let hard = judged.findings.iter().filter(|finding| {
            matches!(finding, Finding::Line { .. } | Finding::Apart { .. })
        });
        prop_assert_eq!(u32::try_from(hard.count()).unwrap(), judged.score.broken);
    }
}
