//! Who decides in an office, and when.

use chrono::{DateTime, NaiveDate, Utc};
use shared_types::civil;
use uuid::Uuid;

/// By what somebody decides for an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// The organisation that the office decides for.
    pub organisation_id: Uuid,
    /// First and last day of an acting holder; a holder decides every day.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl Mandate {
    /// Whether it counts on a day; the first and the last day count.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.days
            .is_none_or(|(first, last)| (first..=last).contains(&day))
    }

    /// Whether it counts at an instant, by the organisation's own calendar.
    pub fn counts_at(&self, instant: DateTime<Utc>, time_zone: &str) -> bool {
        let zone = civil::zone(time_zone).unwrap_or(chrono_tz::UTC);
        self.counts_on(civil::date_in(instant, zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 4, day).unwrap()
    }

    fn acting() -> Mandate {
        Mandate {
            organisation_id: Uuid::nil(),
            days: Some((day(11), day(24))),
        }
    }

    #[test]
    fn an_acting_holder_decides_from_the_first_day_to_the_last() {
        let counted: Vec<u32> = (1..=30).filter(|&n| acting().counts_on(day(n))).collect();
        assert_eq!(counted, (11..=24).collect::<Vec<u32>>());
    }

    #[test]
    fn a_holder_decides_every_day() {
        let holder = Mandate {
            days: None,
            ..acting()
        };
        assert!(holder.counts_on(day(1)));
    }

    #[test]
    fn days_are_the_organisations_own() {
        // 22.30 UTC on the 10th is half past midnight on the 11th in Stockholm.
        let instant = DateTime::parse_from_rfc3339("2022-04-10T22:30:00Z")
            .unwrap()
            .to_utc();
        assert!(acting().counts_at(instant, "Europe/Stockholm"));
        assert!(!acting().counts_at(instant, "UTC"));
    }
}
