//! Moving all dates of a round by the same number of days.

use super::entity;
use chrono::{NaiveDate, TimeDelta};
use shared_database::{DatabaseError, column};
use shared_types::{
    Problem,
    registration::rounds::{AnnouncedOccasion, NewClone},
};

/// By how many days a clone's dates differ from its model's.
pub fn days(body: &NewClone, starts_on: Option<NaiveDate>) -> Result<i64, Problem> {
    match (body.starts_on, body.shift_days) {
        (Some(new), None) => {
            let words = "The model has no first day; use shiftDays.";
            let old = starts_on.ok_or_else(|| Problem::invalid("/startsOn", "invalid", words))?;
            Ok((new - old).num_days())
        }
        (None, Some(days)) if body.keep_weekdays => Ok(whole_weeks(days.into())),
        (None, Some(days)) => Ok(days.into()),
        (Some(_), Some(_)) | (None, None) => {
            let words = "Say either startsOn or shiftDays.";
            Err(Problem::invalid("/startsOn", "invalid", words))
        }
    }
}

/// The nearest number of days that is whole weeks.
const fn whole_weeks(days: i64) -> i64 {
    (days + 3).div_euclid(7) * 7
}

/// The row of a round with all dates moved.
pub fn shifted(row: entity::Model, days: i64) -> Result<entity::Model, Problem> {
    let out_of_reach = || {
        let words = "The dates would be out of reach.";
        Problem::invalid("/shiftDays", "invalid", words)
    };
    let by = TimeDelta::try_days(days).ok_or_else(out_of_reach)?;
    let moved = |date: NaiveDate| date.checked_add_signed(by).ok_or_else(out_of_reach);
    let maybe = |date: Option<NaiveDate>| date.map(moved).transpose();
    let mut occasions: Vec<AnnouncedOccasion> = column::from_json(row.occasions)?;
    for occasion in &mut occasions {
        occasion.starts_on = moved(occasion.starts_on)?;
        occasion.ends_on = moved(occasion.ends_on)?;
    }
    Ok(entity::Model {
        opens_on: maybe(row.opens_on)?,
        closes_on: maybe(row.closes_on)?,
        endorse_by: maybe(row.endorse_by)?,
        starts_on: maybe(row.starts_on)?,
        ends_on: maybe(row.ends_on)?,
        occasions: column::json(&occasions),
        ..row
    })
}

/// Whether a shift leaves every date where a calendar can show it.
pub fn is_in_reach(row: &entity::Model) -> Result<bool, DatabaseError> {
    use chrono::Datelike as _;
    let occasions: Vec<AnnouncedOccasion> = column::from_json(row.occasions.clone())?;
    let of_occasions = occasions
        .iter()
        .flat_map(|occasion| [occasion.starts_on, occasion.ends_on]);
    let own = [
        row.opens_on,
        row.closes_on,
        row.endorse_by,
        row.starts_on,
        row.ends_on,
    ];
    let mut all = own.into_iter().flatten().chain(of_occasions);
    Ok(all.all(|date| (1..=9999).contains(&date.year())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike as _;

    fn body(starts_on: Option<&str>, shift_days: Option<i32>, keep_weekdays: bool) -> NewClone {
        NewClone {
            starts_on: starts_on.map(|day| day.parse().unwrap()),
            shift_days,
            keep_weekdays,
            name: None,
        }
    }

    #[test]
    fn a_first_day_moves_all_by_its_distance_and_a_shift_keeps_weekdays_unless_told_not_to() {
        let old: NaiveDate = "2022-08-24".parse().unwrap();
        let days = |body: NewClone| days(&body, Some(old)).unwrap();
        assert_eq!(days(body(Some("2023-08-23"), None, true)), 364);
        assert_eq!(days(body(None, Some(365), true)), 364);
        assert_eq!(days(body(None, Some(365), false)), 365);
        for shift in -20..=20 {
            let kept = days(body(None, Some(shift), true));
            assert_eq!(kept % 7, 0);
            assert!((kept - i64::from(shift)).abs() <= 3, "{shift}: {kept}");
            let moved = old + TimeDelta::days(kept);
            assert_eq!(moved.weekday(), old.weekday());
        }
    }

    #[test]
    fn exactly_one_way_is_named_and_a_first_day_needs_one_to_compare_with() {
        for (body, old) in [
            (body(None, None, true), Some("2022-08-24")),
            (body(Some("2023-08-23"), Some(7), true), Some("2022-08-24")),
            (body(Some("2023-08-23"), None, true), None),
        ] {
            let old = old.map(|day| day.parse().unwrap());
            assert_eq!(days(&body, old).unwrap_err().code().name, "invalid_body");
        }
    }
}
