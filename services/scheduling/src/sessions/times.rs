//! Wall-clock times as instants: what daylight saving leaves out, and what it makes come twice.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use shared_types::scheduling::sessions::SessionDay;

/// Why a time of a day is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeError {
    /// Clocks skip the day's start.
    StartSkipped,
    /// Clocks skip the day's end.
    EndSkipped,
    /// The day ends before it starts.
    EndsBeforeStart,
}

/// The instants at which a day starts and ends.
///
/// Of a time that comes twice the first is meant, as in calendars (RFC 5545, 3.3.5); a time that
/// clocks skip does not exist, and guessing what was meant would move a meeting by an hour.
pub fn instants(day: &SessionDay, zone: Tz) -> Result<(DateTime<Utc>, DateTime<Utc>), TimeError> {
    if day.ends_at <= day.starts_at {
        return Err(TimeError::EndsBeforeStart);
    }
    let starts = instant(day.date, day.starts_at.0, zone).ok_or(TimeError::StartSkipped)?;
    let ends = instant(day.date, day.ends_at.0, zone).ok_or(TimeError::EndSkipped)?;
    Ok((starts, ends))
}

fn instant(date: NaiveDate, time: NaiveTime, zone: Tz) -> Option<DateTime<Utc>> {
    let local = zone.from_local_datetime(&date.and_time(time)).earliest()?;
    Some(local.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Stockholm;
    use shared_types::scheduling::sessions::WallTime;

    fn day(date: &str, starts: &str, ends: &str) -> SessionDay {
        let time = |text: &str| WallTime(NaiveTime::parse_from_str(text, "%H:%M").unwrap());
        SessionDay {
            date: date.parse().unwrap(),
            starts_at: time(starts),
            ends_at: time(ends),
        }
    }

    #[test]
    fn ten_oclock_stays_ten_oclock_in_summer_and_winter() {
        let summer = instants(&day("2022-09-01", "10:00", "17:00"), Stockholm).unwrap();
        assert_eq!(summer.0.to_rfc3339(), "2022-09-01T08:00:00+00:00");
        let winter = instants(&day("2022-12-15", "10:00", "17:00"), Stockholm).unwrap();
        assert_eq!(winter.0.to_rfc3339(), "2022-12-15T09:00:00+00:00");
    }

    #[test]
    fn a_time_that_clocks_skip_is_refused_and_of_a_doubled_one_the_first_is_meant() {
        let skipped = instants(&day("2027-03-28", "02:30", "05:00"), Stockholm);
        assert_eq!(skipped, Err(TimeError::StartSkipped));
        let skipped = instants(&day("2027-03-28", "01:30", "02:30"), Stockholm);
        assert_eq!(skipped, Err(TimeError::EndSkipped));
        let (starts, ends) = instants(&day("2026-10-25", "02:30", "03:30"), Stockholm).unwrap();
        assert_eq!(starts.to_rfc3339(), "2026-10-25T00:30:00+00:00");
        assert_eq!(ends.to_rfc3339(), "2026-10-25T02:30:00+00:00");
    }

    #[test]
    fn a_day_ends_after_it_starts() {
        for ends in ["10:00", "09:59"] {
            let day = day("2022-09-01", "10:00", ends);
            assert_eq!(instants(&day, Stockholm), Err(TimeError::EndsBeforeStart));
        }
    }
}
