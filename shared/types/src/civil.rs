//! Civil dates and zones: a deadline is a date in the organiser's zone and includes that day.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The first instant after a civil date in a zone: what happens before it is in time.
///
/// Where midnight does not exist (a zone that moves its clocks then) the first instant that
/// does is meant; where it exists twice, the earlier.
pub fn end_of_day(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date
        .checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX)
        .and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight);
    local
        .earliest()
        .or_else(|| {
            zone.from_local_datetime(&(midnight + chrono::TimeDelta::hours(1)))
                .earliest()
        })
        .map_or_else(
            || Utc.from_utc_datetime(&midnight),
            |instant| instant.with_timezone(&Utc),
        )
}

/// The civil date of an instant in a zone.
pub fn date_in(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The zone of an IANA name such as `Europe/Stockholm`; `None` if there is no such zone.
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_includes_its_whole_day_in_the_organisers_zone() {
        let date = NaiveDate::from_ymd_opt(2022, 4, 26).unwrap();
        let end = end_of_day(date, chrono_tz::Europe::Stockholm);
        assert_eq!(end.to_rfc3339(), "2022-04-26T22:00:00+00:00");
        assert_eq!(
            date_in(
                end - chrono::TimeDelta::seconds(1),
                chrono_tz::Europe::Stockholm
            ),
            date
        );
    }

    #[test]
    fn the_day_on_which_clocks_change_ends_at_its_own_midnight() {
        let date = NaiveDate::from_ymd_opt(2022, 3, 27).unwrap();
        assert_eq!(
            end_of_day(date, chrono_tz::Europe::Stockholm).to_rfc3339(),
            "2022-03-27T22:00:00+00:00"
        );
    }
}
