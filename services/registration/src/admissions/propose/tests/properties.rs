//! Properties over random rounds: optimal, deterministic, with true reasons, and no seat wasted.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::oracle::{Inputs, Set, distance, genders};
use super::*;

const MUNICIPALITIES: u128 = 4;

fn any_gender() -> impl Strategy<Value = Gender> {
    prop_oneof![3 => Just(Woman), 3 => Just(Man), 1 => Just(Undisclosed), 1 => Just(Gender::Other)]
}

fn any_balance() -> impl Strategy<Value = Balance> {
    let women = prop_oneof![Just(500_u32), Just(400), 0..=1000_u32];
    let tolerance = prop_oneof![Just(0_u32), Just(100), 0..=300_u32];
    let target =
        (women, tolerance).prop_map(|(women_permille, tolerance_permille)| Balance::Target {
            women_permille,
            tolerance_permille,
        });
    prop_oneof![1 => Just(Balance::Off), 2 => Just(Balance::TieBreak), 3 => target]
}

/// Limits of single municipalities; one more of them than candidates come from.
fn overrides(most: u32) -> impl Strategy<Value = BTreeMap<OrganisationId, u32>> {
    btree_map((0..=MUNICIPALITIES).prop_map(municipality), 0..=most, 0..3)
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let floor = prop_oneof![Just(0_u32), 0..=2_u32];
    (
        0..=7_u32,
        floor,
        option::of(0..=4_u32),
        overrides(3),
        overrides(4),
        any_balance(),
    )
        .prop_map(|(seats, floor, ceiling, floors, ceilings, balance)| Rules {
            seats,
            floor,
            ceiling,
            floors,
            ceilings,
            balance,
        })
}

fn any_taken() -> impl Strategy<Value = Taken> {
    (0..=MUNICIPALITIES, any_gender()).prop_map(|(of, gender)| taken(of, gender))
}

fn any_candidates(most: usize) -> impl Strategy<Value = Vec<Candidate>> {
    // Few ranks and days, so that ties are many; a random byte above the number keeps ids apart.
    let person = (
        any::<u8>(),
        0..MUNICIPALITIES,
        any_gender(),
        0..=3_u32,
        0..=3_i64,
    );
    vec(person, 0..=most).prop_map(|people| {
        let people = (0_u128..).zip(people);
        let person = |(number, (random, of, gender, rank, day))| {
            candidate(u128::from(random) * 256 + number, of, gender, rank, day)
        };
        people.map(person).collect()
    })
}

fn inputs(most: usize) -> impl Strategy<Value = Inputs> {
    (any_rules(), vec(any_taken(), 0..5), any_candidates(most)).prop_map(
        |(rules, taken, candidates)| Inputs {
            rules,
            taken,
            candidates,
        },
    )
}

fn shuffled(most: usize) -> impl Strategy<Value = (Inputs, Inputs)> {
    inputs(most).prop_flat_map(|inputs| {
        let taken = Just(inputs.taken.clone()).prop_shuffle();
        let candidates = Just(inputs.candidates.clone()).prop_shuffle();
        (Just(inputs), taken, candidates).prop_map(|(inputs, taken, candidates)| {
            let other = Inputs {
                taken,
                candidates,
                rules: inputs.rules.clone(),
            };
            (inputs, other)
        })
    })
}

fn proposal_of(inputs: &Inputs) -> Proposal {
    propose(&inputs.rules, &inputs.taken, &inputs.candidates)
}

fn admitted_set(proposal: &Proposal) -> Set {
    admitted(proposal).into_iter().collect()
}

/// Every reason that is true of a candidate, from the definitions and the best subsets alone.
struct TrueReasons<'a> {
    inputs: &'a Inputs,
    best: Set,
    without_floors: Set,
    without_balance: Set,
}

impl<'a> TrueReasons<'a> {
    fn new(inputs: &'a Inputs) -> Self {
        let rules = inputs.rules.clone();
        let no_floors = Rules {
            floor: 0,
            floors: BTreeMap::new(),
            ..rules.clone()
        };
        let no_balance = Rules {
            balance: Balance::Off,
            ..rules
        };
        Self {
            best: inputs.best().1,
            without_floors: inputs.with_rules(no_floors).best().1,
            without_balance: inputs.with_rules(no_balance).best().1,
            inputs,
        }
    }

    fn of(&self, person: &Candidate) -> Vec<Reason> {
        let rank = person
            .rank
            .map_or(Reason::Unranked, |rank| Reason::Rank { rank });
        let mut reasons = vec![rank];
        reasons.extend(self.of_balance(person));
        if self.best.contains(&person.id) {
            reasons.extend(self.of_admitted(person));
        } else {
            reasons.extend(self.of_waiting(person));
        }
        reasons.extend(self.of_order(person));
        reasons
    }

    fn of_admitted(&self, person: &Candidate) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.best.len() == self.inputs.candidates.len() {
            reasons.push(Reason::SeatsForAll);
        }
        let floor = self.inputs.rules.floor_of(person.municipality);
        let mut others = self.best.clone();
        others.remove(&person.id);
        let seats = self
            .inputs
            .seats(&others)
            .get(&person.municipality)
            .copied();
        if !self.without_floors.contains(&person.id) && seats.is_some_and(|seats| seats < floor) {
            reasons.push(Reason::FloorOfMunicipality { floor });
        }
        reasons
    }

    fn of_waiting(&self, person: &Candidate) -> Vec<Reason> {
        let rules = &self.inputs.rules;
        let mut reasons = Vec::new();
        let seats = self
            .inputs
            .seats(&self.best)
            .get(&person.municipality)
            .copied();
        let ceiling = rules.ceiling_of(person.municipality);
        let full = ceiling.filter(|&ceiling| seats.is_some_and(|seats| seats >= ceiling));
        reasons.extend(full.map(|ceiling| Reason::CeilingReached { ceiling }));
        if self.best.len() == rules.seats as usize {
            reasons.push(Reason::NoSeatLeft { seats: rules.seats });
        }
        if self.without_floors.contains(&person.id) {
            reasons.push(Reason::DisplacedForFloor);
        }
        reasons
    }

    fn of_balance(&self, person: &Candidate) -> Option<Reason> {
        if self.best.contains(&person.id) == self.without_balance.contains(&person.id) {
            return None;
        }
        let (women, ..) = self.inputs.genders(&self.best);
        let (women_before, ..) = self.inputs.genders(&self.without_balance);
        let needed = if women < women_before {
            Side::Men
        } else {
            Side::Women
        };
        match self.inputs.rules.balance {
            Balance::Off => None,
            Balance::TieBreak => Some(Reason::BalanceTieBreak {
                needed,
                rank: person.rank,
            }),
            Balance::Target {
                women_permille,
                tolerance_permille,
            } => Some(Reason::BalanceTarget {
                needed,
                women_permille,
                tolerance_permille,
            }),
        }
    }

    fn of_order(&self, person: &Candidate) -> Vec<Reason> {
        let is_in = self.best.contains(&person.id);
        let fairness = |set: &Set| self.inputs.score(set).map(|score| score.fairness);
        let equals = self.inputs.candidates.iter().filter(|other| {
            let swapped: Set = &self.best ^ &Set::from([person.id, other.id]);
            self.best.contains(&other.id) != is_in
                && person.rank == other.rank
                && fairness(&swapped) == fairness(&self.best)
        });
        let submitted_at = person.submitted_at;
        let mut reasons = BTreeMap::new();
        for other in equals {
            let reason = match (is_in, submitted_at.cmp(&other.submitted_at)) {
                (true, std::cmp::Ordering::Less) => Reason::EarlierSubmission { submitted_at },
                (false, std::cmp::Ordering::Greater) => Reason::LaterSubmission { submitted_at },
                _ => Reason::OrderOfIds,
            };
            reasons.insert(reason.code(), reason);
        }
        reasons.into_values().collect()
    }
}

fn by_code(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort_by_key(Reason::code);
    reasons
}

/// Whom the queue's rules, read literally, give the next seat.
fn next_by_the_book<'a>(
    rules: &Rules,
    held: &[Taken],
    waiting: &[&'a Candidate],
) -> Option<&'a Candidate> {
    let able: Vec<_> = waiting
        .iter()
        .copied()
        .filter(|person| !is_full(rules, held, person))
        .collect();
    let first = *able.first()?;
    let after = |person: &Candidate| {
        let all: Vec<_> = held
            .iter()
            .map(|seat| seat.gender)
            .chain([person.gender])
            .collect();
        distance(rules.balance, genders(&all))
    };
    let rivals: Vec<_> = match rules.balance {
        Balance::Off => Vec::new(),
        Balance::TieBreak => able
            .into_iter()
            .take_while(|person| person.rank == first.rank)
            .collect(),
        Balance::Target { .. } => able,
    };
    let nearest = rivals
        .into_iter()
        .filter(|rival| after(rival) < after(first));
    // `min_by_key` keeps the first of equals.
    Some(nearest.min_by_key(|rival| after(rival)).unwrap_or(first))
}

fn is_full(rules: &Rules, held: &[Taken], person: &Candidate) -> bool {
    let seats = held
        .iter()
        .filter(|seat| seat.municipality == person.municipality)
        .count();
    rules
        .ceiling_of(person.municipality)
        .is_some_and(|ceiling| seats >= ceiling as usize)
}

proptest! {
    #[test]
    fn the_proposal_is_the_best_of_all_subsets(inputs in inputs(10)) {
        let (best_score, best) = inputs.best();
        let chosen = admitted_set(&proposal_of(&inputs));
        prop_assert_eq!(inputs.score(&chosen), best_score);
        prop_assert_eq!(chosen, best);
    }

    #[test]
    fn every_true_reason_is_given_and_no_other(inputs in inputs(8)) {
        let truth = TrueReasons::new(&inputs);
        let proposal = proposal_of(&inputs);
        for person in &inputs.candidates {
            let row = proposal.rows.iter().find(|row| row.id == person.id);
            let given = row.map(|row| by_code(row.reasons.clone()));
            prop_assert_eq!(given, Some(by_code(truth.of(person))), "{:?}", person);
        }
    }

    #[test]
    fn the_order_of_the_inputs_plays_no_part((inputs, shuffled) in shuffled(30)) {
        prop_assert_eq!(proposal_of(&inputs), proposal_of(&shuffled));
    }

    #[test]
    fn everyone_has_one_row_and_the_queue_is_in_order(inputs in inputs(30)) {
        let proposal = proposal_of(&inputs);
        let rows: Set = proposal.rows.iter().map(|row| row.id).collect();
        let everyone: Set = inputs.candidates.iter().map(|person| person.id).collect();
        prop_assert_eq!(proposal.rows.len(), everyone.len());
        prop_assert_eq!(rows, everyone);

        let chosen = admitted_set(&proposal);
        prop_assert!(proposal.rows.iter().take(chosen.len()).all(|row| row.verdict == Verdict::Admit));
        let mut waiting: Vec<_> =
            inputs.candidates.iter().filter(|person| !chosen.contains(&person.id)).collect();
        waiting.sort_by_key(|person| (person.rank.is_none(), person.rank, person.submitted_at, person.id));
        let expected: Vec<_> = (1..).zip(waiting.iter().map(|person| person.id)).collect();
        prop_assert_eq!(queued(&proposal), expected);
    }

    #[test]
    fn the_balance_shown_is_the_balance_there_is(inputs in inputs(30)) {
        let proposal = proposal_of(&inputs);
        let shown = |count: BalanceCount| {
            (i64::from(count.women), i64::from(count.men), i64::from(count.unstated))
        };
        let everyone = inputs.candidates.iter().map(|person| person.id).collect();
        prop_assert_eq!(shown(proposal.before), inputs.genders(&everyone));
        prop_assert_eq!(shown(proposal.after), inputs.genders(&admitted_set(&proposal)));
    }

    #[test]
    fn a_proposal_violates_nothing_but_the_floors_it_reports(inputs in inputs(30)) {
        let proposal = proposal_of(&inputs);
        let chosen = admitted(&proposal);
        let violations = check(&inputs.rules, &inputs.taken, &inputs.candidates, &chosen);
        let reported: Vec<_> = proposal.missing_floors.iter().map(|missing| Violation::FloorMissed {
            municipality: missing.municipality,
            floor: missing.floor,
            seats: missing.taken + missing.admitted,
        }).collect();
        prop_assert_eq!(violations, reported);
    }

    #[test]
    fn a_missing_floor_has_true_causes_and_at_least_one(inputs in inputs(10)) {
        for missing in proposal_of(&inputs).missing_floors {
            let id = missing.municipality;
            let all = inputs.candidates.iter().filter(|person| person.municipality == id).count();
            prop_assert_eq!(missing.candidates as usize, all);
            prop_assert!(!missing.causes.is_empty());
            let unlimited = inputs.with_rules(Rules { seats: 99, ..inputs.rules.clone() });
            let reachable = unlimited.seats(&unlimited.best().1).get(&id).copied();
            let reachable = reachable.unwrap_or(0).min(missing.floor);
            for (cause, holds) in [
                (FloorCause::TooFewCandidates, missing.taken + missing.candidates < missing.floor),
                (
                    FloorCause::CeilingBelowFloor,
                    inputs.rules.ceiling_of(id).is_some_and(|ceiling| ceiling < missing.floor),
                ),
                (FloorCause::TooFewSeats, missing.taken + missing.admitted < reachable),
            ] {
                prop_assert_eq!(missing.causes.contains(&cause), holds, "{:?} {:?}", cause, missing);
            }
        }
    }

    #[test]
    fn nobody_loses_a_seat_by_stating_no_gender(inputs in inputs(12)) {
        for id in admitted(&proposal_of(&inputs)) {
            let mut other = inputs.clone();
            for person in other.candidates.iter_mut().filter(|person| person.id == id) {
                person.gender = Undisclosed;
            }
            prop_assert!(admitted(&proposal_of(&other)).contains(&id));
        }
    }

    #[test]
    fn the_queue_moves_by_the_book(inputs in inputs(12)) {
        let Inputs { rules, taken, candidates: queue } = &inputs;
        let movement = move_queue(rules, taken, queue);
        let mut held = taken.clone();
        let mut waiting: Vec<_> = queue.iter().collect();
        let mut expected = Vec::new();
        while expected.len() < rules.seats as usize
            && let Some(next) = next_by_the_book(rules, &held, &waiting)
        {
            expected.push(next.id);
            held.push(Taken { municipality: next.municipality, gender: next.gender });
            waiting.retain(|person| person.id != next.id);
        }
        prop_assert_eq!(&movement.offers, &expected);
        // No seat stays free that somebody can take.
        let somebody = waiting.iter().any(|person| !is_full(rules, &held, person));
        prop_assert!(expected.len() == rules.seats as usize || !somebody);
    }

    #[test]
    fn whoever_is_passed_over_in_the_queue_is_told_a_true_reason(inputs in inputs(12)) {
        let Inputs { rules, taken, candidates: queue } = &inputs;
        let movement = move_queue(rules, taken, queue);
        let place = |id| queue.iter().position(|person| person.id == id);
        let last_offer = movement.offers.iter().filter_map(|&id| place(id)).max();
        let seats_left = movement.offers.len() < rules.seats as usize;
        let turn = if seats_left { queue.len() } else { last_offer.unwrap_or(0) };
        let had_a_turn: Vec<_> = queue.iter().take(turn)
            .filter(|person| !movement.offers.contains(&person.id))
            .collect();
        let told: Vec<_> = movement.passed_over.iter().map(|&(id, _)| id).collect();
        prop_assert_eq!(told, had_a_turn.iter().map(|person| person.id).collect::<Vec<_>>());

        let offered = queue.iter().filter(|person| movement.offers.contains(&person.id));
        let held: Vec<_> = taken.iter().copied().chain(offered.clone().map(|person| Taken {
            municipality: person.municipality,
            gender: person.gender,
        })).collect();
        for (person, &(_, reason)) in had_a_turn.into_iter().zip(&movement.passed_over) {
            let behind_of = |needed: Side| {
                let side = if needed == Side::Women { Woman } else { Man };
                offered.clone().any(|other| {
                    place(other.id) > place(person.id) && [side, Undisclosed, Gender::Other].contains(&other.gender)
                })
            };
            let opposite = |needed| person.gender == if needed == Side::Women { Man } else { Woman };
            match reason {
                Reason::CeilingReached { ceiling } => {
                    prop_assert_eq!(rules.ceiling_of(person.municipality), Some(ceiling));
                    prop_assert!(is_full(rules, &held, person));
                }
                Reason::BalanceTieBreak { needed, rank } => {
                    prop_assert_eq!(rules.balance, Balance::TieBreak);
                    prop_assert_eq!(rank, person.rank);
                    prop_assert!(opposite(needed) && behind_of(needed));
                }
                Reason::BalanceTarget { needed, women_permille, tolerance_permille } => {
                    let rule = Balance::Target { women_permille, tolerance_permille };
                    prop_assert_eq!(rules.balance, rule);
                    prop_assert!(opposite(needed) && behind_of(needed));
                }
                other => prop_assert!(false, "{other:?} is no reason to pass over"),
            }
        }
    }

    #[test]
    fn the_outlook_says_next_exactly_where_a_freed_seat_is_given(inputs in inputs(8)) {
        // First everybody who can take a free seat gets it: the queue that is left waits.
        let Inputs { rules, taken, candidates } = inputs;
        let moved = move_queue(&rules, &taken, &candidates);
        let (offered, queue): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|person| moved.offers.contains(&person.id));
        let mut held = taken;
        held.extend(offered.iter().map(|person| Taken {
            municipality: person.municipality,
            gender: person.gender,
        }));
        let free = rules.seats - u32::try_from(offered.len()).unwrap();
        let rules = Rules { seats: free, ..rules };
        let freed = Rules { seats: free + 1, ..rules.clone() };
        for person in &queue {
            let Some(outlook) = outlook(&rules, &held, &queue, person.id) else {
                return Err(TestCaseError::fail("not in the queue"));
            };
            let gets = |held: &[Taken]| move_queue(&freed, held, &queue).offers.contains(&person.id);
            let helping = (0..held.len()).filter(|place| {
                let mut left = held.clone();
                left.remove(*place);
                gets(&left)
            });
            prop_assert_eq!(outlook.helping as usize, helping.count());
            prop_assert_eq!(outlook.next_if_added, gets(&held));
            // So many seats bring this person one, and one fewer does not.
            let with = |seats: u32| {
                let rules = Rules { seats: free + seats, ..rules.clone() };
                move_queue(&rules, &held, &queue).offers.contains(&person.id)
            };
            match outlook.seats_needed {
                Some(seats) => prop_assert!(with(seats) && !with(seats - 1), "{:?}", outlook),
                None => prop_assert!(!with(u32::try_from(queue.len()).unwrap())),
            }
            prop_assert_eq!(outlook.next_if_added, outlook.seats_needed == Some(1));
        }
        prop_assert_eq!(outlook(&rules, &held, &queue, ApplicationId::new()), None);
    }

}
