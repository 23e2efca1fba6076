//! Wishes cannot be gamed by naming fewer.
//!
//! The property: a mentee who leaves off the last wishes, or the first, never gets a mentor who stands
//! higher on the full list than the one the full list would have got, and never a mentor instead of
//! nobody. It holds because a list of `k` wishes that count gives its last one step, and each before it
//! a step more. Leaving off wishes at an end takes from every mentor at least as many points as from
//! any who stands lower on the full list, unnamed ones and nobody included. So let the full list bring
//! `b` and the shorter one `a`, which the full list places above `b`. With the full list the best set
//! with `b` is better than any with `a`; the shorter list takes from `a` at least what it takes from
//! `b`; so it is still better, and the shorter list would not have brought `a`.
//!
//! Points for ranks alone, whatever the list's length, do not have the property: the control shows it.

use super::oracle::{OURS, Oracle, Scheme};
use super::properties::any_input;
use super::*;
use proptest::prelude::*;

/// The usual way: 100 for the first, 80 for the second, …
const BY_RANK: Scheme = |place, _| 100 - 20 * u32::try_from(place).unwrap_or(5);

/// Where a mentor stands for the mentee: the place in the full list, then the unnamed, then nobody.
fn standing(list: &[PersonId], got: Option<u32>) -> usize {
    let Some(mentor) = got else {
        return usize::MAX;
    };
    let place = list.iter().position(|wish| *wish == person(mentor));
    place.unwrap_or(usize::MAX - 1)
}

/// What the first mentee gets with the full list and with a part of it.
fn full_and_part(
    input: &Input,
    part: &[PersonId],
    best: impl Fn(&Input) -> Vec<Option<u32>>,
) -> (usize, usize) {
    let list = input.mentees[0].wishes.clone();
    let full = best(input)[0];
    let mut shorter = input.clone();
    shorter.mentees[0].wishes = part.to_vec();
    let got = best(&shorter)[0];
    (standing(&list, full), standing(&list, got))
}

fn with_five_wishes(mut input: Input) -> Input {
    let wishes = score::distinct(&input.mentees[0].wishes, 5);
    let wishes = wishes.into_iter().copied().collect();
    input.mentees[0].wishes = wishes;
    input
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn leaving_off_wishes_at_either_end_gains_nothing(
        input in any_input().prop_filter("nobody wishes", |input| !input.mentees.is_empty()),
        from in 0..5_usize,
        to in 0..6_usize,
    ) {
        let input = with_five_wishes(input);
        let part = |list: &[PersonId]| -> Vec<PersonId> {
            let to = to.min(list.len());
            list[from.min(to)..to].to_vec()
        };
        let list = part(&input.mentees[0].wishes);
        let (full, got) = full_and_part(&input, &list, people::of);
        prop_assert!(full <= got, "the full list brings {full}, the shorter one {got}");
    }

    #[test]
    fn a_mentor_with_one_place_gains_nothing_either(
        input in any_input().prop_filter("nobody wishes", |input| !input.mentors.is_empty()),
        from in 0..5_usize,
        to in 0..6_usize,
    ) {
        let mut input = input;
        let mentor = &mut input.mentors[0];
        (mentor.capacity, mentor.taken) = (1, 0);
        let list: Vec<PersonId> =
            score::distinct(&mentor.wishes, 5).into_iter().copied().collect();
        mentor.wishes.clone_from(&list);
        let got = |input: &Input| {
            let outcome = solve(input).unwrap();
            let own = |pair: &&Pair| pair.couple.mentor == input.mentors[0].id;
            outcome.pairs.iter().find(own).map(|pair| people::number(pair.couple.mentee))
        };
        let full = got(&input);
        let to = to.min(list.len());
        input.mentors[0].wishes = list[from.min(to)..to].to_vec();
        prop_assert!(standing(&list, full) <= standing(&list, got(&input)));
    }
}

/// Mentors 101 and 102 have one place each. Mentee 1 would rather have 101, mentee 2 rather 102, but
/// works in the sector of 101.
fn contested() -> Input {
    let mut input = small(2, 2);
    for criterion in Criterion::ALL {
        let counts = matches!(criterion, Criterion::MenteeWish | Criterion::Sector);
        let level = if counts { Level::Low } else { Level::Off };
        input.weights = input.weights.with(criterion, level).unwrap();
    }
    input.mentees[0].wishes = vec![person(101), person(102)];
    input.mentees[1].wishes = vec![person(102), person(101)];
    input.mentees[1].terms.sector = Some("care".into());
    input.mentors[0].terms.sector = Some("care".into());
    input.mentors[1].terms.sector = Some("school".into());
    input
}

#[test]
fn points_by_rank_alone_would_be_gamed_and_ours_are_not() {
    let input = contested();
    let first = |list: &[PersonId]| list[..1].to_vec();
    let list = first(&input.mentees[0].wishes);
    // Full: 1–102 and 2–101 have 80 + 180, more than 100 + 100. By naming 101 alone mentee 1 makes that
    // 0 + 180, less than 100 + 100, and gets the first wish.
    let by_rank = |input: &Input| Oracle::new(input, BY_RANK).best().1;
    assert_eq!(full_and_part(&input, &list, by_rank), (1, 0));
    // Ours: 20 + 120 against 40 + 40, and with one name 0 + 120 against 20 + 40.
    let ours = |input: &Input| Oracle::new(input, OURS).best().1;
    assert_eq!(full_and_part(&input, &list, ours), (1, 1));
    assert_eq!(full_and_part(&input, &list, people::of), (1, 1));
}

#[test]
fn names_that_rules_exclude_do_not_raise_the_first() {
    let mut input = contested();
    // 1 fills up the list with strangers: as if 101 alone were named.
    input.mentees[0].wishes = [101, 900, 901, 902, 903].map(person).to_vec();
    assert_eq!(people::of(&input), [Some(102), Some(101)]);
    let scores = crate::matching::scores(&input).unwrap();
    let of: Vec<_> = scores.of(person(1)).collect();
    assert_eq!(of, [Some((20, false)), Some((0, false))]);
}
