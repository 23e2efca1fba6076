//! The gate's properties, and what a reader who knows the gate itself can find out.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// All ways in which `people` can be in `slots` slots.
fn ways(people: u32, slots: usize) -> Vec<Vec<u32>> {
    if slots == 1 {
        return vec![vec![people]];
    }
    let rest = |own: u32| {
        ways(people - own, slots - 1)
            .into_iter()
            .map(move |mut way| {
                way.insert(0, own);
                way
            })
    };
    (0..=people).flat_map(rest).collect()
}

fn shown(cells: &[Cell], counts: &[u32]) -> Vec<(Cell, u32)> {
    cells
        .iter()
        .map(|cell| (cell.clone(), count(counts, cell)))
        .collect()
}

#[test]
fn who_knows_the_gate_cannot_count_back_from_a_total() {
    for order in [Order::Scale] {
        let mut by_table: BTreeMap<Vec<(Cell, u32)>, Vec<Vec<u32>>> = BTreeMap::new();
        for people in 6..=14 {
            for answers in ways(people, 4) {
                let counts = [vec![0], answers].concat();
                if let Some(cells) = cells(order, &counts, 3) {
                    by_table
                        .entry(shown(&cells, &counts))
                        .or_default()
                        .push(counts);
                }
            }
        }
        for (table, counts) in by_table {
            for (cell, all) in &table {
                assert!(*all >= 3);
                for slot in cell.iter().filter(|_| cell.len() > 1) {
                    let first = counts[0][*slot];
                    assert!(
                        counts.iter().any(|other| other[*slot] != first),
                        "{table:?} tells {slot}"
                    );
                }
            }
        }
    }
}

#[test]
fn where_all_answer_alike_nothing_is_told_apart() {
    assert_eq!(cells(Order::Scale, &[0, 0, 0, 0, 0, 24], K), None);
    assert_eq!(cells(Order::Scale, &[0, 0, 0, 0, 3, 21], K), None);
    assert_eq!(cells(Order::Names, &[0, 20, 2, 2], K), None);
    assert_eq!(
        cells(Order::Scale, &[0, 0, 1, 4, 11, 8], K),
        Some(vec![vec![1, 2, 3], vec![4], vec![5]])
    );
    assert_eq!(
        cells(Order::Names, &[0, 9, 2, 8, 3], K),
        Some(vec![vec![1], vec![3], vec![2, 4]])
    );
    assert_eq!(
        cells(Order::Scale, &[2, 3, 0, 9, 0, 0], K),
        Some(vec![vec![0, 1], vec![2, 3, 4, 5]])
    );
}

#[test]
fn a_mean_lies_within_its_bounds_and_is_exact_where_all_is_shown() {
    assert_eq!(mean(&[(vec![1], 5), (vec![2], 5)], 1), Some((150, 150)));
    assert_eq!(
        mean(&[(vec![1, 2, 3], 5), (vec![4], 11), (vec![5], 8)], 1),
        Some((370, 413))
    );
    // The five may be fewer who answered 1, or none at all.
    assert_eq!(mean(&[(vec![0, 1], 5), (vec![5], 5)], 1), Some((300, 500)));
    assert_eq!(mean(&[(vec![0], 9)], 1), None);
}

proptest! {
    #[test]
    fn every_cell_and_band_has_people_enough(
        blocks in prop::collection::vec(prop::collection::vec(0_u32..20, 6), 1..6),
        is_scale: bool,
    ) {
        let order = if is_scale { Order::Scale } else { Order::Names };
        let total: Vec<u32> = (0..6).map(|slot| blocks.iter().map(|block| block[slot]).sum()).collect();
        let Some(cells) = cells(order, &total, K) else { return Ok(()) };
        prop_assert!(cells.len() > 1);
        let mut all = cells.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (usize::from(total[0] == 0)..6).collect::<Vec<_>>());
        for cell in &cells {
            prop_assert!(count(&total, cell) >= K);
            prop_assert!(order == Order::Names || cell.windows(2).all(|two| two[1] == two[0] + 1));
        }
        if let Some(bands) = bands(order, &cells, &blocks, K) {
            for band in &bands {
                prop_assert!(blocks.iter().all(|block| count(block, band) >= K));
                prop_assert!(cells.iter().all(|cell| cell.iter().all(|slot| band.contains(slot))
                    || cell.iter().all(|slot| !band.contains(slot))));
            }
        }
        let values: Vec<(u32, u32)> = (1..6).zip(total[1..].iter().copied()).collect();
        let answered: u32 = values.iter().map(|one| one.1).sum();
        let sum: u32 = values.iter().map(|one| one.0 * one.1).sum();
        if let Some((low, high)) = mean(&shown(&cells, &total), 1).filter(|_| is_scale && answered > 0) {
            let hundredths = f64::from(100 * sum) / f64::from(answered);
            prop_assert!(f64::from(low) <= hundredths && hundredths <= f64::from(high));
        }
    }
}
