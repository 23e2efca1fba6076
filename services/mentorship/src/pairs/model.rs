//! What may happen to a pair, and who may do it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use shared_database::column;
use shared_types::{
    Refusal, civil,
    mentorship::{
        codes::{PAIR_ANSWER_LATE, PAIR_ANSWERED, PAIR_STATE},
        pairs::{PairAnswer, PairState},
    },
    transition::Edge,
};

/// Who acts on a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The mentor.
    Mentor,
    /// The mentee.
    Mentee,
    /// A coordinator of the organiser.
    Coordinator,
    /// Akademi itself: the end of a day, the beginning of the round.
    Akademi,
}

impl Who {
    /// Whether it is one of the two.
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Mentor | Self::Mentee)
    }
}

/// What the edges of a pair look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: PairState,
    /// The mentor's answer.
    pub mentor_answer: PairAnswer,
    /// The mentee's answer.
    pub mentee_answer: PairAnswer,
    /// Last day for answers.
    pub answer_by: NaiveDate,
    /// Zone of the day.
    pub zone: Tz,
    /// Whether the round has begun.
    pub round_has_begun: bool,
    /// Whether a hard rule no longer holds.
    pub is_flagged: bool,
    /// Who acts.
    pub who: Who,
    /// The time at which it is judged.
    pub now: DateTime<Utc>,
}

impl Case {
    fn is_over(&self) -> bool {
        self.now >= civil::end_of_day(self.answer_by, self.zone)
    }

    fn forbidden(&self) -> Refusal {
        Refusal::of(&PAIR_STATE).value("state", column::text(self.state))
    }

    fn is(&self, state: PairState) -> Result<(), Refusal> {
        if self.state == state {
            Ok(())
        } else {
            Err(self.forbidden())
        }
    }
}

fn is_proposed(case: &Case) -> Result<(), Refusal> {
    case.is(PairState::Proposed)
}

fn is_accepted(case: &Case) -> Result<(), Refusal> {
    case.is(PairState::Accepted)
}

fn is_active(case: &Case) -> Result<(), Refusal> {
    case.is(PairState::Active)
}

fn is_paused(case: &Case) -> Result<(), Refusal> {
    case.is(PairState::Paused)
}

fn not_answered(case: &Case) -> Result<(), Refusal> {
    let own = match case.who {
        Who::Mentor => case.mentor_answer,
        _ => case.mentee_answer,
    };
    match own {
        PairAnswer::Pending => Ok(()),
        PairAnswer::Accepted | PairAnswer::Declined => Err(Refusal::of(&PAIR_ANSWERED)),
    }
}

fn in_time(case: &Case) -> Result<(), Refusal> {
    if case.is_over() {
        Err(Refusal::of(&PAIR_ANSWER_LATE).value("date", case.answer_by))
    } else {
        Ok(())
    }
}

fn day_is_over(case: &Case) -> Result<(), Refusal> {
    if case.is_over() {
        Ok(())
    } else {
        // Nobody asks for this but the sweep, which then does nothing.
        Err(case.forbidden())
    }
}

fn begins_by_itself(case: &Case) -> Result<(), Refusal> {
    if case.round_has_begun && !case.is_flagged {
        Ok(())
    } else {
        Err(case.forbidden())
    }
}

/// The two end what they have begun; a coordinator anything that is not over.
fn can_end(case: &Case) -> Result<(), Refusal> {
    // Who is asked declines instead.
    let is_asked = case.state == PairState::Proposed && case.who.is_member();
    if is_asked || case.state == PairState::Ended {
        return Err(case.forbidden());
    }
    Ok(())
}

fn everybody(case: &Case) -> bool {
    case.who != Who::Akademi
}

/// A proposal runs out.
pub static EXPIRY: Edge<Case> = Edge {
    name: "expiry",
    who: |case| case.who == Who::Akademi,
    conditions: &[is_proposed, day_is_over],
};

/// An accepted pair begins with its round.
pub static BEGINNING: Edge<Case> = Edge {
    name: "beginning",
    who: |case| case.who == Who::Akademi,
    conditions: &[is_accepted, begins_by_itself],
};

/// Every transition of a pair that a caller can take.
pub static EDGES: [Edge<Case>; 5] = [
    Edge {
        name: "answer",
        who: |case| case.who.is_member(),
        conditions: &[is_proposed, not_answered, in_time],
    },
    Edge {
        name: "activation",
        who: |case| case.who == Who::Coordinator,
        conditions: &[is_accepted],
    },
    Edge {
        name: "pause",
        who: everybody,
        conditions: &[is_active],
    },
    Edge {
        name: "resumption",
        who: everybody,
        conditions: &[is_paused],
    },
    Edge {
        name: "ending",
        who: everybody,
        conditions: &[can_end],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [PairState; 5] = [
        PairState::Proposed,
        PairState::Accepted,
        PairState::Active,
        PairState::Paused,
        PairState::Ended,
    ];

    fn case(state: PairState, who: Who) -> Case {
        Case {
            state,
            mentor_answer: PairAnswer::Pending,
            mentee_answer: PairAnswer::Pending,
            answer_by: "2022-06-23".parse().unwrap(),
            zone: chrono_tz::Europe::Stockholm,
            round_has_begun: true,
            is_flagged: false,
            who,
            now: "2022-06-23T21:59:59Z".parse().unwrap(),
        }
    }

    fn refusal(name: &str, case: &Case) -> &'static str {
        let edge = EDGES.iter().find(|edge| edge.name == name).unwrap();
        edge.judge(case).map_or_else(|no| no.code.name, |()| "")
    }

    #[test]
    fn every_edge_leaves_its_own_states_alone() {
        use PairState::{Accepted, Active, Paused, Proposed};
        let open = |name, who| {
            let all = STATES.into_iter();
            let open = all.filter(|state| refusal(name, &case(*state, who)).is_empty());
            open.collect::<Vec<_>>()
        };
        assert_eq!(open("answer", Who::Mentor), [Proposed]);
        assert_eq!(open("activation", Who::Coordinator), [Accepted]);
        assert_eq!(open("pause", Who::Mentee), [Active]);
        assert_eq!(open("resumption", Who::Mentor), [Paused]);
        assert_eq!(open("ending", Who::Mentee), [Accepted, Active, Paused]);
        assert_eq!(
            open("ending", Who::Coordinator),
            [Proposed, Accepted, Active, Paused]
        );
    }

    #[test]
    fn each_side_answers_once_and_until_the_end_of_the_day() {
        let mut asked = case(PairState::Proposed, Who::Mentor);
        assert_eq!(refusal("answer", &asked), "");
        asked.mentor_answer = PairAnswer::Accepted;
        assert_eq!(refusal("answer", &asked), "pair_already_answered");
        asked.who = Who::Mentee;
        assert_eq!(refusal("answer", &asked), "");
        assert!(EXPIRY.judge(&asked).is_err());
        asked.now = "2022-06-23T22:00:00Z".parse().unwrap();
        assert_eq!(refusal("answer", &asked), "pair_answer_late");
        assert!(EXPIRY.judge(&asked).is_ok());
    }

    #[test]
    fn a_pair_begins_by_itself_with_the_round_unless_it_is_flagged() {
        let begins = |round_has_begun, is_flagged| {
            let case = Case {
                round_has_begun,
                is_flagged,
                ..case(PairState::Accepted, Who::Akademi)
            };
            BEGINNING.judge(&case).is_ok()
        };
        assert!(begins(true, false));
        assert!(!begins(false, false) && !begins(true, true));
        assert!(
            BEGINNING
                .judge(&case(PairState::Ended, Who::Akademi))
                .is_err()
        );
    }

    #[test]
    fn only_the_two_answer_and_only_a_coordinator_starts_early() {
        let takes = |name: &str, who| {
            let edge = EDGES.iter().find(|edge| edge.name == name).unwrap();
            (edge.who)(&case(PairState::Proposed, who))
        };
        assert!(takes("answer", Who::Mentor) && takes("answer", Who::Mentee));
        assert!(!takes("answer", Who::Coordinator));
        assert!(takes("activation", Who::Coordinator) && !takes("activation", Who::Mentor));
        for edge in &EDGES {
            assert!(
                !(edge.who)(&case(PairState::Proposed, Who::Akademi)),
                "{}",
                edge.name
            );
        }
    }
}
