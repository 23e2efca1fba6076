//! "Ledarskap i kommuner" 2022/2023: the dates that were published, and a year of its pattern.

use super::*;

const ROUNDS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../src/demo/seeds/rounds.json"
));

/// Kick-off, five residentials of two days, a reserve date, a ceremony.
fn pattern() -> Question {
    let hours = |starts_at, ends_at| Hours {
        starts_at: at(starts_at),
        ends_at: at(ends_at),
    };
    let occasion = |days, spacing, venues: &[usize]| Occasion {
        days,
        spacing,
        between: None,
        venues: venues.to_vec(),
        leads: Vec::new(),
        facilitators_count: 2,
    };
    let residential = vec![hours("10:00:00", "17:00:00"), hours("09:00:00", "16:00:00")];
    let mut occasions = vec![occasion(
        vec![hours("13:15:00", "15:00:00")],
        spacing(7, 45),
        &[],
    )];
    occasions.extend(vec![occasion(residential, spacing(7, 45), &[0, 1, 2]); 5]);
    let day = vec![hours("10:00:00", "16:00:00")];
    occasions.push(occasion(day.clone(), spacing(14, 45), &[0, 1, 2]));
    occasions.push(occasion(day, spacing(7, 45), &[0, 1, 2]));
    Question {
        window: Period {
            from: on("2022-08-15"),
            to: on("2023-03-31"),
        },
        occasions,
        venues: vec![Calendar::default(); 3],
        facilitators: vec![Calendar::default(); 6],
        plans_count: 5,
        ..question("2022-08-15", "2023-03-31")
    }
}

/// A year's round, with calendars as they are.
pub(super) fn year() -> Question {
    let mut asked = pattern();
    asked.window = Period {
        from: on("2026-08-17"),
        to: on("2027-06-30"),
    };
    asked.differ_in = 2;
    asked.venues = vec![
        busy(&[("2026-09-01", "2026-09-20"), ("2026-12-01", "2027-01-10")]),
        busy(&[("2026-10-05", "2026-11-13")]),
        busy(&[("2027-02-01", "2027-02-28")]),
    ];
    asked.facilitators = (0..6u64)
        .map(|one| {
            let from = on("2026-08-20") + Days::new(one * 9);
            let away = (0..8u64).map(|time| Period {
                from: from + Days::new(time * 37),
                to: from + Days::new(time * 37 + 6),
            });
            Calendar {
                busy: away.collect(),
            }
        })
        .collect();
    asked.blackouts = (1..14u128)
        .flat_map(|number| {
            let first = on("2026-08-31") + Days::new(u64::try_from(number).unwrap() % 5);
            (0..9u64).map(move |month| {
                let council = first + Days::new(month * 28);
                Blackout {
                    organisation: organisation(number),
                    period: Period {
                        from: council,
                        to: council,
                    },
                    strength: if number % 3 == 0 {
                        Strength::Forbid
                    } else {
                        Strength::Avoid
                    },
                }
            })
        })
        .collect();
    asked
}

/// First and last day of every occasion that was published; of the ceremony, its month.
fn published() -> Vec<Period> {
    let rounds: serde_json::Value = serde_json::from_str(ROUNDS).unwrap();
    let body = rounds.pointer("/0/body").unwrap();
    assert_eq!(
        body.pointer("/name/sv").unwrap(),
        "Ledarskap i kommuner 2022/2023"
    );
    let occasions = body.get("occasions").unwrap().as_array().unwrap();
    let date = |one: &serde_json::Value, name: &str| on(one.get(name).unwrap().as_str().unwrap());
    occasions
        .iter()
        .map(|one| Period {
            from: date(one, "startsOn"),
            to: date(one, "endsOn"),
        })
        .collect()
}

fn as_published() -> Question {
    let mut asked = pattern();
    for (occasion, period) in asked.occasions.iter_mut().zip(published()) {
        occasion.between = Some(period);
    }
    asked
}

#[test]
fn the_published_dates_are_a_plan_of_the_pattern() {
    let asked = as_published();
    assert_eq!(asked.occasions.len(), published().len());
    let plan = propose(&asked).plans.remove(0);
    for (slot, period) in plan.slots.iter().zip(published()).take(7) {
        assert_eq!((slot.starts_on, slot.ends_on), (period.from, period.to));
    }
    let ceremony = plan.slots.last().unwrap();
    assert_eq!(ceremony.starts_on.format("%Y-%m").to_string(), "2023-03");
    // Friday 4 November 2022 is the day before All Saints' Day, and they meet until four.
    let half_days = plan
        .parts
        .iter()
        .find(|part| part.reason == Reason::HalfDay);
    assert_eq!(half_days.map(|part| part.count), Some(1));
    let freely = propose(&pattern()).plans.remove(0);
    assert!(freely.points < plan.points);
}

#[test]
fn with_half_days_forbidden_the_published_dates_cannot_be() {
    let mut asked = as_published();
    asked.half_days = Strength::Forbid;
    let found = conflict(&asked);
    assert_eq!(
        found.constraints,
        [Constraint::HalfDays, Constraint::Between(3)]
    );
    assert!(found.is_smallest);
}
