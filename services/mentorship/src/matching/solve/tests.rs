//! The search against brute force, its proof against mutations, and what it says about the rest.

mod flow;
mod oracle;
mod people;
mod proof;
mod properties;
mod wishes;

use super::*;
use crate::matching::{Bar, Barred, Blocking, Rule, Weights};
use people::{couple, mentee, mentor, of, person, small};

#[test]
fn nobody_and_nothing_is_matched_with_nobody() {
    let outcome = solve(&Input::default()).unwrap();
    assert_eq!(outcome.pairs, []);
    assert_eq!(outcome.totals, Totals::default());
}

#[test]
fn a_person_cannot_be_listed_twice() {
    let mut input = small(2, 2);
    input.mentees.push(mentee(1, 9));
    assert_eq!(solve(&input), Err(SolveError::RepeatedMentee(person(1))));
    let mut input = small(2, 2);
    input.mentors.push(mentor(101, 9));
    assert_eq!(solve(&input), Err(SolveError::RepeatedMentor(person(101))));
}

#[test]
fn the_score_of_a_pair_is_told_part_by_part() {
    let mut input = small(1, 1);
    let mentee = &mut input.mentees[0];
    mentee.wishes = vec![person(900), person(101)];
    mentee.competences = vec!["budget".into(), "crisis".into(), "politics".into()];
    mentee.terms.languages = vec!["sv".into(), "en".into()];
    let mentor = &mut input.mentors[0];
    mentor.competences = ["politics", "budget"].map(String::from).into();
    mentor.terms.languages = vec!["en".into()];
    let outcome = solve(&input).unwrap();
    let part = |criterion, level, points, because| score::part(criterion, level, (points, because));
    let expected = [
        // A wish for somebody outside the run does not count; the rank told is the person's own.
        part(
            Criterion::MenteeWish,
            Level::High,
            20,
            Because::Wish { rank: 2 },
        ),
        part(Criterion::MentorWish, Level::Medium, 0, Because::Nothing),
        part(
            Criterion::Competences,
            Level::High,
            40,
            Because::Competences {
                codes: vec!["budget".into(), "politics".into()],
            },
        ),
        part(
            Criterion::Languages,
            Level::Mandatory,
            50,
            Because::Language { tag: "en".into() },
        ),
        part(Criterion::Travel, Level::Medium, 0, Because::Unknown),
        part(Criterion::Form, Level::Low, 0, Because::Unknown),
        part(Criterion::Sector, Level::Low, 0, Because::Unknown),
    ];
    assert_eq!(outcome.pairs[0].parts, expected);
    assert_eq!(outcome.pairs[0].score, 4 * (20 + 40 + 50));
    assert_eq!(outcome.totals.score, 440);
}

#[test]
fn a_criterion_that_is_off_has_no_part() {
    let mut input = small(1, 1);
    for criterion in Criterion::ALL {
        input.weights = input.weights.with(criterion, Level::Off).unwrap();
    }
    assert_eq!(solve(&input).unwrap().pairs[0].parts, []);
}

#[test]
fn a_lock_is_kept_though_another_mentor_scores_higher() {
    let mut input = small(1, 2);
    input.mentees[0].wishes = vec![person(101)];
    assert_eq!(of(&input), [Some(101)]);
    input.locks.insert(couple(1, 102));
    assert_eq!(of(&input), [Some(102)]);
    let outcome = solve(&input).unwrap();
    assert!(outcome.pairs[0].is_locked && outcome.broken_locks.is_empty());
    assert_eq!(outcome.totals.locks_kept, 1);
}

#[test]
fn a_lock_that_would_leave_somebody_out_is_broken_and_told() {
    let mut input = small(2, 2);
    input.mentors[0].capacity = 1;
    input.mentors[1].capacity = 1;
    // 2 can only have 101.
    bar(&mut input, 2, 102, Bar::Conflict);
    input.locks.insert(couple(1, 101));
    assert_eq!(of(&input), [Some(102), Some(101)]);
    assert_eq!(broken(&input), [(couple(1, 101), LockRefusal::Outweighed)]);
}

#[test]
fn a_lock_against_a_rule_or_for_a_stranger_is_told() {
    let mut input = small(1, 1);
    bar(&mut input, 1, 101, Bar::Disagreement);
    input
        .locks
        .extend([couple(1, 101), couple(1, 102), couple(7, 101)]);
    let rules = LockRefusal::Rules(vec![Rule::NoDisagreement]);
    let expected = [
        (couple(1, 101), rules),
        (couple(1, 102), LockRefusal::NotInRun),
        (couple(7, 101), LockRefusal::NotInRun),
    ];
    assert_eq!(broken(&input), expected);
}

#[test]
fn of_equal_sets_that_with_fewer_long_journeys_is_taken() {
    let mut input = small(1, 2);
    let weights = input.weights.with(Criterion::Travel, Level::Off);
    input.weights = weights.unwrap();
    input.mentees[0].municipality = people::municipality(1);
    // 101 sits in municipality 2, 102 in 3, whatever the tie says.
    for (near, far, expected) in [(2, 3, 101), (3, 2, 102)] {
        input.places = people::places(&[(1, 0), (near, 10), (far, 500)]);
        assert_eq!(of(&input), [Some(expected)]);
    }
}

#[test]
fn what_blocks_is_the_smallest_set_around_the_unmatched() {
    // Mentees 1 to 3 are of municipality 1, as are mentors 101 and 102; 103 is of municipality 2.
    let mut input = small(4, 0);
    for mentee in &mut input.mentees[..3] {
        mentee.municipality = people::municipality(1);
    }
    input.mentees[3].municipality = people::municipality(2);
    input.mentors = vec![mentor(101, 1), mentor(102, 1), mentor(103, 2)];
    input.mentors[2].capacity = 2;
    let mut full = mentor(104, 3);
    full.taken = full.capacity;
    let mut without_office = mentor(105, 3);
    without_office.holds_office = false;
    input.mentors.extend([full, without_office]);
    let outcome = solve(&input).unwrap();
    let without: Vec<PersonId> = outcome.unmatched.iter().map(|one| one.mentee).collect();
    let expected = Blocking {
        mentees: [1, 2, 3].map(person).to_vec(),
        unmatched: without,
        mentors: vec![person(103)],
        places: 2,
        municipalities: vec![(people::municipality(1), 3)],
        excluded: vec![
            (Rule::EligibleOffice, 1),
            (Rule::Capacity, 1),
            (Rule::OtherMunicipality, 2),
        ],
    };
    assert_eq!(outcome.blocking, [expected]);
    assert_eq!(outcome.totals.pairs, 3);
}

#[test]
fn sets_that_share_no_mentor_are_told_apart() {
    let mut input = small(4, 2);
    for (id, not) in [(1, 102), (2, 102), (3, 101), (4, 101)] {
        bar(&mut input, id, not, Bar::Forbidden);
    }
    for mentor in &mut input.mentors {
        mentor.capacity = 1;
    }
    let outcome = solve(&input).unwrap();
    let sets: Vec<_> = outcome
        .blocking
        .iter()
        .map(|set| set.mentees.clone())
        .collect();
    assert_eq!(sets, [[1, 2].map(person), [3, 4].map(person)]);
    let of: Vec<usize> = outcome.unmatched.iter().map(|one| one.blocking).collect();
    assert_eq!(of, [0, 1]);
}

#[test]
fn the_digest_is_that_of_the_input() {
    let input = people::everything();
    let digest = digest::digest(&input);
    assert_eq!(solve(&input).unwrap().digest, digest);
    let mut turned = input.clone();
    turned.mentees.reverse();
    turned.mentors.reverse();
    assert_eq!(digest::digest(&turned), digest);
    let mut seen = vec![digest];
    for change in people::CHANGES {
        let mut changed = input.clone();
        change(&mut changed);
        assert_ne!(changed, input);
        let digest = digest::digest(&changed);
        assert!(!seen.contains(&digest), "change {}", seen.len());
        seen.push(digest);
    }
}

fn bar(input: &mut Input, mentee: u32, mentor: u32, bar: Bar) {
    let couple = couple(mentee, mentor);
    input.barred.insert(Barred { couple, bar });
}

fn broken(input: &Input) -> Vec<(Couple, LockRefusal)> {
    let outcome = solve(input).unwrap();
    let broken = outcome.broken_locks.into_iter();
    broken.map(|lock| (lock.couple, lock.because)).collect()
}

#[test]
fn weights_decide_what_counts() {
    let mut input = small(1, 2);
    input.mentees[0].wishes = vec![person(102)];
    input.mentees[0].terms.sector = Some("school".into());
    input.mentors[0].terms.sector = Some("school".into());
    input.mentors[1].terms.sector = Some("care".into());
    let weights = |wish, sector| -> Weights {
        let weights = Weights::default()
            .with(Criterion::MenteeWish, wish)
            .unwrap();
        weights.with(Criterion::Sector, sector).unwrap()
    };
    for (wish, sector, expected) in [
        (Level::High, Level::Off, 102),
        (Level::Off, Level::Low, 101),
        (Level::High, Level::Mandatory, 101),
    ] {
        input.weights = weights(wish, sector);
        assert_eq!(of(&input), [Some(expected)], "{wish:?} {sector:?}");
    }
}
