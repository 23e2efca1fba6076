//! When a reminder is due: by working days, so that nobody's half is a week of holidays.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use shared_types::{civil, holidays::Country};

/// Days that are looked at between being asked and the deadline.
const MOST_DAYS: i64 = 1000;

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

    /// The instant at which it is reached between being asked and the end of the deadline: only
    /// time on working days of the zone's country counts. Where there is none, all of it does.
    pub fn reached_at(
        self,
        asked_at: DateTime<Utc>,
        end: DateTime<Utc>,
        zone: Tz,
    ) -> DateTime<Utc> {
        let mut spans = working_spans(asked_at, end, zone);
        if spans.is_empty() {
            spans = vec![(asked_at, end)];
        }
        let whole: TimeDelta = spans.iter().map(|(from, to)| *to - *from).sum();
        let mut left = whole / 10 * self.tenths();
        for (from, to) in spans {
            if left <= to - from {
                return from + left;
            }
            left -= to - from;
        }
        end
    }
}

/// The parts of a time that lie on working days.
fn working_spans(
    asked_at: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: Tz,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let first = civil::date_in(asked_at, zone);
    if civil::end_of_day(first, zone) >= end || (end - asked_at).num_days() > MOST_DAYS {
        return Vec::new();
    }
    let country = Country::of_zone(zone);
    let mut spans = Vec::new();
    let mut from = asked_at;
    for day in first.iter_days() {
        let to = civil::end_of_day(day, zone).min(end);
        if is_working_day(country, day) {
            spans.push((from, to));
        }
        from = to;
        if to >= end {
            break;
        }
    }
    spans
}

/// Where no calendar is known, weekends alone are free.
fn is_working_day(country: Option<Country>, day: NaiveDate) -> bool {
    match country {
        Some(country) => country.is_working_day(day),
        None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// Stages that are reached now, while there is still time to answer.
pub fn reached(
    asked_at: DateTime<Utc>,
    end: DateTime<Utc>,
    zone: Tz,
    now: DateTime<Utc>,
) -> Vec<Stage> {
    if now >= end || end - asked_at <= TimeDelta::zero() {
        return Vec::new();
    }
    let stages = Stage::ALL.into_iter();
    stages
        .filter(|stage| now >= stage.reached_at(asked_at, end, zone))
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
        // Ten working days from Monday to Friday of the week after.
        let (asked, end) = (at("2022-03-14T00:00:00Z"), at("2022-03-26T00:00:00Z"));
        let stages = |now| reached(asked, end, Tz::UTC, at(now));
        assert!(stages("2022-03-18T23:59:59Z").is_empty());
        assert_eq!(stages("2022-03-19T00:00:00Z"), [Stage::Half]);
        assert_eq!(stages("2022-03-24T23:59:59Z"), [Stage::Half]);
        assert_eq!(stages("2022-03-25T00:00:00Z"), Stage::ALL);
        assert_eq!(stages("2022-03-25T23:59:59Z"), Stage::ALL);
        assert!(stages("2022-03-26T00:00:00Z").is_empty());
        assert!(reached(end, asked, Tz::UTC, at("2022-03-15T00:00:00Z")).is_empty());
    }

    #[test]
    fn holidays_of_the_country_do_not_count() {
        // Good Friday to Easter Monday lie between; each country's Thursday is its own.
        let (asked, end) = (at("2022-04-12T22:00:00Z"), at("2022-04-20T22:00:00Z"));
        let half = |zone| Stage::Half.reached_at(asked, end, zone);
        // Wednesday, Thursday, Tuesday, Wednesday.
        assert_eq!(half(Tz::Europe__Stockholm), at("2022-04-14T22:00:00Z"));
        // Maundy Thursday is a holiday in Denmark: Wednesday, Tuesday, Wednesday.
        assert_eq!(half(Tz::Europe__Copenhagen), at("2022-04-19T10:00:00Z"));
    }

    #[test]
    fn where_no_day_counts_the_whole_time_does_and_a_stage_lies_within_it() {
        let (asked, end) = (at("2022-03-19T00:00:00Z"), at("2022-03-21T00:00:00Z"));
        assert_eq!(
            Stage::Half.reached_at(asked, end, Tz::UTC),
            at("2022-03-20T00:00:00Z")
        );
        for hours in 1..400 {
            let end = asked + TimeDelta::hours(hours);
            let [half, late] = Stage::ALL.map(|stage| stage.reached_at(asked, end, Tz::UTC));
            assert!(asked < half && half <= late && late <= end, "{hours}");
        }
    }
}
