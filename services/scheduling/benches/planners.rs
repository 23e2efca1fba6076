//! How long the planners take: a year's round with 8 occasions, 3 venues and 6 facilitators (to
//! stay below 200 ms), and rounds for 1,000 managers, from scratch and again (below 5 s).
//!
//! `cargo bench -p scheduling --bench planners` prints the median of some runs of each, and fails
//! where a ceiling is passed.

#![expect(
    clippy::unwrap_used,
    reason = "a bench stops where something is not as expected"
)]
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use scheduling::{
    cohorts::assign::{Person, Round, assign},
    dates::propose::{
        Blackout, Calendar, Hours, Occasion, Period, Question, Spacing, Strength, Weights, propose,
    },
};
use shared_types::holidays::Country;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: NaiveDate, count: u64) -> Period {
    Period {
        from: first,
        to: first + Days::new(count - 1),
    }
}

fn occasion(days_count: usize, venues: &[usize], (at_least, at_most): (u32, u32)) -> Occasion {
    let hours = Hours {
        starts_at: NaiveTime::from_hms_opt(10, 0, 0).unwrap(),
        ends_at: NaiveTime::from_hms_opt(16, 0, 0).unwrap(),
    };
    Occasion {
        days: vec![hours; days_count],
        spacing: Spacing {
            at_least,
            at_most,
            ideal: Some(at_least.midpoint(at_most)),
        },
        between: None,
        venues: venues.to_vec(),
        leads: Vec::new(),
        facilitators_count: 2,
    }
}

/// A kick-off, five residentials, a reserve date and a ceremony; thirteen councils that meet.
fn year() -> Question {
    let venues = [0, 1, 2];
    let mut occasions = vec![occasion(1, &[], (1, 1))];
    occasions.extend(vec![occasion(2, &venues, (7, 45)); 5]);
    occasions.push(occasion(1, &venues, (14, 45)));
    occasions.push(occasion(1, &venues, (7, 45)));
    let first = on("2026-08-31");
    let councils = (0..13u64).flat_map(|council| {
        (0..9u64).map(move |month| Blackout {
            organisation: Uuid::from_u128(council.into()).into(),
            period: days(first + Days::new(council % 5 + month * 28), 1),
            strength: if council % 3 == 0 {
                Strength::Forbid
            } else {
                Strength::Avoid
            },
        })
    });
    let away = |from: u64, every: u64, count: u64| Calendar {
        busy: (0..8)
            .map(|time| days(first + Days::new(from + time * every), count))
            .collect(),
    };
    Question {
        window: Period {
            from: on("2026-08-17"),
            to: on("2027-06-30"),
        },
        weekdays: vec![
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ],
        preferred_weekdays: vec![Weekday::Thu, Weekday::Fri],
        holidays_of: vec![Country::Sweden, Country::Denmark],
        half_days: Strength::Avoid,
        occasions,
        blackouts: councils.collect(),
        venues: (0..3).map(|venue| away(venue * 11, 41, 12)).collect(),
        facilitators: (0..6).map(|one| away(one * 9, 37, 7)).collect(),
        weights: Weights::default(),
        plans_count: 5,
        differ_in: 2,
    }
}

/// The same without a day between the residentials that would do.
fn impossible() -> Question {
    let mut asked = year();
    asked.half_days = Strength::Forbid;
    asked.window.to = on("2026-10-31");
    asked
}

fn week(number: u64) -> Period {
    days(on("2026-08-31") + Days::new(number * 7), 5)
}

/// A city's managers: leaders of leaders, each away in up to three of the weeks.
fn managers(count: u128, rounds_count: u64) -> Vec<Person> {
    let mut chance = 7u64;
    let mut below = move |most: u64| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % most
    };
    let manager = |number: u128| {
        let first = number - number % 23;
        let leader = match number % 23 {
            0 => None,
            place if place % 8 == 1 => Some(first),
            place => Some(number - (place - 1) % 8),
        };
        Person {
            id: Uuid::from_u128(number).into(),
            department: Some(Uuid::from_u128(number / 46).into()),
            leader: leader.map(|leader| Uuid::from_u128(leader).into()),
            away: (0..below(4)).map(|_| week(below(rounds_count))).collect(),
            before: None,
            is_locked: false,
        }
    };
    (0..count).map(manager).collect()
}

fn rounds(count: u64, capacity: u32) -> Vec<Round> {
    let round = |number: u64| Round {
        id: Uuid::from_u128(number.into()).into(),
        capacity,
        meets: vec![week(number)],
    };
    (0..count).map(round).collect()
}

/// What a year's dates may take, and rounds for everyone.
const DATES: Duration = Duration::from_millis(200);
const ROUNDS: Duration = Duration::from_secs(5);

/// Runs of each; the median tells.
const RUNS: usize = 7;

fn measure<T>(name: &str, ceiling: Duration, work: impl Fn() -> T) {
    let mut all = [Duration::ZERO; RUNS];
    for took in &mut all {
        let begun = Instant::now();
        black_box(work());
        *took = begun.elapsed();
    }
    all.sort_unstable();
    let median = all[RUNS / 2];
    println!("{name}: {median:.1?} of {ceiling:?}");
    // What is not optimised is only printed.
    assert!(
        cfg!(debug_assertions) || median < ceiling,
        "{name} took {median:?}"
    );
}

fn main() {
    let asked = year();
    measure("dates of a year", DATES, || propose(black_box(&asked)));
    let asked = impossible();
    measure("why there are no dates", DATES, || {
        propose(black_box(&asked))
    });
    let (mut people, rounds) = (managers(1_000, 40), rounds(40, 26));
    measure("rounds for a thousand", ROUNDS, || {
        assign(black_box(&people), black_box(&rounds))
    });
    let plan = assign(&people, &rounds);
    for (place, (person, row)) in people.iter_mut().zip(&plan.rows).enumerate() {
        person.before = row.round;
        let met = rounds.iter().find(|round| Some(round.id) == row.round);
        if let (true, Some(round)) = (place % 50 == 0, met) {
            person.away.extend(round.meets.iter().copied());
        }
    }
    measure("rounds for a thousand, again", ROUNDS, || {
        assign(black_box(&people), black_box(&rounds))
    });
}
