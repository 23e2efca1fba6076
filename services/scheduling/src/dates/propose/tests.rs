//! Planning against brute force, and against dates that were published.

mod oracle;
mod published;

use super::*;
use oracle::{brute_force, relaxed};
use proptest::prelude::*;

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn organisation(number: u128) -> OrganisationId {
    uuid::Uuid::from_u128(number).into()
}

fn spacing(at_least: u32, at_most: u32) -> Spacing {
    Spacing {
        at_least,
        at_most,
        ideal: Some(at_least.midpoint(at_most)),
    }
}

fn whole_days(count: usize) -> Vec<Hours> {
    vec![
        Hours {
            starts_at: at("10:00:00"),
            ends_at: at("16:00:00"),
        };
        count
    ]
}

const WORKING_DAYS: [Weekday; 5] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
];

/// Three days of residentials within a window.
fn question(from: &str, to: &str) -> Question {
    let occasion = Occasion {
        days: whole_days(2),
        spacing: spacing(5, 15),
        between: None,
        venues: vec![0, 1],
        leads: Vec::new(),
        facilitators_count: 1,
    };
    Question {
        window: Period {
            from: on(from),
            to: on(to),
        },
        weekdays: WORKING_DAYS.to_vec(),
        preferred_weekdays: vec![Weekday::Thu, Weekday::Fri],
        holidays_of: vec![Country::Sweden],
        half_days: Strength::Avoid,
        occasions: vec![occasion; 3],
        blackouts: Vec::new(),
        venues: vec![Calendar::default(); 2],
        facilitators: vec![Calendar::default(); 2],
        weights: Weights::default(),
        plans_count: 3,
        differ_in: 1,
    }
}

fn busy(all: &[(&str, &str)]) -> Calendar {
    let periods = all.iter().map(|(from, to)| Period {
        from: on(from),
        to: on(to),
    });
    Calendar {
        busy: periods.collect(),
    }
}

fn conflict(question: &Question) -> Conflict {
    let answer = propose(question);
    assert!(answer.plans.is_empty(), "{:?}", answer.plans);
    answer.conflict.unwrap()
}

#[test]
fn the_best_plan_stands_on_preferred_days_at_the_best_distance_in_the_first_venue() {
    let answer = propose(&question("2026-08-24", "2026-10-02"));
    let [best, second, third] = &answer.plans[..] else {
        panic!("{answer:?}");
    };
    // From Friday to Thursday there are 6 or 13 days; 13 is nearer to 10.
    assert_eq!((best.points, second.points), (6, 6));
    assert!(third.points >= 6);
    assert_eq!(
        best.parts,
        [Part {
            reason: Reason::Spacing,
            count: 6,
            points: 6
        }]
    );
    for slot in best.slots.iter().chain(&second.slots) {
        assert_eq!(slot.starts_on.format("%a").to_string(), "Thu");
        assert_eq!(slot.venue, Some(0));
        assert_eq!(slot.free_facilitators, [0, 1]);
    }
    assert_ne!(best.slots, second.slots);
}

#[test]
fn a_venue_is_changed_only_where_that_costs_less() {
    let mut asked = question("2026-08-24", "2026-10-02");
    asked.plans_count = 1;
    // Both full weeks in which the second residential could be best.
    asked.venues = vec![busy(&[("2026-09-09", "2026-09-18")]), Calendar::default()];
    let best = propose(&asked).plans.remove(0);
    let venues: Vec<_> = best.slots.iter().map(|slot| slot.venue).collect();
    assert_eq!(venues, [Some(1); 3], "{best:?}");
    // Now the second is dear: one goes where it must, and back.
    asked.weights.venue = 50;
    let best = propose(&asked).plans.remove(0);
    let of = |reason| {
        best.parts
            .iter()
            .find(|part| part.reason == reason)
            .map(|part| part.count)
    };
    assert_eq!(of(Reason::Venue), None, "{best:?}");
    assert!(of(Reason::Spacing) > Some(6) || of(Reason::Weekday).is_some());
}

#[test]
fn a_morning_on_a_half_day_costs_nothing_and_an_afternoon_does() {
    let mut asked = question("2026-10-26", "2026-11-01");
    asked.occasions.truncate(1);
    asked.occasions[0].days = whole_days(1);
    asked.occasions[0].between = Some(Period {
        from: on("2026-10-30"),
        to: on("2026-10-30"),
    });
    let reasons = |asked: &Question| {
        let best = propose(asked).plans.remove(0);
        best.parts
            .iter()
            .map(|part| part.reason)
            .collect::<Vec<_>>()
    };
    // The day before All Saints' Day, Saturday 31 October 2026.
    assert_eq!(reasons(&asked), [Reason::HalfDay]);
    asked.occasions[0].days[0].ends_at = at("12:00:00");
    assert_eq!(reasons(&asked), []);
    asked.half_days = Strength::Forbid;
    assert_eq!(reasons(&asked), []);
    asked.occasions[0].days[0].ends_at = at("12:30:00");
    let found = conflict(&asked);
    assert_eq!(
        found.constraints,
        [Constraint::HalfDays, Constraint::Between(0)]
    );
    asked.half_days = Strength::Ignore;
    assert_eq!(reasons(&asked), []);
}

#[test]
fn a_window_that_is_too_short_is_in_conflict_with_the_distances() {
    let asked = question("2026-08-24", "2026-09-04");
    let found = conflict(&asked);
    assert!(found.is_smallest);
    assert_eq!(
        found.constraints,
        [
            Constraint::Window,
            Constraint::AtLeast(1),
            Constraint::AtLeast(2)
        ]
    );
}

#[test]
fn venues_that_are_all_taken_are_all_named_and_a_third_that_is_free_ends_the_conflict() {
    let mut asked = question("2026-08-24", "2026-10-02");
    asked.venues = vec![busy(&[("2026-08-01", "2026-10-31")]); 2];
    let found = conflict(&asked);
    let expected = [
        Constraint::Window,
        Constraint::Venue(0),
        Constraint::Venue(1),
    ];
    assert_eq!(found.constraints, expected);
    asked.venues.push(Calendar::default());
    for occasion in &mut asked.occasions {
        occasion.venues.push(2);
    }
    assert_eq!(propose(&asked).plans.len(), 3);
}

#[test]
fn of_two_conflicts_the_smaller_one_is_named() {
    let mut asked = question("2026-08-24", "2026-09-04");
    // By itself the facilitator's calendar is as long as the window.
    asked.occasions[0].leads = vec![0];
    asked.facilitators[0] = busy(&[("2026-08-01", "2026-10-31")]);
    let found = conflict(&asked);
    assert_eq!(
        found.constraints,
        [Constraint::Window, Constraint::Facilitator(0)]
    );
    assert!(found.is_smallest);
}

#[test]
fn further_plans_differ_in_as_many_occasions_as_asked() {
    let mut asked = question("2026-08-24", "2026-12-18");
    asked.plans_count = 6;
    asked.differ_in = 3;
    let answer = propose(&asked);
    assert_eq!(answer.plans.len(), 6);
    for (place, one) in answer.plans.iter().enumerate() {
        for other in answer.plans.iter().skip(place + 1) {
            let same = one.slots.iter().zip(&other.slots);
            assert!(
                same.clone()
                    .all(|(one, other)| one.starts_on != other.starts_on)
            );
            assert!(one.points <= other.points);
        }
    }
}

#[test]
fn a_year_with_eight_occasions_three_venues_and_six_facilitators_is_planned() {
    let asked = published::year();
    let answer = propose(&asked);
    assert_eq!(answer.plans.len(), asked.plans_count);
    assert!(!answer.is_cut);
}

fn day(number: u32) -> NaiveDate {
    on("2026-04-27") + Days::new(number.into())
}

fn any_period() -> impl Strategy<Value = Period> {
    (0u32..26, 0u32..5).prop_map(|(from, length)| Period {
        from: day(from),
        to: day(from + length),
    })
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    proptest::collection::vec(any_period(), 0..3).prop_map(|busy| Calendar { busy })
}

fn any_strength() -> impl Strategy<Value = Strength> {
    prop_oneof![
        Just(Strength::Ignore),
        Just(Strength::Avoid),
        Just(Strength::Forbid)
    ]
}

fn any_occasion() -> impl Strategy<Value = Occasion> {
    let venues = prop_oneof![
        Just(vec![]),
        Just(vec![0]),
        Just(vec![0, 1]),
        Just(vec![1, 0])
    ];
    let leads = prop_oneof![3 => Just(vec![]), 1 => Just(vec![0])];
    (
        1usize..3,
        (1u32..6, 0u32..9, proptest::option::weighted(0.8, 0u32..9)),
        proptest::option::weighted(0.3, any_period()),
        venues,
        leads,
        0u32..3,
    )
        .prop_map(
            |(days, (at_least, more, ideal), between, venues, leads, count)| Occasion {
                days: whole_days(days),
                spacing: Spacing {
                    at_least,
                    at_most: at_least + more,
                    ideal: ideal.map(|ideal| at_least + ideal.min(more)),
                },
                between,
                venues,
                leads,
                facilitators_count: count,
            },
        )
}

fn any_question() -> impl Strategy<Value = Question> {
    let blackout = (1u128..4, any_period(), any_strength());
    (
        proptest::collection::vec(any_occasion(), 1..4),
        proptest::collection::vec(blackout, 0..4),
        proptest::collection::vec(any_calendar(), 2),
        proptest::collection::vec(any_calendar(), 2),
        (10u32..26, any_strength(), 1usize..3),
        (0u32..4, 0u32..7, 0u32..5),
    )
        .prop_map(
            |(occasions, blackouts, venues, facilitators, round, weights)| {
                let (length, half_days, differ_in) = round;
                let blackouts = blackouts
                    .into_iter()
                    .map(|(number, period, strength)| Blackout {
                        organisation: organisation(number),
                        period,
                        strength,
                    });
                Question {
                    // 1 May, Ascension Day and a bridge day of 2026 lie within.
                    window: Period {
                        from: day(0),
                        to: day(length),
                    },
                    half_days,
                    blackouts: blackouts.collect(),
                    occasions,
                    venues,
                    facilitators,
                    weights: Weights {
                        spacing: weights.0,
                        venue_change: weights.1,
                        bridge_day: weights.2,
                        ..Weights::default()
                    },
                    plans_count: 4,
                    differ_in,
                    ..question("2026-01-01", "2026-01-01")
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn plans_are_those_of_brute_force(asked in any_question()) {
        let mut left = brute_force(&asked);
        let answer = propose(&asked);
        prop_assert!(!answer.is_cut);
        prop_assert_eq!(answer.conflict.is_some(), answer.plans.is_empty());
        for plan in &answer.plans {
            let starts: Vec<_> = plan.slots.iter().map(|slot| slot.starts_on).collect();
            let best = left.iter().map(|(_, points)| *points).min();
            prop_assert_eq!(best, Some(plan.points), "{:?}", plan);
            let known = left.iter().find(|(known, _)| *known == starts);
            prop_assert_eq!(known.map(|(_, points)| *points), Some(plan.points));
            let sum: u32 = plan.parts.iter().map(|part| part.points).sum();
            prop_assert_eq!(sum, plan.points);
            left.retain(|(known, _)| {
                let differ = known.iter().zip(&starts).filter(|(one, other)| one != other);
                differ.count() >= asked.differ_in.min(asked.occasions.len())
            });
        }
        prop_assert!(answer.plans.len() == asked.plans_count || left.is_empty());
        prop_assert_eq!(propose(&asked), answer);
    }

    #[test]
    fn a_conflict_cannot_hold_and_nothing_smaller_is_one(asked in any_question()) {
        let Some(conflict) = propose(&asked).conflict else {
            return Ok(());
        };
        prop_assert!(conflict.is_smallest);
        let can_hold = |kept: &[Constraint]| !propose(&relaxed(&asked, kept)).plans.is_empty();
        prop_assert!(!can_hold(&conflict.constraints), "{:?}", conflict);
        let all = oracle::stated(&asked);
        let size = conflict.constraints.len();
        // Whatever is smaller by one can hold, and so can whatever is smaller still.
        for kept in oracle::subsets(&all, size - 1).take(60) {
            prop_assert!(can_hold(&kept), "{:?} is smaller than {:?}", kept, conflict);
        }
    }
}
