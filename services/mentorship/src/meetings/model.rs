//! What may happen to a meeting.

use chrono::{DateTime, Utc};
use shared_database::column;
use shared_types::{
    Refusal,
    mentorship::{
        codes::{MEETING_NOT_YET, MEETING_PAST, MEETING_STATE, PAIR_NOT_ACTIVE},
        meetings::PairMeetingState,
        pairs::PairState,
    },
    transition::Edge,
};

/// What the edges of a meeting look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: PairMeetingState,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// State of the pair.
    pub pair: PairState,
    /// Whether the caller is one of the two.
    pub is_member: bool,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Whether a meeting can be planned: an active pair, and a time to come.
pub fn can_plan(
    pair: PairState,
    starts_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if pair != PairState::Active {
        return Err(Refusal::of(&PAIR_NOT_ACTIVE).value("state", column::text(pair)));
    }
    if starts_at <= now {
        return Err(Refusal::of(&MEETING_PAST));
    }
    Ok(())
}

fn is_planned(case: &Case) -> Result<(), Refusal> {
    match case.state {
        PairMeetingState::Planned => Ok(()),
        state => Err(Refusal::of(&MEETING_STATE).value("state", column::text(state))),
    }
}

fn has_begun(case: &Case) -> Result<(), Refusal> {
    if case.now >= case.starts_at {
        Ok(())
    } else {
        Err(Refusal::of(&MEETING_NOT_YET))
    }
}

fn pair_lives(case: &Case) -> Result<(), Refusal> {
    match case.pair {
        PairState::Active | PairState::Paused => Ok(()),
        state => Err(Refusal::of(&PAIR_NOT_ACTIVE).value("state", column::text(state))),
    }
}

/// Every transition of a meeting.
pub static EDGES: [Edge<Case>; 2] = [
    Edge {
        name: "holding",
        who: |case| case.is_member,
        conditions: &[is_planned, pair_lives, has_begun],
    },
    Edge {
        name: "cancellation",
        who: |case| case.is_member,
        conditions: &[is_planned],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn code(result: Result<(), Refusal>) -> &'static str {
        result.map_or_else(|no| no.code.name, |()| "")
    }

    #[test]
    fn meetings_are_planned_by_active_pairs_for_times_to_come() {
        let now = at("2022-09-01T08:00:00Z");
        let later = at("2022-09-01T08:00:01Z");
        assert_eq!(code(can_plan(PairState::Active, later, now)), "");
        assert_eq!(
            code(can_plan(PairState::Active, now, now)),
            "meeting_in_the_past"
        );
        for state in [
            PairState::Proposed,
            PairState::Accepted,
            PairState::Paused,
            PairState::Ended,
        ] {
            assert_eq!(code(can_plan(state, later, now)), "pair_not_active");
        }
    }

    #[test]
    fn what_is_planned_is_held_once_it_has_begun_or_cancelled_and_neither_comes_back() {
        let case = |state, now| Case {
            state,
            starts_at: at("2022-09-01T08:00:00Z"),
            pair: PairState::Active,
            is_member: true,
            now: at(now),
        };
        let judge = |index: usize, case| code(EDGES[index].judge(&case));
        let planned = PairMeetingState::Planned;
        assert_eq!(
            judge(0, case(planned, "2022-09-01T07:59:59Z")),
            "meeting_not_yet_begun"
        );
        assert_eq!(judge(0, case(planned, "2022-09-01T08:00:00Z")), "");
        assert_eq!(judge(1, case(planned, "2022-09-01T07:00:00Z")), "");
        for over in [PairMeetingState::Held, PairMeetingState::Cancelled] {
            for index in [0, 1] {
                let code = judge(index, case(over, "2022-09-02T08:00:00Z"));
                assert_eq!(code, "meeting_state_forbids");
            }
        }
    }
}
