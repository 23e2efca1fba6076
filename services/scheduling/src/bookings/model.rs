//! What a booking may say, and what may happen to it.

use super::entity;
use shared_database::{DatabaseError, column};
use shared_types::{
    FieldProblem, Problem, Refusal, codes,
    scheduling::{
        bookings::{BookingState, NewBooking},
        codes::BOOKING_STATE,
    },
    transition::Edge,
};
use std::collections::BTreeSet;

/// Refuses what no booking can be; every violation is named.
pub fn check(body: &NewBooking) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut refuse = |wrong: bool, pointer: String, detail: &str| {
        if wrong {
            errors.push(FieldProblem::pointer(pointer, "invalid", detail));
        }
    };
    let backwards = body.ends_on < body.starts_on;
    let words = "The last day is before the first.";
    refuse(backwards, "/endsOn".to_owned(), words);
    let late = body.held_until.is_some_and(|until| until >= body.starts_on);
    let words = "The booking has begun by then.";
    refuse(late, "/heldUntil".to_owned(), words);
    let mut nights = BTreeSet::new();
    for (number, night) in body.nights.iter().enumerate() {
        let outside = night.night < body.starts_on || night.night >= body.ends_on;
        let words = "The night is not between the first day and the last.";
        refuse(
            outside && !backwards,
            format!("/nights/{number}/night"),
            words,
        );
        let twice = !nights.insert(night.night);
        let words = "The night is there already.";
        refuse(twice, format!("/nights/{number}"), words);
    }
    let mut meals = BTreeSet::new();
    for (number, meal) in body.meals.iter().enumerate() {
        let outside = meal.date < body.starts_on || meal.date > body.ends_on;
        let words = "The meal is not between the first day and the last.";
        refuse(
            outside && !backwards,
            format!("/meals/{number}/date"),
            words,
        );
        let twice = !meals.insert((meal.date, meal.meal));
        let words = "The meal is there already.";
        refuse(twice, format!("/meals/{number}"), words);
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}

/// What the edges of a booking look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: BookingState,
}

impl Case {
    /// The case of a row.
    pub fn of(row: &entity::Model) -> Result<Self, DatabaseError> {
        let state = column::parse(&row.state)?;
        Ok(Self { state })
    }
}

fn refusal(state: BookingState) -> Refusal {
    Refusal::of(&BOOKING_STATE).value("state", column::text(state))
}

fn is_option(case: &Case) -> Result<(), Refusal> {
    match case.state {
        BookingState::Option => Ok(()),
        state => Err(refusal(state)),
    }
}

fn is_firm(case: &Case) -> Result<(), Refusal> {
    match case.state {
        BookingState::Firm => Ok(()),
        state => Err(refusal(state)),
    }
}

/// Whether a booking in this state still stands.
pub const fn stands(state: BookingState) -> bool {
    matches!(state, BookingState::Option | BookingState::Firm)
}

fn is_standing(case: &Case) -> Result<(), Refusal> {
    if stands(case.state) {
        Ok(())
    } else {
        Err(refusal(case.state))
    }
}

/// Every transition of a booking; only coordinators know of any.
pub static EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "confirmation",
        who: |_| true,
        conditions: &[is_option],
    },
    Edge {
        name: "release",
        who: |_| true,
        conditions: &[is_standing],
    },
    Edge {
        name: "cancellation",
        who: |_| true,
        conditions: &[is_firm],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn open(state: BookingState) -> Vec<&'static str> {
        let case = Case { state };
        let edges = EDGES.iter().filter(|edge| edge.judge(&case).is_ok());
        edges.map(|edge| edge.name).collect()
    }

    #[test]
    fn an_option_is_confirmed_and_what_is_firm_cancelled_and_both_can_be_given_back() {
        assert_eq!(open(BookingState::Option), ["confirmation", "release"]);
        assert_eq!(open(BookingState::Firm), ["release", "cancellation"]);
        assert!(open(BookingState::Released).is_empty());
        assert!(open(BookingState::Cancelled).is_empty());
    }

    #[test]
    fn nights_lie_between_the_days_and_meals_within_them() {
        let id = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60";
        let night = |night: &str| json!({ "night": night, "heads": 1 });
        let meal = |date: &str| json!({ "date": date, "meal": "lunch", "heads": 1 });
        let body = json!({
            "roundId": id, "venueId": id, "startsOn": "2022-09-01", "endsOn": "2022-09-02",
            "heldUntil": "2022-09-01",
            "nights": [night("2022-09-01"), night("2022-09-02"), night("2022-09-01")],
            "meals": [meal("2022-09-02"), meal("2022-09-03"), meal("2022-09-02")],
        });
        let problem = check(&serde_json::from_value(body).unwrap()).unwrap_err();
        let language = shared_types::Language::English;
        let body = problem.body(language, String::new(), String::new(), String::new());
        let pointers: Vec<_> = body
            .errors
            .iter()
            .filter_map(|one| one.pointer.as_deref())
            .collect();
        let expected = [
            "/heldUntil",
            "/nights/1/night",
            "/nights/2",
            "/meals/1/date",
            "/meals/2",
        ];
        assert_eq!(pointers, expected);
    }
}
