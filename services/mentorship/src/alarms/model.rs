//! What deserves a look.

use chrono::{DateTime, NaiveDate, Utc};
use shared_types::mentorship::{alarms::AlarmKind, pairs::PairState};

/// What is looked at of a pair.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: PairState,
    /// Meetings that were held.
    pub meetings_held: i32,
    /// Whether a hard rule no longer holds.
    pub is_flagged: bool,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// The first instant after the last day for answers.
    pub answers_end: DateTime<Utc>,
    /// The day in the middle of the round.
    pub midpoint: Option<NaiveDate>,
    /// Today, in the round's zone.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Case {
    /// Every alarm that the pair gives.
    pub fn alarms(&self) -> Vec<AlarmKind> {
        let half_time = self.proposed_at + (self.answers_end - self.proposed_at) / 2;
        let is_late = self.midpoint.is_some_and(|day| self.today >= day);
        let all = [
            (
                AlarmKind::PairSilent,
                self.state == PairState::Active && self.meetings_held == 0 && is_late,
            ),
            (
                AlarmKind::ProposalUnanswered,
                self.state == PairState::Proposed && self.now >= half_time,
            ),
            (
                AlarmKind::PairFlagged,
                self.is_flagged && self.state != PairState::Ended,
            ),
        ];
        all.into_iter()
            .filter_map(|(kind, holds)| holds.then_some(kind))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: PairState) -> Case {
        Case {
            state,
            meetings_held: 0,
            is_flagged: false,
            proposed_at: "2022-06-01T00:00:00Z".parse().unwrap(),
            answers_end: "2022-06-11T00:00:00Z".parse().unwrap(),
            midpoint: Some("2022-12-01".parse().unwrap()),
            today: "2022-06-02".parse().unwrap(),
            now: "2022-06-02T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn an_active_pair_is_silent_from_the_midpoint_on_until_it_meets() {
        let mut pair = case(PairState::Active);
        pair.today = "2022-11-30".parse().unwrap();
        assert_eq!(pair.alarms(), []);
        pair.today = "2022-12-01".parse().unwrap();
        assert_eq!(pair.alarms(), [AlarmKind::PairSilent]);
        pair.meetings_held = 1;
        assert_eq!(pair.alarms(), []);
        pair = Case {
            meetings_held: 0,
            state: PairState::Paused,
            ..pair
        };
        assert_eq!(pair.alarms(), []);
    }

    #[test]
    fn a_proposal_is_unanswered_from_half_of_its_time_on() {
        let mut pair = case(PairState::Proposed);
        pair.now = "2022-06-05T23:59:59Z".parse().unwrap();
        assert_eq!(pair.alarms(), []);
        pair.now = "2022-06-06T00:00:00Z".parse().unwrap();
        assert_eq!(pair.alarms(), [AlarmKind::ProposalUnanswered]);
        pair.state = PairState::Accepted;
        assert_eq!(pair.alarms(), []);
    }

    #[test]
    fn a_flag_alarms_in_every_state_but_the_last() {
        for (state, alarms) in [
            (PairState::Accepted, true),
            (PairState::Paused, true),
            (PairState::Ended, false),
        ] {
            let flagged = Case {
                is_flagged: true,
                ..case(state)
            };
            assert_eq!(flagged.alarms().contains(&AlarmKind::PairFlagged), alarms);
        }
    }
}
