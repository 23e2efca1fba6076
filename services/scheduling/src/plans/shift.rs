//! Moving all sessions of a plan to another first day, each on its own weekday.

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use shared_types::scheduling::sessions::{Audience, NewSession};

/// The sessions with their days moved, so that the first of them begins on `starts_on`. The
/// others keep their distance to it as nearly as their weekdays let them. `None` where no session
/// has a day, or a day would be out of reach.
///
/// What belongs to the people of the model stays there: speakers are to be announced again, and
/// what was for one group is for all.
pub fn moved(sessions: Vec<NewSession>, starts_on: NaiveDate) -> Option<Vec<NewSession>> {
    let firsts = sessions.iter().filter_map(first);
    let first_day = firsts.min()?;
    let distance = (starts_on - first_day).num_days();
    let weeks = whole_weeks(distance);
    let move_one = |session: NewSession| {
        let days = if first(&session) == Some(first_day) {
            distance
        } else {
            weeks
        };
        shifted(session, days)
    };
    sessions.into_iter().map(move_one).collect()
}

fn first(session: &NewSession) -> Option<NaiveDate> {
    let day = session.days.first().map(|day| day.date);
    day.or(session.period.map(|period| period.starts_on))
}

/// The nearest number of days that is whole weeks.
const fn whole_weeks(days: i64) -> i64 {
    (days + 3).div_euclid(7) * 7
}

fn shifted(mut session: NewSession, days: i64) -> Option<NewSession> {
    let by = TimeDelta::try_days(days)?;
    let moved = |date: NaiveDate| {
        let date = date.checked_add_signed(by)?;
        (1..=9999).contains(&date.year()).then_some(date)
    };
    for day in &mut session.days {
        day.date = moved(day.date)?;
    }
    if let Some(period) = &mut session.period {
        period.starts_on = moved(period.starts_on)?;
        period.ends_on = moved(period.ends_on)?;
    }
    if let Some(until) = session.held_until {
        session.held_until = Some(moved(until)?);
    }
    for item in &mut session.agenda {
        item.speaker = None;
    }
    if session.group_id.take().is_some() {
        for audience in &mut session.audience {
            if *audience == Audience::Group {
                *audience = Audience::Participants;
            }
        }
        session.audience.dedup();
    }
    Some(session)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Weekday;
    use serde_json::json;

    fn session(days: &[&str]) -> NewSession {
        let days: Vec<_> = days
            .iter()
            .map(|date| json!({ "date": date, "startsAt": "10:00", "endsAt": "16:00" }))
            .collect();
        let body =
            json!({ "kind": "seminar", "form": "on_site", "name": { "sv": "x" }, "days": days });
        serde_json::from_value(body).unwrap()
    }

    fn dates(sessions: &[NewSession]) -> Vec<String> {
        let all = sessions.iter().flat_map(|session| &session.days);
        all.map(|day| day.date.to_string()).collect()
    }

    #[test]
    fn a_year_later_every_session_is_on_its_weekday() {
        let model = vec![
            session(&["2022-09-01", "2022-09-02"]),
            session(&["2022-08-24"]),
            session(&[]),
        ];
        let moved = moved(model, "2023-08-23".parse().unwrap()).unwrap();
        assert_eq!(dates(&moved), ["2023-08-31", "2023-09-01", "2023-08-23"]);
        assert_eq!(moved[0].days[0].date.weekday(), Weekday::Thu);
    }

    #[test]
    fn another_weekday_for_the_first_moves_that_one_alone() {
        let model = vec![session(&["2022-08-24"]), session(&["2022-09-01"])];
        let moved = moved(model, "2023-08-22".parse().unwrap()).unwrap();
        assert_eq!(dates(&moved), ["2023-08-22", "2023-08-31"]);
    }

    #[test]
    fn a_plan_without_days_or_beyond_all_years_is_not_moved() {
        let day: NaiveDate = "2023-08-22".parse().unwrap();
        assert!(moved(vec![session(&[])], day).is_none());
        let far = vec![session(&["0001-01-05"]), session(&["9999-12-01"])];
        assert!(moved(far, day).is_none());
    }
}
