//! The composition: its promises on small cases that a reader can check, and at full size.

mod oracle;
mod properties;

use super::*;
use shared_types::PersonId;
use uuid::Uuid;

fn person(number: usize) -> PersonId {
    Uuid::from_u128(number as u128 + 1).into()
}

fn pair(one: usize, other: usize) -> Pair {
    Pair::of(person(one), person(other))
}

/// People without anything in common.
fn strangers(people: usize, groups: usize) -> Task {
    Task {
        members: (0..people)
            .map(|number| Member {
                person: person(number),
                municipality: None,
                department: None,
                gender: Gender::Undisclosed,
            })
            .collect(),
        managers: BTreeMap::new(),
        met: BTreeMap::new(),
        apart: BTreeSet::new(),
        locks: BTreeMap::new(),
        groups,
        weights: Weights::default(),
        seed: 1,
    }
}

/// A round like the real ones: municipalities of all sizes, departments in them, two genders and
/// some who state none.
fn round(people: usize, municipalities: u128, groups: usize) -> Task {
    let mut task = strangers(people, groups);
    for (number, member) in (0_u128..).zip(&mut task.members) {
        let municipality = (number * number + 3 * number) % municipalities;
        member.municipality = Some(Uuid::from_u128(1000 + municipality).into());
        let department = 2000 + municipality * 5 + number % 5;
        member.department = Some(Uuid::from_u128(department).into());
        member.gender = match number % 9 {
            0 | 2 | 4 | 6 | 7 => Gender::Woman,
            8 => Gender::Undisclosed,
            _ => Gender::Man,
        };
    }
    task
}

fn sizes(composition: &Composition) -> Vec<usize> {
    let mut sizes: Vec<usize> = composition.groups.iter().map(Vec::len).collect();
    sizes.sort_unstable();
    sizes
}

fn group_of(composition: &Composition, number: usize) -> usize {
    let holds = |group: &Vec<PersonId>| group.contains(&person(number));
    composition.groups.iter().position(holds).unwrap()
}

fn part(score: &Score, aspect: Aspect) -> Part {
    *score
        .parts
        .iter()
        .find(|part| part.aspect == aspect)
        .unwrap()
}

fn findings(task: &Task, composition: &Composition) -> Vec<Finding> {
    judge(task, &composition.groups, composition.score.optimal).findings
}

#[test]
fn everybody_gets_one_group_and_sizes_differ_by_one_at_most() {
    for (people, groups) in [(1, 1), (7, 3), (24, 4), (25, 4), (27, 4), (200, 30), (3, 5)] {
        let composition = compose(&round(people, 7, groups));
        assert_eq!(composition.groups.len(), groups);
        let mut all: Vec<PersonId> = composition.groups.concat();
        all.sort_unstable();
        assert_eq!(all, (0..people).map(person).collect::<Vec<_>>());
        let sizes = sizes(&composition);
        assert!(sizes.last().unwrap() - sizes[0] <= 1, "{sizes:?}");
        assert_eq!(composition.score.unevenness, 0);
    }
}

#[test]
fn nobody_is_with_their_boss_or_their_bosss_boss_even_when_one_of_them_takes_no_part() {
    let mut task = strangers(6, 3);
    // 1 leads somebody who takes no part and who leads 0; 2 leads 3 and 4.
    let absent = person(99);
    task.managers = BTreeMap::from([
        (person(0), absent),
        (absent, person(1)),
        (person(3), person(2)),
        (person(4), person(2)),
    ]);
    for seed in 0..20 {
        task.seed = seed;
        let composition = compose(&task);
        assert_eq!(composition.score.broken, 0);
        for (junior, senior) in [(0, 1), (3, 2), (4, 2)] {
            assert_ne!(
                group_of(&composition, junior),
                group_of(&composition, senior)
            );
        }
    }
}

#[test]
fn a_line_that_comes_back_to_itself_ends() {
    let mut task = strangers(4, 2);
    task.managers = BTreeMap::from([
        (person(0), person(1)),
        (person(1), person(0)),
        (person(2), person(2)),
    ]);
    let composition = compose(&task);
    assert_ne!(group_of(&composition, 0), group_of(&composition, 1));
    assert_eq!(composition.score.broken, 0);
}

#[test]
fn municipalities_departments_and_genders_are_spread_as_evenly_as_can_be() {
    let task = round(24, 6, 4);
    let composition = compose(&task);
    let score = &composition.score;
    for part in &score.parts {
        assert_eq!(part.count, part.least, "{part:?}");
    }
    assert!(score.optimal);
    assert_eq!(score.penalty, score.least);
    assert_eq!(findings(&task, &composition), []);
}

#[test]
fn meetings_are_spread_over_the_whole_programme() {
    // 24 people in groups of 4, five times: everybody can meet 15 of 23 others, nobody twice.
    let mut task = strangers(24, 6);
    for session in 0..5 {
        task.seed = session;
        let composition = compose(&task);
        let part = part(&composition.score, Aspect::MetBefore);
        assert_eq!(part.count, 0, "in session {session}");
        for group in &composition.groups {
            for (place, &one) in group.iter().enumerate() {
                for &other in &group[..place] {
                    *task.met.entry(Pair::of(one, other)).or_default() += 1;
                }
            }
        }
    }
    assert!(task.met.values().all(|&times| times == 1));
    assert_eq!(task.met.len(), 5 * 36);
}

#[test]
fn whom_the_coordinator_keeps_apart_is_apart_and_who_is_locked_stays() {
    let mut task = round(12, 4, 3);
    task.apart = BTreeSet::from([pair(0, 1), pair(1, 2), pair(0, 2)]);
    task.locks = BTreeMap::from([(person(3), 2), (person(7), 2), (person(0), 1)]);
    for seed in 0..10 {
        task.seed = seed;
        let composition = compose(&task);
        for (number, group) in [(3, 2), (7, 2), (0, 1)] {
            assert_eq!(group_of(&composition, number), group);
        }
        let mut groups = [0, 1, 2].map(|number| group_of(&composition, number));
        groups.sort_unstable();
        assert_eq!(groups, [0, 1, 2]);
    }
}

#[test]
fn locks_that_fill_a_group_make_it_larger_and_the_others_even() {
    let mut task = strangers(10, 3);
    task.locks = (0..6).map(|number| (person(number), 1)).collect();
    let composition = compose(&task);
    assert_eq!(composition.groups[1].len(), 6);
    assert_eq!(sizes(&composition), [2, 2, 6]);
    assert_eq!(composition.score.unevenness, 0);
    let size = Finding::Size {
        group: 1,
        size: 6,
        usual: [2, 2],
    };
    assert_eq!(findings(&task, &composition), [size]);
}

#[test]
fn where_two_who_are_locked_break_a_rule_the_locks_are_named() {
    let mut task = strangers(6, 2);
    task.managers = BTreeMap::from([(person(0), person(1))]);
    task.locks = BTreeMap::from([(person(0), 1), (person(1), 1)]);
    let composition = compose(&task);
    assert_eq!(
        (composition.score.broken, composition.score.least_broken),
        (1, 1)
    );
    let line = Finding::Line {
        group: 1,
        junior: person(0),
        senior: person(1),
        cause: Cause::BothLocked,
    };
    assert_eq!(findings(&task, &composition), [line]);
}

#[test]
fn where_too_many_must_be_apart_they_are_named() {
    let mut task = strangers(6, 2);
    task.managers = BTreeMap::from([(person(0), person(1)), (person(1), person(2))]);
    let composition = compose(&task);
    assert_eq!(composition.score.broken, 1);
    assert!(composition.score.optimal);
    let found = findings(&task, &composition);
    let crowd = Cause::Crowd(vec![person(0), person(1), person(2)]);
    assert!(
        matches!(&found[..], [Finding::Line { cause, .. }] if *cause == crowd),
        "{found:?}"
    );
}

#[test]
fn a_boss_of_nearly_all_is_named() {
    let mut task = strangers(8, 2);
    task.managers = (1..7).map(|number| (person(number), person(0))).collect();
    let composition = compose(&task);
    // A group of four around person 0, of whom one only is no report.
    assert_eq!(composition.score.broken, 2);
    let surrounded = Cause::Surrounded {
        person: person(0),
        others: 1,
        needed: 3,
    };
    for finding in findings(&task, &composition) {
        assert!(
            matches!(&finding, Finding::Line { cause, .. } if *cause == surrounded),
            "{finding:?}"
        );
    }
}

#[test]
fn the_order_of_the_rows_changes_nothing_and_another_seed_the_groups_alone() {
    let task = round(40, 9, 6);
    let composition = compose(&task);
    let mut turned = task.clone();
    turned.members.reverse();
    turned.members.push(turned.members[0]);
    assert_eq!(compose(&turned), composition);
    let mut other = task;
    other.seed = 2;
    let other = compose(&other);
    assert_ne!(other.inputs_hash, composition.inputs_hash);
    assert_ne!(other.groups, composition.groups);
}

#[test]
fn the_hash_changes_with_everything_that_decides() {
    let task = round(6, 2, 2);
    let mut hashes = BTreeSet::from([compose(&task).inputs_hash]);
    let mut changes: Vec<fn(&mut Task)> = vec![
        |task| task.seed = 2,
        |task| task.groups = 3,
        |task| task.weights.gender = 4,
        |task| task.weights.department = 4,
        |task| task.weights.municipality = 4,
        |task| task.weights.met_before = 4,
    ];
    changes.push(|task| {
        task.locks.insert(person(0), 0);
    });
    changes.push(|task| {
        task.locks.insert(person(0), 1);
    });
    changes.push(|task| {
        task.apart.insert(pair(0, 1));
    });
    changes.push(|task| {
        task.met.insert(pair(0, 1), 1);
    });
    changes.push(|task| {
        task.met.insert(pair(0, 1), 2);
    });
    changes.push(|task| {
        task.managers.insert(person(0), person(1));
    });
    changes.push(|task| {
        task.managers.insert(person(1), person(0));
    });
    changes.push(|task| {
        task.members.pop();
    });
    changes.push(|task| task.members[0].gender = Gender::Other);
    changes.push(|task| task.members[0].municipality = None);
    changes.push(|task| task.members[0].department = None);
    for change in changes {
        let mut other = task.clone();
        change(&mut other);
        assert!(hashes.insert(compose(&other).inputs_hash));
    }
}

#[test]
fn a_division_by_hand_is_judged_by_the_same_rules() {
    let mut task = round(9, 3, 3);
    task.managers = BTreeMap::from([(person(1), person(0))]);
    let composition = compose(&task);
    let same = judge(&task, &composition.groups, false);
    assert_eq!(same.score.penalty, composition.score.penalty);
    let mut groups = composition.groups.clone();
    // The boss moves to the other's group.
    groups[group_of(&composition, 0)].retain(|&one| one != person(0));
    groups[group_of(&composition, 1)].push(person(0));
    let judged = judge(&task, &groups, false);
    assert_eq!(judged.score.broken, 1);
    assert_eq!(judged.score.unevenness, 2);
    assert!(!judged.score.optimal);
    let sizes = judged.findings.iter();
    let sizes = sizes.filter(|finding| matches!(finding, Finding::Size { .. }));
    assert_eq!(sizes.count(), 2);
    // Nothing forces it, and nobody says that something does.
    let line = judged.findings.iter().find_map(|finding| match finding {
        Finding::Line { cause, .. } => Some(cause),
        _ => None,
    });
    assert_eq!(line, Some(&Cause::NotProven));
}

#[test]
fn whoever_states_no_gender_is_no_reason_against_anyone() {
    let mut task = strangers(4, 2);
    task.members[0].gender = Gender::Other;
    task.members[1].gender = Gender::Other;
    let composition = judge(
        &task,
        &[vec![person(0), person(1)], vec![person(2), person(3)]],
        false,
    );
    assert_eq!(composition.score.penalty, 0);
    assert_eq!(composition.findings, []);
}
