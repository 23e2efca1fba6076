//! What may happen to a survey, and on which days.

use chrono::{Days, NaiveDate};
use shared_database::column;
use shared_types::{
    Refusal,
    evaluation::{
        codes::SURVEY_STATE,
        surveys::{Occasion, OccasionKind, SurveyAudience, SurveyMode, SurveyState},
    },
    transition::Edge,
};

/// Fewest answers that are mixed, and fewest that any number of a report is about.
pub const K: usize = 5;

/// What the edges of a survey look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: SurveyState,
}

fn in_state(case: &Case, states: &[SurveyState]) -> Result<(), Refusal> {
    if states.contains(&case.state) {
        Ok(())
    } else {
        Err(Refusal::of(&SURVEY_STATE).value("state", column::text(case.state)))
    }
}

fn is_planned(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[SurveyState::Planned])
}

fn is_open(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[SurveyState::Open])
}

fn is_not_over(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[SurveyState::Planned, SurveyState::Open])
}

/// Whoever sees a survey makes it.
fn staff(_: &Case) -> bool {
    true
}

/// The transitions.
pub const EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "opening",
        who: staff,
        conditions: &[is_planned],
    },
    Edge {
        name: "closing",
        who: staff,
        conditions: &[is_open],
    },
    Edge {
        name: "cancellation",
        who: staff,
        conditions: &[is_not_over],
    },
];

/// Whether an occasion says all that its kind needs, and nothing else.
pub fn is_whole(occasion: &Occasion) -> bool {
    let (session, months) = (occasion.session_id.is_some(), occasion.months.is_some());
    match occasion.kind {
        OccasionKind::SessionReleased | OccasionKind::SessionHeld => session && !months,
        OccasionKind::MonthsAfterRound => months && !session,
        OccasionKind::Manual | OccasionKind::RoundFinished => !session && !months,
    }
}

/// Whether an instrument that asks about ties can be asked so: a tie says whose it is, and it is
/// between participants.
pub fn fits_network(mode: SurveyMode, audience: SurveyAudience) -> bool {
    mode != SurveyMode::Anonymous && audience == SurveyAudience::Participants
}

/// The last day of a survey that opens on a day.
pub fn last_day(opens_on: NaiveDate, open_days: i32) -> NaiveDate {
    let more = u64::try_from(open_days - 1).unwrap_or(0);
    opens_on
        .checked_add_days(Days::new(more))
        .unwrap_or(NaiveDate::MAX)
}

/// How many reminders are due by a day: one at half the time, one two days before the end. A
/// survey too short for both has one.
pub fn reminders_due(opens_on: NaiveDate, open_days: i32, today: NaiveDate) -> i32 {
    let after = |days: i32| {
        let days = u64::try_from(days).unwrap_or(0);
        opens_on
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX)
    };
    let (half, late) = (open_days / 2, open_days - 3);
    let mut days = vec![half];
    if late > half {
        days.push(late);
    }
    // On the first day nobody is late, and after the last nobody can answer.
    let due = days.into_iter().filter(|day| *day > 0);
    let due = due.filter(|day| after(*day) <= today);
    i32::try_from(due.count()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::transition;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_survey_goes_one_way() {
        use SurveyState::{Cancelled, Closed, Open, Planned};
        let allowed = |state| -> Vec<&str> {
            let case = Case { state };
            let edges = EDGES.iter().filter(|edge| edge.judge(&case).is_ok());
            edges.map(|edge| edge.name).collect()
        };
        assert_eq!(allowed(Planned), ["opening", "cancellation"]);
        assert_eq!(allowed(Open), ["closing", "cancellation"]);
        assert_eq!(allowed(Closed), [] as [&str; 0]);
        assert_eq!(allowed(Cancelled), [] as [&str; 0]);
        let case = Case { state: Closed };
        let refused = transition::refused(&EDGES, &case, shared_types::Language::English);
        assert!(refused.iter().all(|one| one.code == "survey_state"));
    }

    #[test]
    fn the_first_and_the_last_day_count() {
        assert_eq!(last_day(day("2022-09-01"), 1), day("2022-09-01"));
        assert_eq!(last_day(day("2022-09-01"), 14), day("2022-09-14"));
    }

    #[test]
    fn reminders_come_at_half_the_time_and_two_days_before_the_end() {
        let due = |open_days, today| reminders_due(day("2022-09-01"), open_days, day(today));
        // 14 days: the 8th, and the 12th, two days before the 14th.
        assert_eq!(due(14, "2022-09-07"), 0);
        assert_eq!(due(14, "2022-09-08"), 1);
        assert_eq!(due(14, "2022-09-11"), 1);
        assert_eq!(due(14, "2022-09-12"), 2);
        assert_eq!(due(14, "2022-10-12"), 2);
        // Too short for two, and for any.
        assert_eq!(due(4, "2022-09-04"), 1);
        assert_eq!(due(1, "2022-09-01"), 0);
    }
}
