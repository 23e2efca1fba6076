//! What may happen to a hold, and who may do it.

use super::entity;
use crate::rounds::model::Terms;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use shared_database::{DatabaseError, column};
use shared_types::{
    Refusal, civil,
    registration::{
        codes::{HOLD_LAPSED, HOLD_STATE, HOLD_TOO_SMALL, ROUND_STATE},
        holds::HoldState,
        rounds::RoundState,
    },
    transition::Edge,
};

/// Who acts on a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// A coordinator of the organiser.
    Coordinator,
    /// Akademi itself: a nomination that was allowed, the end of the last day or of the round.
    Akademi,
    /// Anybody else.
    Reader,
}

/// What the edges of a hold look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: HoldState,
    /// Seats that have not become offers.
    pub left: i32,
    /// Seats that a nomination asks for.
    pub wanted: i32,
    /// Last day.
    pub lapses_on: NaiveDate,
    /// Zone of the day.
    pub zone: Tz,
    /// State of the round.
    pub round: RoundState,
    /// Who acts.
    pub who: Who,
    /// The time at which it is judged.
    pub now: DateTime<Utc>,
}

impl Case {
    /// The case of a row.
    pub fn of(
        row: &entity::Model,
        terms: &Terms,
        who: Who,
        now: DateTime<Utc>,
    ) -> Result<Self, DatabaseError> {
        Ok(Self {
            state: column::parse(&row.state)?,
            left: row.left(),
            wanted: 0,
            lapses_on: row.lapses_on,
            zone: terms.zone,
            round: terms.state,
            who,
            now,
        })
    }

    fn is_over(&self) -> bool {
        self.now >= civil::end_of_day(self.lapses_on, self.zone)
    }
}

/// Whether a round is in a state in which seats can be held.
pub fn takes_holds(state: RoundState) -> Result<(), Refusal> {
    use RoundState::{Closed, Draft, Open, Published, Running};
    match state {
        Draft | Published | Open | Closed | Running => Ok(()),
        RoundState::Finished | RoundState::Archived | RoundState::Cancelled => {
            Err(Refusal::of(&ROUND_STATE).value("state", column::text(state)))
        }
    }
}

fn is_held(case: &Case) -> Result<(), Refusal> {
    match case.state {
        HoldState::Held => Ok(()),
        state => Err(Refusal::of(&HOLD_STATE).value("state", column::text(state))),
    }
}

fn is_in_time(case: &Case) -> Result<(), Refusal> {
    if case.is_over() {
        Err(Refusal::of(&HOLD_LAPSED).value("date", case.lapses_on))
    } else {
        Ok(())
    }
}

fn day_is_over(case: &Case) -> Result<(), Refusal> {
    if case.is_over() {
        Ok(())
    } else {
        // Nobody asks for this but the sweep, which then does nothing.
        Err(Refusal::of(&HOLD_STATE).value("state", column::text(case.state)))
    }
}

fn has_enough(case: &Case) -> Result<(), Refusal> {
    if case.wanted <= case.left {
        return Ok(());
    }
    Err(Refusal::of(&HOLD_TOO_SMALL)
        .value("wanted", case.wanted)
        .value("left", case.left))
}

fn seats_move(case: &Case) -> Result<(), Refusal> {
    match case.round {
        RoundState::Open | RoundState::Closed | RoundState::Running => Ok(()),
        state => Err(Refusal::of(&ROUND_STATE).value("state", column::text(state))),
    }
}

/// Seats become offers.
pub static CONSUMPTION: Edge<Case> = Edge {
    name: "consumption",
    who: |case| case.who == Who::Akademi,
    conditions: &[is_held, is_in_time, seats_move, has_enough],
};

/// What is left lapses.
pub static LAPSE: Edge<Case> = Edge {
    name: "lapse",
    who: |case| case.who == Who::Akademi,
    conditions: &[is_held, day_is_over],
};

/// Every transition of a hold that a caller can take.
pub static EDGES: [Edge<Case>; 1] = [Edge {
    name: "release",
    who: |case| case.who == Who::Coordinator,
    conditions: &[is_held],
}];

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: HoldState, now: &str) -> Case {
        Case {
            state,
            left: 2,
            wanted: 2,
            lapses_on: "2022-05-20".parse().unwrap(),
            zone: chrono_tz::Europe::Stockholm,
            round: RoundState::Open,
            who: Who::Coordinator,
            now: now.parse().unwrap(),
        }
    }

    fn refusal(edge: &Edge<Case>, case: &Case) -> &'static str {
        edge.judge(case).map_or_else(|no| no.code.name, |()| "")
    }

    #[test]
    fn a_hold_counts_to_the_end_of_its_last_day_and_lapses_after_it() {
        let last = case(HoldState::Held, "2022-05-20T21:59:59Z");
        assert_eq!(refusal(&CONSUMPTION, &last), "");
        assert_eq!(refusal(&LAPSE, &last), "hold_state_forbids");
        let after = case(HoldState::Held, "2022-05-20T22:00:00Z");
        assert_eq!(refusal(&CONSUMPTION, &after), "hold_lapsed");
        assert_eq!(refusal(&LAPSE, &after), "");
    }

    #[test]
    fn what_has_ended_does_not_come_back() {
        for state in [HoldState::Consumed, HoldState::Released, HoldState::Lapsed] {
            let ended = case(state, "2022-05-21T22:00:00Z");
            for edge in [&CONSUMPTION, &LAPSE, &EDGES[0]] {
                assert_eq!(refusal(edge, &ended), "hold_state_forbids", "{state:?}");
            }
        }
    }

    #[test]
    fn seats_are_asked_of_a_hold_only_while_it_has_them_and_the_round_gives_any() {
        let mut asked = case(HoldState::Held, "2022-05-20T08:00:00Z");
        asked.wanted = 3;
        assert_eq!(refusal(&CONSUMPTION, &asked), "hold_too_small");
        asked.wanted = 1;
        for (round, code) in [
            (RoundState::Published, "round_state_forbids"),
            (RoundState::Cancelled, "round_state_forbids"),
            (RoundState::Closed, ""),
            (RoundState::Running, ""),
        ] {
            asked.round = round;
            assert_eq!(refusal(&CONSUMPTION, &asked), code, "{round:?}");
        }
    }

    #[test]
    fn only_a_coordinator_releases_and_nobody_consumes_by_hand() {
        let readers = case(HoldState::Held, "2022-05-20T08:00:00Z");
        for (who, release, consumption) in [
            (Who::Coordinator, true, false),
            (Who::Akademi, false, true),
            (Who::Reader, false, false),
        ] {
            let case = Case { who, ..readers };
            assert_eq!((EDGES[0].who)(&case), release, "{who:?}");
            assert_eq!((CONSUMPTION.who)(&case), consumption, "{who:?}");
            assert_eq!((LAPSE.who)(&case), consumption, "{who:?}");
        }
    }
}
