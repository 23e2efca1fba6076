//! The proof refuses whatever is not the best, and the units of the objective keep their order.

use super::properties::any_input;
use super::*;
use crate::matching::solve::scale::Scale;
use proptest::prelude::*;
use proptest::sample::Index;

fn scale_of(table: &Table) -> Scale {
    Scale::fitting(table.most_pairs(), 10, 2_800).unwrap()
}

/// Either way round, whichever the run would take.
fn boards<'a>(table: &'a Table<'a>) -> [Board<'a>; 2] {
    [Board::straight(table), Board::turned(table)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn the_best_is_proven_and_nothing_else_is(
        input in any_input().prop_filter("nobody", |input| {
            !input.mentees.is_empty() && input.mentors.iter().any(|one| one.holds_office && one.free() > 0)
        }),
        row in any::<Index>(),
        column in any::<Index>(),
        goes_without in any::<bool>(),
    ) {
        let table = Table::new(&input).unwrap();
        for board in boards(&table) {
            let mut market = Market::new(&board, scale_of(&table));
            let best = assign(&mut market);
            prop_assert!(certify::proves(&market, &best));
            let row = row.index(board.rows());
            let column = (!goes_without).then(|| column.index(board.columns()));
            let mut other = best.clone();
            other.columns[row] = column;
            // Another place of the same mentor may stand in for this one.
            if board.found(&other.columns).mentors != board.found(&best.columns).mentors {
                prop_assert!(!certify::proves(&market, &other));
            }
        }
    }

    #[test]
    fn both_ways_round_find_the_same(input in any_input()) {
        let table = Table::new(&input).unwrap();
        let [straight, turned] = boards(&table).map(|board| {
            let mut market = Market::new(&board, scale_of(&table));
            board.found(&assign(&mut market).columns).mentors
        });
        prop_assert_eq!(straight, turned);
    }

    #[test]
    fn a_price_for_a_free_place_or_below_nothing_proves_nothing(
        input in any_input(),
        column in any::<Index>(),
        below in any::<bool>(),
    ) {
        let table = Table::new(&input).unwrap();
        prop_assume!(!table.mentors.is_empty() && !table.mentees.is_empty());
        for board in boards(&table) {
            let mut market = Market::new(&board, scale_of(&table));
            let mut assignment = assign(&mut market);
            let column = column.index(board.columns());
            let own = assignment.columns.iter().filter(|own| **own == Some(column));
            let is_full = own.count() == board.places(column) as usize;
            if below || !is_full {
                assignment.prices[column] = if below { -1 } else { 1 };
                prop_assert!(!certify::proves(&market, &assignment));
            }
        }
    }

    #[test]
    fn no_sum_of_lower_units_reaches_a_higher_one(
        pairs in 1..5_000_usize,
        locks in 0..5_000_usize,
        most_score in 0..2_800_u32,
    ) {
        let scale = Scale::fitting(pairs, locks, most_score).unwrap();
        let times = |unit: i128, number: usize| unit * i128::try_from(number).unwrap();
        let below_point = times(scale.below_point, pairs);
        let below_lock = times(scale.point * i128::from(most_score), pairs) + below_point;
        let below_pair = times(scale.lock, locks) + below_lock;
        prop_assert!(scale.short_journey > times(scale.below_point - scale.short_journey, pairs));
        prop_assert!(scale.point > below_point);
        prop_assert!(scale.lock > below_lock);
        prop_assert!(scale.pair > below_pair);
    }
}

#[test]
fn a_million_people_fit_and_too_many_are_refused() {
    assert!(Scale::fitting(1_000_000, 0, 2_800).is_some());
    assert!(Scale::fitting(100_000, 100_000, 2_800).is_some());
    assert!(Scale::fitting(usize::MAX, 0, 2_800).is_none());
}
