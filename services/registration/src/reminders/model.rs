//! When a reminder is due.

use chrono::{DateTime, TimeDelta, Utc};

/// How far the time for an answer has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Half of it.
    Half,
    /// Nine tenths of it.
    NineTenths,
}

impl Stage {
    /// All, the earliest first.
    pub const ALL: [Self; 2] = [Self::Half, Self::NineTenths];

    /// The stage's name in its row.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::NineTenths => "nine_tenths",
        }
    }

    const fn tenths(self) -> i32 {
        match self {
            Self::Half => 5,
            Self::NineTenths => 9,
        }
    }

    /// The instant at which it is reached between being asked and the end of the deadline.
    pub fn reached_at(self, asked_at: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
        let tenth = (end - asked_at) / 10;
        asked_at + tenth * self.tenths()
    }
}

/// Stages that are reached now, while there is still time to answer.
pub fn reached(asked_at: DateTime<Utc>, end: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Stage> {
    if now >= end || end - asked_at <= TimeDelta::zero() {
        return Vec::new();
    }
    let stages = Stage::ALL.into_iter();
    stages
        .filter(|stage| now >= stage.reached_at(asked_at, end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_reminder_is_due_at_half_and_nine_tenths_of_the_time_and_never_after_it() {
        let (asked, end) = (at("2022-04-01T00:00:00Z"), at("2022-04-11T00:00:00Z"));
        let stages = |now| reached(asked, end, at(now));
        assert!(stages("2022-04-05T23:59:59Z").is_empty());
        assert_eq!(stages("2022-04-06T00:00:00Z"), [Stage::Half]);
        assert_eq!(stages("2022-04-09T23:59:59Z"), [Stage::Half]);
        assert_eq!(stages("2022-04-10T00:00:00Z"), Stage::ALL);
        assert_eq!(stages("2022-04-10T23:59:59Z"), Stage::ALL);
        assert!(stages("2022-04-11T00:00:00Z").is_empty());
        assert!(reached(end, asked, at("2022-04-05T00:00:00Z")).is_empty());
    }
}
