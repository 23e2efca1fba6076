//! Examples of the rules as sentences; the properties stand beside, against a brute-force oracle.

mod oracle;
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use shared_types::{ApplicationId, Gender, OrganisationId};
use uuid::Uuid;

use super::*;
use Gender::{Man, Undisclosed, Woman};

fn application(number: u128) -> ApplicationId {
    ApplicationId::from(Uuid::from_u128(number))
}

fn municipality(number: u128) -> OrganisationId {
    OrganisationId::from(Uuid::from_u128(0xaa00 + number))
}

fn day(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(day)
}

fn candidate(id: u128, of: u128, gender: Gender, rank: u32, submitted_day: i64) -> Candidate {
    Candidate {
        id: application(id),
        municipality: municipality(of),
        gender,
        rank: (rank > 0).then_some(rank),
        submitted_at: day(submitted_day),
    }
}

fn taken(of: u128, gender: Gender) -> Taken {
    Taken {
        municipality: municipality(of),
        gender,
    }
}

fn rules(seats: u32) -> Rules {
    Rules {
        seats,
        floor: 0,
        ceiling: None,
        floors: BTreeMap::new(),
        ceilings: BTreeMap::new(),
        balance: Balance::Off,
    }
}

fn half_women(tolerance_permille: u32) -> Balance {
    Balance::Target {
        women_permille: 500,
        tolerance_permille,
    }
}

fn admitted(proposal: &Proposal) -> Vec<ApplicationId> {
    let admitted = proposal
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::Admit);
    admitted.map(|row| row.id).collect()
}

fn queued(proposal: &Proposal) -> Vec<(u32, ApplicationId)> {
    let place = |row: &Row| match row.verdict {
        Verdict::Admit => None,
        Verdict::Queue { position } => Some((position, row.id)),
    };
    proposal.rows.iter().filter_map(place).collect()
}

fn reasons(proposal: &Proposal, id: u128) -> Vec<Reason> {
    let row = proposal.rows.iter().find(|row| row.id == application(id));
    row.map(|row| row.reasons.clone()).unwrap_or_default()
}

fn ids<const N: usize>(numbers: [u128; N]) -> Vec<ApplicationId> {
    numbers.map(application).to_vec()
}

#[test]
fn a_better_rank_beats_an_earlier_submission() {
    let candidates = [candidate(1, 1, Man, 2, 0), candidate(2, 1, Woman, 1, 9)];
    let proposal = propose(&rules(1), &[], &candidates);
    assert_eq!(admitted(&proposal), ids([2]));
    assert_eq!(reasons(&proposal, 2), [Reason::Rank { rank: 1 }]);
    let expected = [Reason::NoSeatLeft { seats: 1 }, Reason::Rank { rank: 2 }];
    assert_eq!(reasons(&proposal, 1), expected);
}

#[test]
fn among_equals_the_earlier_submission_gets_the_seat_then_the_smaller_id() {
    let candidates = [
        candidate(3, 1, Man, 0, 5),
        candidate(2, 2, Man, 0, 5),
        candidate(1, 3, Man, 0, 6),
        candidate(4, 1, Man, 0, 4),
    ];
    let proposal = propose(&rules(2), &[], &candidates);
    assert_eq!(admitted(&proposal), ids([4, 2]));
    assert_eq!(
        queued(&proposal),
        [(1, application(3)), (2, application(1))]
    );
    let early = Reason::EarlierSubmission {
        submitted_at: day(4),
    };
    assert_eq!(reasons(&proposal, 4), [Reason::Unranked, early]);
    let seats = Reason::NoSeatLeft { seats: 2 };
    let late = Reason::LaterSubmission {
        submitted_at: day(5),
    };
    assert_eq!(
        reasons(&proposal, 3),
        [seats, Reason::Unranked, late, Reason::OrderOfIds]
    );
}

#[test]
fn with_seats_for_all_nobody_waits() {
    let candidates = [candidate(1, 1, Man, 1, 0), candidate(2, 1, Man, 0, 0)];
    let proposal = propose(&rules(3), &[], &candidates);
    assert_eq!(admitted(&proposal), ids([1, 2]));
    assert_eq!(
        reasons(&proposal, 2),
        [Reason::SeatsForAll, Reason::Unranked]
    );
}

#[test]
fn a_floor_lifts_a_municipality_that_ranks_would_leave_out() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 1, Man, 1, 1),
        candidate(3, 2, Man, 3, 2),
    ];
    let floor = Rules {
        floor: 1,
        ..rules(2)
    };
    let proposal = propose(&floor, &[], &candidates);
    assert_eq!(admitted(&proposal), ids([1, 3]));
    let expected = [
        Reason::FloorOfMunicipality { floor: 1 },
        Reason::Rank { rank: 3 },
    ];
    assert_eq!(reasons(&proposal, 3), expected);
    assert!(reasons(&proposal, 2).contains(&Reason::DisplacedForFloor));
}

#[test]
fn a_taken_seat_counts_towards_the_floor() {
    let candidates = [candidate(1, 1, Man, 1, 0), candidate(2, 2, Man, 3, 2)];
    let floor = Rules {
        floor: 1,
        ..rules(1)
    };
    let proposal = propose(&floor, &[taken(2, Woman)], &candidates);
    assert_eq!(admitted(&proposal), ids([1]));
    assert_eq!(proposal.missing_floors, []);
}

#[test]
fn a_floor_out_of_reach_is_explained_with_every_cause() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 2, Man, 1, 2),
        candidate(4, 3, Man, 1, 3),
    ];
    let floors = Rules {
        floor: 2,
        floors: BTreeMap::from([(municipality(3), 1), (municipality(9), 1)]),
        ceilings: BTreeMap::from([(municipality(2), 1)]),
        ..rules(2)
    };
    let proposal = propose(&floors, &[], &candidates);
    let causes: Vec<_> = proposal
        .missing_floors
        .into_iter()
        .map(|missing| (missing.municipality, missing.admitted, missing.causes))
        .collect();
    let expected = [
        (municipality(1), 1, vec![FloorCause::TooFewCandidates]),
        (municipality(2), 1, vec![FloorCause::CeilingBelowFloor]),
        (municipality(3), 0, vec![FloorCause::TooFewSeats]),
        (municipality(9), 0, vec![FloorCause::TooFewCandidates]),
    ];
    assert_eq!(causes, expected);
}

#[test]
fn a_seat_stays_free_rather_than_exceed_a_ceiling() {
    let candidates = [candidate(1, 1, Man, 1, 0), candidate(2, 1, Man, 2, 1)];
    let ceiling = Rules {
        ceiling: Some(2),
        ..rules(5)
    };
    let proposal = propose(&ceiling, &[taken(1, Man)], &candidates);
    assert_eq!(admitted(&proposal), ids([1]));
    let expected = [
        Reason::CeilingReached { ceiling: 2 },
        Reason::Rank { rank: 2 },
    ];
    assert_eq!(reasons(&proposal, 2), expected);
}

#[test]
fn a_tie_break_decides_between_equals_only() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 3, Woman, 1, 2),
        candidate(4, 4, Woman, 2, 0),
    ];
    let tie_break = Rules {
        balance: Balance::TieBreak,
        ..rules(2)
    };
    let proposal = propose(&tie_break, &[taken(5, Man)], &candidates);
    assert_eq!(admitted(&proposal), ids([1, 3]));
    let decided = Reason::BalanceTieBreak {
        needed: Side::Women,
        rank: Some(1),
    };
    assert_eq!(reasons(&proposal, 3), [decided, Reason::Rank { rank: 1 }]);
    assert!(reasons(&proposal, 2).contains(&decided));
    assert_eq!(
        proposal.before,
        BalanceCount {
            women: 2,
            men: 3,
            unstated: 0
        }
    );
    assert_eq!(
        proposal.after,
        BalanceCount {
            women: 1,
            men: 2,
            unstated: 0
        }
    );
    // More women would be nearer to balance, but the only one left has a lower rank.
    assert!(!reasons(&proposal, 4).contains(&decided));
}

#[test]
fn a_target_comes_before_ranks() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 3, Woman, 7, 2),
        candidate(4, 3, Woman, 8, 2),
    ];
    let target = Rules {
        balance: half_women(0),
        ..rules(2)
    };
    let proposal = propose(&target, &[], &candidates);
    assert_eq!(admitted(&proposal), ids([1, 3]));
    let decided = Reason::BalanceTarget {
        needed: Side::Women,
        women_permille: 500,
        tolerance_permille: 0,
    };
    assert!(reasons(&proposal, 3).contains(&decided));
    assert!(reasons(&proposal, 2).contains(&decided));
}

#[test]
fn within_the_tolerance_ranks_alone_count() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 3, Woman, 2, 2),
    ];
    let taken = [taken(4, Woman), taken(4, Woman), taken(4, Man)];
    let target = |tolerance| Rules {
        balance: half_women(tolerance),
        ..rules(2)
    };
    assert_eq!(
        admitted(&propose(&target(100), &taken, &candidates)),
        ids([1, 2])
    );
}

#[test]
fn of_two_swaps_for_balance_the_one_that_costs_the_smaller_ranks_is_taken() {
    // Ceilings of one bind each pair of ranks: 1 for 3 in one municipality, 2 for 4 in the other.
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 1, Woman, 3, 0),
        candidate(3, 2, Man, 2, 0),
        candidate(4, 2, Woman, 4, 0),
    ];
    let target = Rules {
        ceiling: Some(1),
        balance: half_women(0),
        ..rules(2)
    };
    assert_eq!(admitted(&propose(&target, &[], &candidates)), ids([1, 4]));
}

#[test]
fn whoever_states_no_gender_counts_for_the_side_that_needs_it() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Undisclosed, 1, 1),
        candidate(3, 3, Woman, 1, 2),
    ];
    let target = Rules {
        balance: half_women(0),
        ..rules(2)
    };
    assert_eq!(admitted(&propose(&target, &[], &candidates)), ids([1, 2]));
}

#[test]
fn sixty_applications_from_thirteen_municipalities_share_24_seats() {
    let genders = [Woman, Man, Man, Undisclosed, Man, Woman, Man]
        .into_iter()
        .cycle();
    let candidates: Vec<_> = (0_u32..60)
        .zip(genders)
        .map(|(n, gender)| {
            candidate(
                n.into(),
                (n % 13).into(),
                gender,
                n / 13 + 1,
                i64::from(n * 17 % 30),
            )
        })
        .collect();
    let cks = Rules {
        floor: 1,
        ceiling: Some(3),
        balance: half_women(100),
        ..rules(24)
    };
    let proposal = propose(&cks, &[], &candidates);
    assert_eq!(admitted(&proposal).len(), 24);
    assert_eq!(proposal.rows.len(), 60);
    assert_eq!(check(&cks, &[], &candidates, &admitted(&proposal)), []);
    assert_eq!(cks.balance.distance(proposal.after), 0);
}

#[test]
fn a_thousand_applications_for_200_seats_keep_every_rule() {
    let candidates: Vec<_> = (0_u32..1000)
        .map(|n| {
            let gender = if n % 9 == 0 { Woman } else { Man };
            let scattered = n.wrapping_mul(2_654_435_761) >> 8;
            let rank = (scattered / 100) % 12;
            let day = i64::from(scattered % 40);
            candidate(n.into(), (scattered % 100).into(), gender, rank, day)
        })
        .collect();
    for balance in [Balance::Off, Balance::TieBreak, half_women(50)] {
        let large = Rules {
            floor: 1,
            ceiling: Some(4),
            balance,
            ..rules(200)
        };
        let proposal = propose(&large, &[taken(3, Man)], &candidates);
        assert_eq!(proposal.rows.len(), 1000);
        assert_eq!(admitted(&proposal).len(), 200);
        assert_eq!(
            check(&large, &[taken(3, Man)], &candidates, &admitted(&proposal)),
            []
        );
    }
}

#[test]
fn an_application_listed_twice_gets_one_row() {
    let twice = [candidate(1, 1, Man, 2, 0), candidate(1, 1, Man, 1, 0)];
    let proposal = propose(&rules(2), &[], &twice);
    assert_eq!(admitted(&proposal), ids([1]));
    let [first, second] = twice;
    assert_eq!(proposal, propose(&rules(2), &[], &[second, first]));
}

#[test]
fn the_hash_of_given_inputs_stays_the_same_and_every_input_changes_it() {
    let candidates = [candidate(1, 1, Man, 1, 0), candidate(2, 2, Woman, 0, 1)];
    let hash = |rules: &Rules, taken: &[Taken], candidates: &[Candidate]| {
        propose(rules, taken, candidates).inputs_hash
    };
    let seats = rules(1);
    let first = hash(&seats, &[], &candidates);
    let start = first.first_chunk().copied().map(u64::from_be_bytes);
    assert_eq!(start, Some(0x6dbe_bc93_faea_0465));

    let changed_rules = [
        Rules {
            seats: 2,
            ..seats.clone()
        },
        Rules {
            floor: 1,
            ..seats.clone()
        },
        Rules {
            ceiling: Some(0),
            ..seats.clone()
        },
        Rules {
            floors: BTreeMap::from([(municipality(1), 0)]),
            ..seats.clone()
        },
        Rules {
            ceilings: BTreeMap::from([(municipality(1), 0)]),
            ..seats.clone()
        },
        Rules {
            balance: Balance::TieBreak,
            ..seats.clone()
        },
        Rules {
            balance: half_women(0),
            ..seats.clone()
        },
        Rules {
            balance: half_women(1),
            ..seats.clone()
        },
    ];
    let [one, two] = candidates;
    let changed_candidates = [
        Candidate {
            id: application(3),
            ..two
        },
        Candidate {
            municipality: municipality(1),
            ..two
        },
        Candidate {
            gender: Undisclosed,
            ..two
        },
        Candidate {
            rank: Some(0),
            ..two
        },
        Candidate {
            submitted_at: two.submitted_at + chrono::TimeDelta::nanoseconds(1),
            ..two
        },
    ];
    let hashes: Vec<_> = [first, hash(&seats, &[taken(1, Man)], &candidates)]
        .into_iter()
        .chain(
            changed_rules
                .iter()
                .map(|rules| hash(rules, &[], &candidates)),
        )
        .chain(
            changed_candidates
                .iter()
                .map(|&changed| hash(&seats, &[], &[one, changed])),
        )
        .collect();
    let distinct: BTreeSet<_> = hashes.iter().collect();
    assert_eq!(distinct.len(), hashes.len());
}

#[test]
fn a_free_seat_goes_to_the_first_in_the_queue_below_the_ceiling() {
    let queue = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 3, Man, 1, 2),
    ];
    let ceiling = Rules {
        ceiling: Some(1),
        ..rules(1)
    };
    let movement = move_queue(&ceiling, &[taken(1, Man)], &queue);
    assert_eq!(movement.offers, ids([2]));
    let expected = [(application(1), Reason::CeilingReached { ceiling: 1 })];
    assert_eq!(movement.passed_over, expected);
}

#[test]
fn a_seat_that_nobody_in_the_queue_may_take_stays_free_with_a_reason_for_each() {
    let queue = [candidate(1, 1, Man, 1, 0), candidate(2, 1, Man, 1, 1)];
    let ceiling = Rules {
        ceiling: Some(1),
        ..rules(2)
    };
    let movement = move_queue(&ceiling, &[], &queue);
    assert_eq!(movement.offers, ids([1]));
    let expected = [(application(2), Reason::CeilingReached { ceiling: 1 })];
    assert_eq!(movement.passed_over, expected);
}

#[test]
fn a_tie_break_in_the_queue_passes_nobody_of_another_rank() {
    let queue = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Woman, 2, 0),
        candidate(3, 3, Woman, 1, 9),
    ];
    let tie_break = Rules {
        balance: Balance::TieBreak,
        ..rules(1)
    };
    let movement = move_queue(&tie_break, &[taken(5, Man)], &queue);
    assert_eq!(
        movement,
        Movement {
            offers: ids([1]),
            passed_over: vec![]
        }
    );

    let [man, lower, equal] = queue;
    let movement = move_queue(&tie_break, &[taken(5, Man)], &[man, equal, lower]);
    assert_eq!(movement.offers, ids([3]));
    let reason = Reason::BalanceTieBreak {
        needed: Side::Women,
        rank: Some(1),
    };
    assert_eq!(movement.passed_over, [(application(1), reason)]);
}

#[test]
fn a_target_in_the_queue_passes_over_only_while_it_brings_the_end_nearer() {
    let queue = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 2, Man, 1, 1),
        candidate(3, 3, Woman, 5, 2),
    ];
    let target = Rules {
        balance: half_women(0),
        ..rules(1)
    };
    let offers = |taken: &[Taken]| move_queue(&target, taken, &queue).offers;
    assert_eq!(offers(&[taken(5, Man)]), ids([3]));
    assert_eq!(offers(&[taken(5, Woman)]), ids([1]));
    // Two seats: the woman first, then the man who was passed over for her, who lost nothing.
    let two = Rules { seats: 2, ..target };
    let movement = move_queue(&two, &[taken(5, Man)], &queue);
    assert_eq!(movement.offers, ids([3, 1]));
    assert_eq!(
        movement
            .passed_over
            .iter()
            .map(|&(id, _)| id)
            .collect::<Vec<_>>(),
        ids([2])
    );
}

#[test]
fn an_application_listed_twice_in_the_queue_gets_one_offer() {
    let twice = [candidate(1, 1, Man, 1, 0), candidate(1, 1, Man, 1, 0)];
    let movement = move_queue(&rules(2), &[], &twice);
    assert_eq!(movement.offers, ids([1]));
    assert_eq!(movement.passed_over, []);
}

#[test]
fn a_selection_changed_by_hand_is_told_everything_that_is_wrong() {
    let candidates = [
        candidate(1, 1, Man, 1, 0),
        candidate(2, 1, Man, 1, 1),
        candidate(3, 2, Man, 1, 2),
    ];
    let limits = Rules {
        floor: 1,
        ceiling: Some(1),
        ..rules(2)
    };
    let violations = check(&limits, &[], &candidates, &ids([2, 1, 8, 1]));
    let expected = [
        Violation::TooManyAdmitted {
            seats: 2,
            admitted: 3,
        },
        Violation::RepeatedCandidate { id: application(1) },
        Violation::UnknownCandidate { id: application(8) },
        Violation::CeilingExceeded {
            municipality: municipality(1),
            ceiling: 1,
            seats: 2,
        },
        Violation::FloorMissed {
            municipality: municipality(2),
            floor: 1,
            seats: 0,
        },
    ];
    assert_eq!(violations, expected);
}
