//! A time zone as iCalendar knows it (RFC 5545, 3.6.5): when its clocks move, from the zone data.
//!
//! Programs that know the zone's name use their own data; the others need these rules, so they
//! have to be right for every event of the calendar.

use crate::object::Lines;
use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _,
    Utc, Weekday,
};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};
use std::fmt::Write as _;

/// What clocks show at some instant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    /// Seconds ahead of UTC.
    offset_seconds: i32,
    /// Whether it is summer time.
    summer: bool,
    /// Such as `CEST`.
    name: String,
}

/// One move of the clocks, at the local time that they showed before it.
#[derive(Clone, Debug)]
struct Shift {
    at: NaiveDateTime,
    before: Shown,
    after: Shown,
}

/// Writes the zone so that it is right in all years from the first to the last.
pub fn write(lines: &mut Lines, zone: Tz, first_year: i32, last_year: i32) {
    lines.put("BEGIN", "VTIMEZONE");
    lines.put("TZID", zone.name());
    lines.put("X-LIC-LOCATION", zone.name());
    // A year more at each end: in the first, the clocks come to what holds in the second.
    let shifts = shifts(zone, first_year - 1, last_year + 1);
    if let Some(yearly) = yearly(&shifts, last_year - first_year + 3) {
        for (shift, rule) in yearly {
            observance(lines, shift, Some(&rule));
        }
    } else {
        let start = midnight(first_year - 1);
        let shown = shown(zone, start.and_utc());
        let beginning = Shift {
            at: start,
            before: shown.clone(),
            after: shown,
        };
        observance(lines, &beginning, None);
        for shift in &shifts {
            observance(lines, shift, None);
        }
    }
    lines.put("END", "VTIMEZONE");
}

fn observance(lines: &mut Lines, shift: &Shift, rule: Option<&str>) {
    let kind = if shift.after.summer {
        "DAYLIGHT"
    } else {
        "STANDARD"
    };
    lines.put("BEGIN", kind);
    lines.put("DTSTART", &shift.at.format("%Y%m%dT%H%M%S").to_string());
    lines.put("TZOFFSETFROM", &offset(shift.before.offset_seconds));
    lines.put("TZOFFSETTO", &offset(shift.after.offset_seconds));
    lines.put("TZNAME", &shift.after.name);
    if let Some(rule) = rule {
        lines.put("RRULE", rule);
    }
    lines.put("END", kind);
}

/// Hours and minutes ahead of UTC; seconds where there are any, as there were before the zones.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let all = seconds.abs();
    let mut text = format!("{sign}{:02}{:02}", all / 3600, all / 60 % 60);
    if all % 60 != 0 {
        // Writing to a String can't fail.
        let _ = write!(text, "{:02}", all % 60);
    }
    text
}

fn shown(zone: Tz, at: DateTime<Utc>) -> Shown {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    Shown {
        offset_seconds: offset.fix().local_minus_utc(),
        summer: !offset.dst_offset().is_zero(),
        name: offset.abbreviation().unwrap_or(zone.name()).to_owned(),
    }
}

fn midnight(year: i32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(year, 1, 1)
        .unwrap_or(NaiveDate::MIN)
        .into()
}

/// Every move of the clocks from the start of one year to the end of another. Clocks never move
/// twice within a day.
fn shifts(zone: Tz, first_year: i32, last_year: i32) -> Vec<Shift> {
    let (mut at, end) = (
        midnight(first_year).and_utc(),
        midnight(last_year + 1).and_utc(),
    );
    let mut shifts = Vec::new();
    let mut before = shown(zone, at);
    while at < end {
        let next = at + Days::new(1);
        let after = shown(zone, next);
        if after != before {
            let instant = first_instant(zone, at, next, &before);
            let local = instant + TimeDelta::seconds(before.offset_seconds.into());
            shifts.push(Shift {
                at: local.naive_utc(),
                before,
                after: after.clone(),
            });
        }
        before = after;
        at = next;
    }
    shifts
}

/// The first second at which clocks show something else than at `low`, found by halving.
fn first_instant(
    zone: Tz,
    mut low: DateTime<Utc>,
    mut high: DateTime<Utc>,
    before: &Shown,
) -> DateTime<Utc> {
    while (high - low).num_seconds() > 1 {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if shown(zone, middle) == *before {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The moves as yearly rules, each with its first move; nothing where they follow none.
fn yearly(shifts: &[Shift], years: i32) -> Option<Vec<(&Shift, String)>> {
    let years = usize::try_from(years).ok()?;
    let mut kinds: Vec<Vec<&Shift>> = Vec::new();
    for shift in shifts {
        let same =
            |kind: &&mut Vec<&Shift>| kind.iter().all(|other| other.is_of_one_kind_with(shift));
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(shift),
            None => kinds.push(vec![shift]),
        }
    }
    let rule = |kind: &Vec<&'_ Shift>| {
        let dates: Vec<NaiveDate> = kind.iter().map(|shift| shift.at.date()).collect();
        (kind.len() == years).then(|| rule(&dates)).flatten()
    };
    let rules: Option<Vec<String>> = kinds.iter().map(rule).collect();
    let firsts = kinds.iter().filter_map(|kind| kind.first().copied());
    // One kind alone would never move back.
    (kinds.len() == 2).then(|| Some(firsts.zip(rules?).collect()))?
}

impl Shift {
    fn is_of_one_kind_with(&self, other: &Self) -> bool {
        self.before == other.before
            && self.after == other.after
            && self.at.time() == other.at.time()
            && self.at.month() == other.at.month()
            && self.at.weekday() == other.at.weekday()
    }
}

/// The rule of dates that share month and weekday: always the last such day of its month, or
/// always the same one from the beginning.
fn rule(dates: &[NaiveDate]) -> Option<String> {
    let first = dates.first()?;
    let is_last = |date: &NaiveDate| (*date + Days::new(7)).month() != date.month();
    let number = |date: &NaiveDate| date.day0() / 7 + 1;
    let which = if dates.iter().all(is_last) {
        "-1".to_owned()
    } else if dates.iter().all(|date| number(date) == number(first)) {
        number(first).to_string()
    } else {
        return None;
    };
    let day = match first.weekday() {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    };
    let month = first.month();
    Some(format!("FREQ=YEARLY;BYMONTH={month};BYDAY={which}{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(zone: Tz, first_year: i32, last_year: i32) -> String {
        let mut lines = Lines::default();
        write(&mut lines, zone, first_year, last_year);
        lines.into_text().replace("\r\n", "\n")
    }

    #[test]
    fn swedish_clocks_move_on_the_last_sundays_of_march_and_october() {
        let expected = "\
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
X-LIC-LOCATION:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:20250330T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20251026T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
";
        assert_eq!(written(Tz::Europe__Stockholm, 2026, 2027), expected);
    }

    #[test]
    fn a_zone_whose_clocks_stand_still_has_one_observance() {
        let text = written(Tz::UTC, 2026, 2026);
        assert!(text.contains("BEGIN:STANDARD\nDTSTART:20250101T000000\nTZOFFSETFROM:+0000\n"));
        assert_eq!(text.matches("BEGIN:").count(), 2);
    }

    #[test]
    fn clocks_that_follow_no_rule_are_listed_move_by_move() {
        // Morocco's clocks follow the month of fasting.
        let text = written(Tz::Africa__Casablanca, 2026, 2026);
        assert!(!text.contains("RRULE"), "{text}");
        // The beginning, and two moves in each of three years.
        assert_eq!(text.matches("DTSTART").count(), 7, "{text}");
    }

    #[test]
    fn a_rule_counts_from_the_beginning_of_the_month_where_it_is_not_the_last() {
        let text = written(Tz::America__New_York, 2026, 2026);
        assert!(text.contains("BYMONTH=3;BYDAY=2SU"), "{text}");
        assert!(text.contains("BYMONTH=11;BYDAY=1SU"), "{text}");
    }
}
