//! Counts a participant's programme days, in quarters of a day: pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use shared_types::{
    SessionId,
    scheduling::attendance::{AttendanceOutlook, AttendanceStatus, DayCount, DayHalf, HalfDay},
};
use std::collections::{BTreeMap, BTreeSet};

/// Quarters of a day.
const DAY: i32 = 4;
/// Quarters of a half day.
const HALF: i32 = 2;
/// Minutes before a day's start at which marking opens.
const OPENS_MINUTES: i64 = 15;

/// Both halves of a day.
pub const HALVES: [DayHalf; 2] = [DayHalf::First, DayHalf::Second];

/// When marking of a day opens.
pub fn opens_at(starts: DateTime<Utc>) -> DateTime<Utc> {
    starts - TimeDelta::minutes(OPENS_MINUTES)
}

/// A day of a session that is for the participant.
#[derive(Clone, Debug)]
pub struct SessionDay {
    /// The session.
    pub session_id: SessionId,
    /// The day's number within it.
    pub number: i32,
    /// The date.
    pub date: NaiveDate,
    /// When it starts.
    pub starts: DateTime<Utc>,
    /// Whether it is a programme day; days of a reserve date that replaces nothing are none.
    pub counts: bool,
    /// What was marked of its halves.
    pub marks: [AttendanceStatus; 2],
}

/// What a participant's days are counted from.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Days that the round promises, where it does.
    pub promised_days: Option<i32>,
    /// Every day of sessions that are held and are for the participant.
    pub days: Vec<SessionDay>,
    /// Half days that the participant's tasks are worth.
    pub task_half_days: i32,
}

/// Quarters of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Of the programme.
    pub total: i32,
    /// Of presence.
    pub present: i32,
    /// Made up for.
    pub made_up: i32,
    /// Excused.
    pub excused: i32,
    /// Absent.
    pub absent: i32,
    /// Begun and not marked.
    pub unknown: i32,
    /// To come.
    pub ahead: i32,
    /// Promised, and given by no session.
    pub not_offered: i32,
}

/// How much a status counts, of a half day.
const fn worth(status: AttendanceStatus) -> i32 {
    match status {
        AttendanceStatus::Present => HALF,
        AttendanceStatus::Partial => HALF / 2,
        AttendanceStatus::Unknown | AttendanceStatus::Excused | AttendanceStatus::Absent => 0,
    }
}

/// Of two sessions on one date the worse counts: the day is one programme day, and both were to
/// be attended.
const fn rank(status: AttendanceStatus) -> i32 {
    match status {
        AttendanceStatus::Unknown => 0,
        AttendanceStatus::Absent => 1,
        AttendanceStatus::Excused => 2,
        AttendanceStatus::Partial => 3,
        AttendanceStatus::Present => 4,
    }
}

impl Count {
    /// Counts a participant's days.
    pub fn of(case: &Case, now: DateTime<Utc>) -> Self {
        let mut halves: BTreeMap<(NaiveDate, usize), (AttendanceStatus, bool)> = BTreeMap::new();
        let counting = case.days.iter().filter(|day| day.counts);
        for day in counting {
            let has_begun = opens_at(day.starts) <= now;
            for (half, status) in day.marks.into_iter().enumerate() {
                let entry = halves
                    .entry((day.date, half))
                    .or_insert((status, has_begun));
                if rank(status) < rank(entry.0) {
                    entry.0 = status;
                }
                entry.1 |= has_begun;
            }
        }
        let dates: BTreeSet<NaiveDate> = halves.keys().map(|(date, _)| *date).collect();
        let planned = i32::try_from(dates.len()).unwrap_or(i32::MAX / DAY) * DAY;
        let total = case.promised_days.map_or(planned, |days| days * DAY);
        let mut count = Self {
            total,
            not_offered: (total - planned).max(0),
            ..Self::default()
        };
        for (status, has_begun) in halves.into_values() {
            count.present += worth(status);
            match status {
                AttendanceStatus::Excused => count.excused += HALF,
                AttendanceStatus::Absent => count.absent += HALF,
                AttendanceStatus::Unknown if has_begun => count.unknown += HALF,
                AttendanceStatus::Unknown => count.ahead += HALF,
                // What is missing of a half day was missed without a reason that counts.
                AttendanceStatus::Partial => count.absent += HALF - HALF / 2,
                AttendanceStatus::Present => {}
            }
        }
        let spare = case.days.iter().filter(|day| !day.counts);
        let spare: i32 = spare.flat_map(|day| day.marks).map(worth).sum();
        let offered = spare + case.task_half_days * HALF;
        count.made_up = offered.min(count.excused + count.not_offered);
        count
    }

    /// Quarters that count; never more than the programme has.
    pub fn counted(&self) -> i32 {
        (self.present + self.made_up).min(self.total)
    }

    /// How it stands, if this share of the programme has to be reached.
    pub fn outlook(&self, required_percent: i32) -> AttendanceOutlook {
        // Rounded up to a whole quarter: what is required is reached, not nearly reached.
        let required = (self.total * required_percent + 99) / 100;
        let within = |quarters: i32| quarters.min(self.total);
        let best = within(self.present + self.made_up + self.unknown + self.ahead);
        let possible =
            within(self.present + self.unknown + self.ahead + self.excused + self.not_offered);
        let to_lose = DAY.min(self.unknown + self.ahead);
        if possible < required {
            AttendanceOutlook::OutOfReach
        } else if best - to_lose < required {
            AttendanceOutlook::AtRisk
        } else {
            AttendanceOutlook::OnTrack
        }
    }

    /// The count in days.
    pub fn in_days(&self) -> DayCount {
        let days = |quarters: i32| f64::from(quarters) / f64::from(DAY);
        DayCount {
            counted: days(self.counted()),
            total: days(self.total),
            present: days(self.present),
            made_up: days(self.made_up),
            excused: days(self.excused),
            absent: days(self.absent),
            unknown: days(self.unknown),
            ahead: days(self.ahead),
            not_offered: days(self.not_offered),
        }
    }
}

/// Every half day of a case.
pub fn half_days(case: &Case) -> Vec<HalfDay> {
    let halves = case.days.iter().flat_map(|day| {
        HALVES
            .into_iter()
            .zip(day.marks)
            .map(|(half, status)| HalfDay {
                session_id: day.session_id,
                day: day.number,
                date: day.date,
                half,
                status,
            })
    });
    halves.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use AttendanceStatus::{Absent, Excused, Partial, Present, Unknown};
    use proptest::prelude::*;

    const NOW: &str = "2023-01-01T00:00:00Z";

    fn day(date: &str, counts: bool, marks: [AttendanceStatus; 2]) -> SessionDay {
        SessionDay {
            session_id: SessionId::new(),
            number: 1,
            date: date.parse().unwrap(),
            starts: format!("{date}T08:00:00Z").parse().unwrap(),
            counts,
            marks,
        }
    }

    fn count(case: &Case) -> Count {
        Count::of(case, NOW.parse().unwrap())
    }

    #[test]
    fn you_are_at_ten_and_a_half_of_twelve_days() {
        let mut days: Vec<_> = (1..=10)
            .map(|n| day(&format!("2022-09-{n:02}"), true, [Present, Present]))
            .collect();
        days.push(day("2022-09-11", true, [Present, Absent]));
        days.push(day("2022-09-12", true, [Absent, Absent]));
        let counted = count(&Case {
            days,
            ..Case::default()
        });
        let days = counted.in_days();
        assert!(
            (days.counted - 10.5).abs() < f64::EPSILON && (days.total - 12.0).abs() < f64::EPSILON
        );
        assert_eq!((counted.absent, counted.unknown), (6, 0));
    }

    #[test]
    fn a_date_with_two_sessions_is_one_day_and_the_worse_of_both_counts() {
        let days = vec![
            day("2022-09-01", true, [Present, Present]),
            day("2022-09-01", true, [Present, Absent]),
        ];
        let counted = count(&Case {
            days,
            ..Case::default()
        });
        assert_eq!((counted.total, counted.present, counted.absent), (4, 2, 2));
    }

    #[test]
    fn what_is_excused_can_be_made_up_and_what_is_missed_can_not() {
        let case = |marks, task_half_days| Case {
            days: vec![
                day("2022-09-01", true, marks),
                day("2022-09-02", true, [Present, Present]),
            ],
            task_half_days,
            ..Case::default()
        };
        assert_eq!(count(&case([Excused, Excused], 1)).counted(), 6);
        assert_eq!(count(&case([Excused, Excused], 2)).counted(), 8);
        assert_eq!(count(&case([Excused, Excused], 9)).counted(), 8);
        assert_eq!(count(&case([Absent, Absent], 9)).counted(), 4);
        assert_eq!(count(&case([Partial, Present], 9)).counted(), 7);
    }

    #[test]
    fn presence_on_a_reserve_date_makes_up() {
        let days = vec![
            day("2022-09-01", true, [Excused, Excused]),
            day("2022-12-01", false, [Present, Partial]),
        ];
        let counted = count(&Case {
            days,
            ..Case::default()
        });
        assert_eq!((counted.total, counted.made_up), (4, 3));
    }

    #[test]
    fn a_task_fills_what_the_round_promises_and_no_session_gives() {
        let mut case = Case {
            promised_days: Some(2),
            days: vec![day("2022-09-01", true, [Present, Present])],
            task_half_days: 0,
        };
        assert_eq!(count(&case).not_offered, 4);
        assert_eq!(count(&case).counted(), 4);
        case.task_half_days = 2;
        assert_eq!(count(&case).counted(), 8);
    }

    #[test]
    fn unmarked_days_are_unknown_once_they_can_be_marked_and_ahead_before() {
        let days = vec![
            day("2022-12-31", true, [Unknown, Unknown]),
            day("2023-01-02", true, [Unknown, Unknown]),
        ];
        let case = Case {
            days,
            ..Case::default()
        };
        assert_eq!((count(&case).unknown, count(&case).ahead), (4, 4));
        let opening =
            |minute: &str| Count::of(&case, format!("2023-01-02T07:{minute}Z").parse().unwrap());
        assert_eq!(opening("44:59").unknown, 4);
        assert_eq!(opening("45:00").unknown, 8);
    }

    #[test]
    fn whoever_is_about_to_fall_short_is_told_apart() {
        use AttendanceOutlook::{AtRisk, OnTrack, OutOfReach};
        // Of ten days, seven attended or missed as given, three to come; eight are required.
        let outlook = |missed: usize, marks: [AttendanceStatus; 2]| {
            let mut days: Vec<_> = (1..=7)
                .map(|n| {
                    let marks = if n <= missed {
                        marks
                    } else {
                        [Present, Present]
                    };
                    day(&format!("2022-09-{n:02}"), true, marks)
                })
                .collect();
            days.extend((1..=3).map(|n| day(&format!("2023-09-{n:02}"), true, [Unknown, Unknown])));
            count(&Case {
                days,
                ..Case::default()
            })
            .outlook(80)
        };
        assert_eq!(outlook(0, [Absent, Absent]), OnTrack);
        assert_eq!(outlook(1, [Absent, Absent]), OnTrack);
        assert_eq!(outlook(2, [Absent, Absent]), AtRisk);
        assert_eq!(outlook(3, [Absent, Absent]), OutOfReach);
        assert_eq!(outlook(3, [Excused, Excused]), AtRisk);
        assert_eq!(outlook(2, [Partial, Present]), OnTrack);
    }

    fn status() -> impl Strategy<Value = AttendanceStatus> {
        prop_oneof![
            Just(Unknown),
            Just(Present),
            Just(Partial),
            Just(Excused),
            Just(Absent)
        ]
    }

    proptest! {
        #[test]
        fn every_quarter_of_a_planned_day_is_counted_once(
            marks in prop::collection::vec((1u32..28, any::<bool>(), status(), status()), 0..30),
            promised in prop::option::of(0i32..30),
            tasks in 0i32..20,
        ) {
            let days = marks.iter().map(|(n, counts, one, two)| day(&format!("2022-09-{n:02}"), *counts, [*one, *two]));
            let case = Case { promised_days: promised, days: days.collect(), task_half_days: tasks };
            let counted = count(&case);
            let dates: BTreeSet<_> = case.days.iter().filter(|day| day.counts).map(|day| day.date).collect();
            let planned = i32::try_from(dates.len()).unwrap() * DAY;
            prop_assert_eq!(counted.present + counted.excused + counted.absent + counted.unknown + counted.ahead, planned);
            prop_assert!(counted.counted() <= counted.total);
            prop_assert!(counted.made_up <= counted.excused + counted.not_offered);
            prop_assert_eq!(counted.total, promised.map_or(planned, |days| days * DAY));
        }
    }
}
