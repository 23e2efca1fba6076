//! Public holidays and working days of Sweden and Denmark, by rule: pure, for any year since 2005.
//!
//! Public holidays are those of the law. Sweden: lag (1989:253) om allmänna helgdagar, with the
//! national day in Whit Monday's place since 2005. Denmark: the holidays of the church, without
//! store bededag from 2024 (lov nr. 214 of 6 March 2023).
//!
//! A working day is one on which a deadline may end. Saturdays, Sundays and public holidays are
//! none, nor are some days that no law calls a holiday but on which offices are closed. Sweden:
//! midsommarafton, julafton and nyårsafton, which lag (1930:173) om beräkning av lagstadgad tid
//! puts on a level with Sundays. Denmark: grundlovsdag, 24 and 31 December, as in forældelsesloven
//! § 27.
//!
//! A half day is one on which Swedish municipalities commonly close early, "dag före röd dag". No
//! law and no central agreement says so: each employer decides. The list is the one that
//! municipalities publish for their staff (Nacka: "Helger och dag före röd dag"): trettondagsafton,
//! skärtorsdagen, valborgsmässoafton and the days before Ascension Day, the national day and All
//! Saints' Day, and not the days before midsommarafton, julafton and nyårsafton. Danish
//! municipalities have no such days in common.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use chrono_tz::Tz;

/// A country whose calendar is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Sweden.
    Sweden,
    /// Denmark.
    Denmark,
}

impl Country {
    /// The country with an ISO 3166 code.
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "SE" => Some(Self::Sweden),
            "DK" => Some(Self::Denmark),
            _ => None,
        }
    }

    /// The country that a zone is named after.
    pub const fn of_zone(zone: Tz) -> Option<Self> {
        match zone {
            Tz::Europe__Stockholm => Some(Self::Sweden),
            Tz::Europe__Copenhagen => Some(Self::Denmark),
            _ => None,
        }
    }

    /// The ISO 3166 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sweden => "SE",
            Self::Denmark => "DK",
        }
    }

    /// The public holidays of a year, Sundays apart unless they are one, in order.
    pub fn public_holidays(self, year: i32) -> Vec<NaiveDate> {
        let Some(easter) = easter(year) else {
            return Vec::new();
        };
        let around_easter: &[i64] = match self {
            Self::Sweden => &[-2, 0, 1, 39, 49],
            Self::Denmark if year < 2024 => &[-3, -2, 0, 1, 26, 39, 49, 50],
            Self::Denmark => &[-3, -2, 0, 1, 39, 49, 50],
        };
        let fixed: &[(u32, u32)] = match self {
            Self::Sweden => &[(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)],
            Self::Denmark => &[(1, 1), (12, 25), (12, 26)],
        };
        // Midsummer's Day and All Saints' Day are the Saturdays from these days on.
        let saturdays: &[(u32, u32)] = match self {
            Self::Sweden => &[(6, 20), (10, 31)],
            Self::Denmark => &[],
        };
        let day = |&(month, day): &(u32, u32)| NaiveDate::from_ymd_opt(year, month, day);
        let movable = around_easter
            .iter()
            .filter_map(|days| easter.checked_add_signed(chrono::TimeDelta::days(*days)));
        let mut all: Vec<NaiveDate> = movable
            .chain(fixed.iter().filter_map(day))
            .chain(saturdays.iter().filter_map(day).filter_map(saturday_from))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The working days of a year that are commonly half days in municipalities, in order.
    pub fn half_days(self, year: i32) -> Vec<NaiveDate> {
        if self == Self::Denmark {
            return Vec::new();
        }
        let around_easter =
            [-3, 38].map(|days| easter(year)?.checked_add_signed(chrono::TimeDelta::days(days)));
        let fixed =
            [(1, 5), (4, 30), (6, 5)].map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
        let before_all_saints = NaiveDate::from_ymd_opt(year, 10, 31)
            .and_then(saturday_from)
            .and_then(|day| day.pred_opt());
        let all = around_easter.into_iter().chain(fixed);
        let mut days: Vec<NaiveDate> = all
            .chain([before_all_saints])
            .flatten()
            .filter(|day| self.is_working_day(*day))
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Whether a deadline may end on a day.
    pub fn is_working_day(self, date: NaiveDate) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        !weekend && !self.is_closed(date) && !self.public_holidays(date.year()).contains(&date)
    }

    /// Whether offices are closed though no law calls the day a holiday.
    fn is_closed(self, date: NaiveDate) -> bool {
        match self {
            Self::Sweden => {
                let midsummer_eve = date.weekday() == Weekday::Fri
                    && date.month() == 6
                    && (19..=25).contains(&date.day());
                midsummer_eve || matches!((date.month(), date.day()), (12, 24 | 31))
            }
            Self::Denmark => matches!((date.month(), date.day()), (6, 5) | (12, 24 | 31)),
        }
    }

    /// The day itself if it is a working day, else the next that is one.
    pub fn working_day_from(self, date: NaiveDate) -> NaiveDate {
        date.iter_days()
            .find(|day| self.is_working_day(*day))
            .unwrap_or(date)
    }

    /// The day that is so many working days later; the first day is not counted.
    pub fn after_working_days(self, date: NaiveDate, days: u32) -> NaiveDate {
        let Ok(later) = usize::try_from(days) else {
            return date;
        };
        let working = date.iter_days().skip(1);
        let mut working = working.filter(|day| self.is_working_day(*day));
        match later.checked_sub(1) {
            Some(before) => working.nth(before).unwrap_or(date),
            None => date,
        }
    }
}

/// Easter Sunday by the Gregorian computus.
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let leap_centuries = century.div_euclid(4);
    let moon = (century - leap_centuries - (8 * century + 13).div_euclid(25) + 19 * golden + 15)
        .rem_euclid(30);
    // The two exceptions by which the full moon stays before 19 April, and keeps its distance.
    let moon = match moon {
        29 => 28,
        28 if golden > 10 => 27,
        moon => moon,
    };
    let weekday = (year + year.div_euclid(4) + moon + 2 - century + leap_centuries).rem_euclid(7);
    let days_after_21_march = moon + 7 - weekday;
    let first = NaiveDate::from_ymd_opt(year, 3, 21)?;
    first.checked_add_days(Days::new(u64::try_from(days_after_21_march).ok()?))
}

fn saturday_from(date: NaiveDate) -> Option<NaiveDate> {
    date.iter_days()
        .take(7)
        .find(|day| day.weekday() == Weekday::Sat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn named(country: Country, year: i32) -> Vec<String> {
        let all = country.public_holidays(year).into_iter();
        all.map(|day| day.format("%m-%d").to_string()).collect()
    }

    #[test]
    fn easter_is_when_it_was_and_will_be() {
        for known in [
            "1954-04-18",
            "1981-04-19",
            "1994-04-03",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2016-03-27",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2022-04-17",
            "2023-04-09",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2030-04-21",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2100-03-28",
        ] {
            assert_eq!(easter(on(known).year()), Some(on(known)));
        }
    }

    #[test]
    fn the_years_of_sweden_are_those_of_its_calendars() {
        let known = [
            (
                2022,
                "01-01 01-06 04-15 04-17 04-18 05-01 05-26 06-05 06-06 06-25 11-05 12-25 12-26",
            ),
            (
                2024,
                "01-01 01-06 03-29 03-31 04-01 05-01 05-09 05-19 06-06 06-22 11-02 12-25 12-26",
            ),
            (
                2025,
                "01-01 01-06 04-18 04-20 04-21 05-01 05-29 06-06 06-08 06-21 11-01 12-25 12-26",
            ),
            (
                2026,
                "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-20 10-31 12-25 12-26",
            ),
        ];
        for (year, days) in known {
            assert_eq!(named(Country::Sweden, year).join(" "), days, "{year}");
        }
        // Ascension Day on the first of May is one holiday, not two.
        assert_eq!(named(Country::Sweden, 2008).len(), 12);
    }

    #[test]
    fn the_great_prayer_day_of_denmark_ends_with_2023() {
        let known = [
            (
                2022,
                "01-01 04-14 04-15 04-17 04-18 05-13 05-26 06-05 06-06 12-25 12-26",
            ),
            (
                2023,
                "01-01 04-06 04-07 04-09 04-10 05-05 05-18 05-28 05-29 12-25 12-26",
            ),
            (
                2024,
                "01-01 03-28 03-29 03-31 04-01 05-09 05-19 05-20 12-25 12-26",
            ),
            (
                2026,
                "01-01 04-02 04-03 04-05 04-06 05-14 05-24 05-25 12-25 12-26",
            ),
        ];
        for (year, days) in known {
            assert_eq!(named(Country::Denmark, year).join(" "), days, "{year}");
        }
        assert!(!Country::Denmark.is_working_day(on("2023-05-05")));
        assert!(Country::Denmark.is_working_day(on("2024-04-26")));
    }

    #[test]
    fn days_on_which_offices_are_closed_are_no_working_days_though_no_holidays() {
        let closed = [
            (Country::Sweden, ["2024-06-21", "2024-12-24", "2024-12-31"]),
            (Country::Denmark, ["2024-06-05", "2024-12-24", "2024-12-31"]),
        ];
        for (country, days) in closed {
            for day in days.map(on) {
                assert!(!country.is_working_day(day), "{day}");
                assert!(!country.public_holidays(day.year()).contains(&day), "{day}");
            }
        }
        assert!(Country::Sweden.is_working_day(on("2024-06-05")));
        assert!(Country::Sweden.is_working_day(on("2026-06-26")));
        assert!(Country::Denmark.is_working_day(on("2024-06-06")));
    }

    #[test]
    fn half_days_stand_before_the_holidays_that_municipalities_name_unless_they_are_free_anyway() {
        let named = |country: Country, year| {
            let days = country.half_days(year).into_iter();
            let days: Vec<_> = days.map(|day| day.format("%m-%d").to_string()).collect();
            days.join(" ")
        };
        // In 2022 Walpurgis Night is a Saturday and 5 June a Sunday; in 2024 5 January is a Friday.
        for (year, days) in [
            (2022, "01-05 04-14 05-25 11-04"),
            (2023, "01-05 04-06 05-17 06-05 11-03"),
            (2024, "01-05 03-28 04-30 05-08 06-05 11-01"),
        ] {
            assert_eq!(named(Country::Sweden, year), days, "{year}");
            assert_eq!(named(Country::Denmark, year), "", "{year}");
        }
    }

    #[test]
    fn every_midsummer_and_all_saints_is_a_saturday_in_its_week() {
        for year in 2005..2105 {
            let all = Country::Sweden.public_holidays(year);
            let between = |from: (u32, u32), to: (u32, u32)| {
                let day = |(month, day)| NaiveDate::from_ymd_opt(year, month, day).unwrap();
                let found = all
                    .iter()
                    .filter(|one| (day(from)..=day(to)).contains(*one));
                found.map(NaiveDate::weekday).collect::<Vec<_>>()
            };
            assert_eq!(between((6, 20), (6, 26)), [Weekday::Sat], "{year}");
            assert_eq!(between((10, 31), (11, 6)), [Weekday::Sat], "{year}");
        }
    }

    #[test]
    fn deadlines_are_moved_and_counted_over_what_is_no_working_day() {
        let sweden = Country::Sweden;
        // Good Friday 2022 and the four days that follow.
        assert_eq!(sweden.working_day_from(on("2022-04-15")), on("2022-04-19"));
        assert_eq!(sweden.working_day_from(on("2022-04-19")), on("2022-04-19"));
        assert_eq!(
            sweden.after_working_days(on("2022-04-14"), 1),
            on("2022-04-19")
        );
        assert_eq!(
            sweden.after_working_days(on("2022-04-14"), 5),
            on("2022-04-25")
        );
        assert_eq!(
            sweden.after_working_days(on("2022-04-14"), 0),
            on("2022-04-14")
        );
        // Maundy Thursday is a holiday in Denmark alone.
        assert_eq!(
            Country::Denmark.working_day_from(on("2022-04-14")),
            on("2022-04-19")
        );
        assert_eq!(
            Country::Denmark.after_working_days(on("2022-12-23"), 1),
            on("2022-12-27")
        );
    }
}
