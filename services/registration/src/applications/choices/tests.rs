//! Choices played through: rounds of one programme are announced in any order, offers are
//! answered in any way, and the rules of seats and choices hold after every step.

use super::*;
use crate::admissions::propose::{Balance, Candidate, Rules, move_queue};
use proptest::prelude::*;
use shared_types::{ApplicationId, Gender, OrganisationId};
use std::collections::BTreeMap;

/// Where an application stands in the play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Pending,
    Waiting,
    Offered,
    Accepted,
    Ended,
}

#[derive(Clone, Debug)]
struct Application {
    id: ApplicationId,
    person: usize,
    round: usize,
    choice: i32,
    state: State,
}

#[derive(Clone, Debug)]
struct Play {
    seats: Vec<u32>,
    announced: Vec<bool>,
    applications: Vec<Application>,
}

impl Play {
    fn bar_of(&self, index: usize) -> Option<Bar> {
        let own = &self.applications[index];
        let others = self.applications.iter().enumerate();
        let others = others.filter(|(other, one)| *other != index && one.person == own.person);
        let others = others.filter(|(_, one)| one.state != State::Ended);
        bar(
            own.choice,
            others.map(|(_, one)| Standing {
                choice: one.choice,
                seated: matches!(one.state, State::Offered | State::Accepted),
                undecided: one.state == State::Pending,
            }),
        )
    }

    fn used(&self, round: usize) -> u32 {
        let holds = |one: &&Application| {
            one.round == round && matches!(one.state, State::Offered | State::Accepted)
        };
        u32::try_from(self.applications.iter().filter(holds).count()).unwrap()
    }

    fn open(&self, round: usize) -> Vec<usize> {
        (0..self.applications.len())
            .filter(|&index| {
                let one = &self.applications[index];
                one.round == round && one.state == State::Waiting && self.bar_of(index).is_none()
            })
            .collect()
    }

    /// Gives the free seats of a round, as `queue::advance` does.
    fn advance(&mut self, round: usize) {
        let open = self.open(round);
        let candidates: Vec<_> = open
            .iter()
            .map(|&index| Candidate {
                id: self.applications[index].id,
                municipality: OrganisationId::from(uuid::Uuid::nil()),
                gender: Gender::Undisclosed,
                rank: None,
                submitted_at: chrono::DateTime::default(),
            })
            .collect();
        let rules = Rules {
            seats: self.seats[round] - self.used(round),
            floor: 0,
            ceiling: None,
            floors: BTreeMap::new(),
            ceilings: BTreeMap::new(),
            balance: Balance::Off,
        };
        for offer in move_queue(&rules, &[], &candidates).offers {
            let mut all = self.applications.iter_mut();
            let one = all.find(|one| one.id == offer).unwrap();
            one.state = State::Offered;
        }
    }

    fn advance_all(&mut self) {
        for round in 0..self.seats.len() {
            if self.announced[round] {
                self.advance(round);
            }
        }
    }

    fn announce(&mut self, round: usize) {
        self.announced[round] = true;
        for one in &mut self.applications {
            if one.round == round && one.state == State::Pending {
                one.state = State::Waiting;
            }
        }
        // The others' bars by this round are gone before anybody's seat is given, but its own
        // come first, as in a publication.
        self.advance(round);
        self.advance_all();
    }

    fn answer(&mut self, index: usize, accept: bool) {
        let Application { person, state, .. } = self.applications[index];
        if state != State::Offered {
            return;
        }
        if accept {
            for one in &mut self.applications {
                if one.person == person {
                    // None of these has a seat, or the bar was broken.
                    assert!(one.state != State::Accepted);
                    one.state = State::Ended;
                }
            }
        }
        self.applications[index].state = if accept {
            State::Accepted
        } else {
            State::Ended
        };
        self.advance_all();
    }

    /// What must hold after every step.
    fn check(&self) {
        let seated = |person: usize| {
            let own = self
                .applications
                .iter()
                .filter(move |one| one.person == person);
            own.filter(|one| matches!(one.state, State::Offered | State::Accepted))
        };
        for one in &self.applications {
            assert!(seated(one.person).count() <= 1, "two seats: {self:?}");
        }
        for round in 0..self.seats.len() {
            let (used, seats) = (self.used(round), self.seats[round]);
            assert!(used <= seats, "oversold: {self:?}");
            if self.announced[round] && used < seats {
                assert!(self.open(round).is_empty(), "a seat is lost: {self:?}");
            }
        }
    }
}

fn plays() -> impl Strategy<Value = Play> {
    let person = proptest::sample::subsequence(vec![0_usize, 1, 2], 1..=3).prop_shuffle();
    let people = proptest::collection::vec(person, 1..8);
    (proptest::collection::vec(0_u32..4, 3), people).prop_map(|(seats, people)| {
        let mut applications = Vec::new();
        for (person, rounds) in people.into_iter().enumerate() {
            for (choice, round) in (1..).zip(rounds) {
                let id = u128::try_from(applications.len()).unwrap();
                applications.push(Application {
                    id: uuid::Uuid::from_u128(id).into(),
                    person,
                    round,
                    choice,
                    state: State::Pending,
                });
            }
        }
        Play {
            announced: vec![false; seats.len()],
            seats,
            applications,
        }
    })
}

proptest! {
    #[test]
    fn nobody_has_two_seats_and_no_seat_is_lost(
        mut play in plays(),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
        answers in proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>()), 0..40),
    ) {
        let again = play.clone();
        let run = |play: &mut Play| {
            let mut answers = answers.iter();
            for round in &order {
                play.announce(*round);
                play.check();
                for (index, accept) in answers.by_ref().take(8) {
                    play.answer(index.index(play.applications.len()), *accept);
                    play.check();
                }
            }
            for (index, accept) in answers {
                play.answer(index.index(play.applications.len()), *accept);
                play.check();
            }
        };
        run(&mut play);
        let mut again = again;
        run(&mut again);
        let states = |play: &Play| play.applications.iter().map(|one| one.state).collect::<Vec<_>>();
        prop_assert_eq!(states(&play), states(&again), "the same play ends the same way");
    }
}

#[test]
fn a_seat_bars_every_other_choice_and_an_undecided_higher_choice_the_lower_ones_only() {
    let standing = |choice, seated, undecided| Standing {
        choice,
        seated,
        undecided,
    };
    assert_eq!(bar(1, []), None);
    assert_eq!(bar(2, [standing(1, false, true)]), Some(Bar::HigherChoice));
    assert_eq!(bar(1, [standing(2, false, true)]), None);
    assert_eq!(bar(2, [standing(1, false, false)]), None);
    assert_eq!(bar(1, [standing(2, true, false)]), Some(Bar::Seat));
    let both = [standing(1, false, true), standing(3, true, false)];
    assert_eq!(bar(2, both), Some(Bar::Seat));
}
